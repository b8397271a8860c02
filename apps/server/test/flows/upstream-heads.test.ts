import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { closeGracefully } from '../../src/http/drain.ts';
import { ask, head, sendRaw } from './door-probe.ts';
import { cookieLine, gateHost, gateOfThisFile, hostLine, openGate, signedIn } from './upstream-gate.ts';

const { app, gate } = await gateOfThisFile();

describe('the application sees', () => {
  test('who is there, from us alone', async () => {
    const spoofed = [
      ...[
        'X-Auth-Request-User: eve',
        'x-auth-request-groups: admin',
        'X_Auth_Request_User: eve',
        'X.Auth.Request.Email: eve',
      ],
      ...['X-Gatehouse-Assertion: eve', 'x_gatehouse-assertion: eve', 'X-Forwarded-For: 6.6.6.6'],
      ...['X-Forwarded-Host: elsewhere.example', 'X-Forwarded-Proto: gopher', 'X-Forwarded-User: eve'],
      ...['Forwarded: for=6.6.6.6', 'X-Real-IP: 6.6.6.6'],
    ];
    await sendRaw(gate.port, head('GET /reports HTTP/1.1', hostLine, cookieLine, ...spoofed));
    const [seen] = app.seen;
    expect(JSON.stringify(seen)).not.toMatch(/eve|6\.6\.6\.6|elsewhere|gopher/);
    expect(seen?.headers).toMatchObject({
      host: gateHost,
      'x-auth-request-user': 'ada',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': gateHost,
    });
  });

  test('the address that a trusted proxy tells, and nobody else’s', async () => {
    const trusting = await openGate(app.url, { trustedProxies: ['127.0.0.1'] });
    await ask(trusting.port, '/', { headers: { ...signedIn, 'x-forwarded-for': '6.6.6.6, 192.0.2.7' } });
    expect(app.seen[0]?.headers['x-forwarded-for']).toBe('192.0.2.7');
    await closeGracefully(trusting.app, { timeoutMs: 100 });
  });

  test('all cookies but ours, letter by letter', async () => {
    const sent = 'a="b c"; gatehouse=ada;c=d%20;  e ;gatehouse-attempt=x; gatehouse2=f';
    await ask(gate.port, '/', { headers: { ...signedIn, cookie: sent } });
    await ask(gate.port, '/', { headers: signedIn });
    expect(app.seen.map(({ headers }) => headers.cookie)).toEqual([
      'a="b c";c=d%20;  e ; gatehouse2=f',
      undefined,
    ]);
  });

  test('its own tokens, and nothing of the connection to us', async () => {
    const hop = [
      'Connection: close, X-Hop, Content-Length',
      'X-Hop: 1',
      'Keep-Alive: 5',
      'TE: trailers',
      'X-Kept: 1',
    ];
    const more = ['Proxy-Authorization: Basic x', 'Authorization: Bearer its-own', 'Content-Length: 3'];
    await sendRaw(
      gate.port,
      `${['POST /size HTTP/1.1', hostLine, cookieLine, ...hop, ...more].join('\r\n')}\r\n\r\nabc`,
    );
    const [seen] = app.seen;
    expect(seen?.headers).toMatchObject({
      authorization: 'Bearer its-own',
      'x-kept': '1',
      'content-length': '3',
    });
    expect(Object.keys(seen?.headers ?? {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(x-hop|keep-alive|te|proxy-authorization)$/)]),
    );
  });

  test('a body named away by its sender as a body, not as the next request', async () => {
    const inner = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
    const lines = ['GET /reports HTTP/1.1', hostLine, cookieLine, 'Connection: close, content-length'];
    await sendRaw(gate.port, `${[...lines, `Content-Length: ${inner.length}`].join('\r\n')}\r\n\r\n${inner}`);
    await sleep(100);
    expect(app.seen.map(({ url }) => url)).toEqual(['/reports']);
  });
});

describe('the browser sees', () => {
  test('the answer’s own headers and none of ours; cookies of our names are not set by others', async () => {
    const { text } = await sendRaw(gate.port, head('GET /own-headers HTTP/1.1', hostLine, cookieLine));
    expect(text).toContain('HTTP/1.1 200 Fine\r\n');
    for (const line of [
      "Content-Security-Policy: default-src 'self'",
      'Cache-Control: max-age=60',
      'X-Kept: 1',
    ])
      expect(text).toContain(`\r\n${line}\r\n`);
    expect(text.match(/^Set-Cookie: .*$/gm)).toEqual(['Set-Cookie: a=1', 'Set-Cookie: b=2; Path=/']);
    expect(text.toLowerCase()).not.toMatch(
      /no-store|x-frame-options|cross-origin|referrer-policy|x-hop|strict-transport/,
    );
  });

  test('that the name is served by https alone, where it is', async () => {
    const secure = await openGate(app.url, { publicOrigin: new URL('https://gate.example') });
    const answer = await ask(secure.port, '/', {
      headers: { host: 'gate.example', cookie: '__Host-gatehouse=ada' },
    });
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=63072000');
    expect(app.seen[0]?.headers['x-forwarded-proto']).toBe('https');
    await closeGracefully(secure.app, { timeoutMs: 100 });
  });

  test.each([
    ['GET /nothing', 204, ''],
    ['GET /unchanged', 304, ''],
    ['GET /missing', 404, 'its own page'],
    ['HEAD /large', 200, ''],
    ['OPTIONS /nothing', 204, ''],
    ['PROPFIND /missing', 404, 'its own page'],
  ])('%s as it was answered', async (line, status, text) => {
    const [method = '', path = ''] = line.split(' ');
    const answer = await ask(gate.port, path, { method, headers: signedIn });
    expect(answer).toMatchObject({ status, text });
  });

  test('trailers', async () => {
    const { text } = await sendRaw(gate.port, head('GET /trailers HTTP/1.1', hostLine, cookieLine));
    expect(text).toMatch(/4\r\nbody\r\n0\r\nx-sum: 4\r\n\r\n$/);
  });

  test('D-12 a head of 60 kB, either way, and 502 for a larger one of the application', async () => {
    const large = await ask(gate.port, '/large', { headers: { ...signedIn, 'x-large': 'h'.repeat(60_000) } });
    expect(large.headers.get('x-large')).toHaveLength(60_000);
    expect(app.seen[0]?.headers['x-large']).toHaveLength(60_000);
    const larger = await ask(gate.port, '/larger', { headers: signedIn });
    expect(larger.problem().code).toBe('upstream_unavailable');
  });

  test('S-20 a bomb of cookies refused before the application hears of it', async () => {
    const answer = await ask(gate.port, '/', {
      headers: { ...signedIn, cookie: `gatehouse=ada; a=${'c'.repeat(70_000)}` },
    });
    expect(answer.status).toBe(431);
    expect(app.seen).toEqual([]);
  });

  test('that an answer broke off', async () => {
    const { text, isClosed } = await sendRaw(
      gate.port,
      `GET /broken HTTP/1.1\r\n${hostLine}\r\n${cookieLine}\r\n\r\n`,
    );
    expect(text.endsWith('half')).toBe(true);
    expect(isClosed).toBe(true);
  });
});
