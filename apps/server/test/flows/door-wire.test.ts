import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostLine, head, navigation, ask, openProbedDoor, publicHost, sendRaw } from './door-probe.ts';
import type { OpenedDoor } from './door-probe.ts';

let door: OpenedDoor;
beforeAll(async () => {
  door = await openProbedDoor();
});
afterAll(async () => {
  await door.app.close();
});

const withCookie = (bytes: number, ...more: string[]) =>
  head('GET /api/v1/probe HTTP/1.1', hostLine, `Cookie: ${'c'.repeat(bytes)}`, ...more);

describe('the size of a request head (S-20, S-19, D-12)', () => {
  test.each([15_000, 20_000, 65_000])('a Cookie of %i bytes is read', async (bytes) => {
    expect((await sendRaw(door.port, withCookie(bytes))).status).toBe(200);
  });

  test('a Cookie beyond the limit gets a small 431, the connection is closed, and the browser drops its cookies', async () => {
    const answer = await sendRaw(door.port, withCookie(66_000));
    expect(answer).toMatchObject({ status: 431, isClosed: true });
    expect(answer.text.length).toBeLessThan(2_000);
    expect(answer.text).toContain('"code":"headers_too_large"');
    expect(answer.text).toMatch(/"reference":"[2-9A-Z]{8}"/);
    expect(answer.text.toLowerCase()).toContain('clear-site-data: "cookies"');
  });

  test('a person sees a page that says to clear the cookies, and is not sent elsewhere with them', async () => {
    const answer = await sendRaw(door.port, withCookie(66_000, 'Sec-Fetch-Mode: navigate'));
    expect(answer.status).toBe(431);
    expect(answer.text).toContain('Clear the cookies of this site');
    expect(answer.text.toLowerCase()).not.toContain('location:');
  });

  test('a long address cannot make the browser drop its cookies', async () => {
    const cookie = `Cookie: gatehouse=${'c'.repeat(900)}`;
    const answer = await sendRaw(door.port, head(`GET /?${'a'.repeat(65_000)} HTTP/1.1`, hostLine, cookie));
    expect(answer.status).toBe(431);
    expect(answer.text.toLowerCase()).not.toContain('clear-site-data');
  });

  test('a cookie bomb that is never read whole gets a small 431 as well, and one short line in the log', async () => {
    const answer = await sendRaw(door.port, withCookie(700_000));
    expect(answer).toMatchObject({ status: 431, isClosed: true });
    expect(answer.text).toContain('Content-Type: application/problem+json');
    expect(answer.text).toContain('Connection: close');
    expect(answer.text).toContain('Clear the cookies of this site');
    expect(answer.text.toLowerCase()).not.toContain('clear-site-data');
    const lines = door.logLines().filter((line) => line['finding'] === 'HPE_HEADER_OVERFLOW');
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines).length).toBeLessThan(500);
  });

  test('the limit is the configured one: at 16 kB a head of 15 kB is read and one of 17 kB is not', async () => {
    const small = await openProbedDoor({ buffers: { readBytes: 16_384, writeBytes: 16_384 } });
    expect((await sendRaw(small.port, withCookie(15_000))).status).toBe(200);
    expect((await sendRaw(small.port, withCookie(17_000))).status).toBe(431);
    await small.app.close();
  });
});

describe('requests that two readers could read in two ways (H-08)', () => {
  const smuggled: [string, string][] = [
    [
      'a length and chunks',
      `POST /api/v1/bare HTTP/1.1\r\n${hostLine}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'two lengths',
      `POST /api/v1/bare HTTP/1.1\r\n${hostLine}\r\nContent-Length: 0\r\nContent-Length: 4\r\n\r\nabcd`,
    ],
    ['a folded header', `GET /api/v1/probe HTTP/1.1\r\n${hostLine}\r\nX-A: one\r\n two\r\n\r\n`],
    ['a bare line feed', `GET /api/v1/probe HTTP/1.1\n${hostLine}\n\n`],
    ['a bare line feed after a header', `GET /api/v1/probe HTTP/1.1\r\n${hostLine}\nX-A: one\r\n\r\n`],
    ['a space before the colon', `GET /api/v1/probe HTTP/1.1\r\n${hostLine}\r\nX-A : one\r\n\r\n`],
    ['no Host', 'GET /api/v1/probe HTTP/1.1\r\n\r\n'],
    ['not HTTP at all', '\u0016\u0003\u0001 hello\r\n\r\n'],
  ];
  test.each(smuggled)('%s: 400, and the connection is closed', async (_what, bytes) => {
    const answer = await sendRaw(door.port, bytes);
    expect(answer).toMatchObject({ status: 400, isClosed: true });
    expect(answer.text.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  test('an unreadable second request is not answered in the place of the first', async () => {
    const slow = `GET /api/v1/slow HTTP/1.1\r\n${hostLine}\r\n\r\n`;
    const answer = await sendRaw(door.port, [slow, 'GARBAGE\r\n\r\n']);
    expect(answer.text).not.toContain('request_invalid');
    expect(answer.isClosed).toBe(true);
  });
});

describe('the name that is asked for (H-04)', () => {
  test.each([publicHost, `${publicHost}:443`, 'GATE.EXAMPLE', 'localhost', '127.0.0.1:3000', '[::1]:3000'])(
    '%s is ours',
    async (host) => {
      expect((await ask(door.port, '/api/v1/probe', { headers: { host } })).status).toBe(200);
    },
  );

  test.each([
    'evil.example',
    `${publicHost}.evil.example`,
    'evil.example:443',
    `${publicHost}:8443`,
    `user@${publicHost}`,
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '2130706433',
    '[::ffff:127.0.0.1]',
    `${publicHost}.`,
  ])('%s is not: 421', async (host) => {
    const answer = await ask(door.port, '/api/v1/probe', { headers: { host } });
    expect(answer.status).toBe(421);
    expect(answer.problem().code).toBe('host_unknown');
  });

  test('a person is told the configured address, and the name they used is not repeated', async () => {
    const answer = await ask(door.port, '/', { headers: { host: 'evil.example', ...navigation } });
    expect(answer.status).toBe(421);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.text).toContain(`configured for https://${publicHost}`);
    expect(answer.text).not.toContain('evil');
  });

  test('two Hosts are 400, whichever comes first', async () => {
    const request = head('GET /api/v1/probe HTTP/1.1', hostLine, 'Host: evil.example');
    expect((await sendRaw(door.port, request)).status).toBe(400);
  });

  test.each(['http://evil.example/api/v1/probe', `https://${publicHost}/api/v1/probe`, 'probe', '*'])(
    'the target %s is no path: 400',
    async (target) => {
      const method = target === '*' ? 'OPTIONS' : 'GET';
      expect((await ask(door.port, target, { method })).status).toBe(400);
    },
  );

  test.each(['/livez', '/readyz', '/auth/verify'])('%s answers whatever name a proxy uses', async (path) => {
    expect((await ask(door.port, path, { headers: { host: '10.1.2.3:3000' } })).status).toBe(200);
  });

  test('a redirect goes where the configuration says, whatever the request claims', async () => {
    const headers = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
      forwarded: 'host=evil.example',
    };
    const answer = await ask(door.port, '/auth/callback?code=1', { headers: { ...headers, ...navigation } });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toMatch(/^\/auth\/error\?code=request_invalid&ref=[2-9A-Z]{8}$/);
  });
});

describe('a door that answers this machine only', () => {
  let local: OpenedDoor;
  beforeAll(async () => {
    const publicOrigin = new URL('http://localhost:3000');
    local = await openProbedDoor({ localOnly: true, publicOrigin, acceptedOrigins: [publicOrigin.origin] });
  });
  afterAll(async () => {
    await local.app.close();
  });

  test.each(['localhost:3000', '127.0.0.1:3000', '[::1]:3000'])('%s is answered', async (host) => {
    expect((await ask(local.port, '/api/v1/probe', { headers: { host } })).status).toBe(200);
  });

  test.each(['192.168.1.4:3000', 'my-machine', 'rebound.example', publicHost])(
    '%s is not: 421',
    async (host) => {
      expect((await ask(local.port, '/api/v1/probe', { headers: { host } })).status).toBe(421);
    },
  );

  test.each([
    'Forwarded',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'x-forwarded-proto',
    'X-Forwarded-Anything',
  ])('whatever passed a proxy is refused: %s', async (name) => {
    const answer = await ask(local.port, '/api/v1/probe', {
      headers: { host: 'localhost:3000', [name]: 'x' },
    });
    expect(answer.status).toBe(421);
  });

  test('a page opened under another loopback name moves to the public one, where the cookies are', async () => {
    const answer = await ask(local.port, '/sign-in?returnTo=%2Fa', {
      headers: { host: '127.0.0.1:3000', ...navigation },
    });
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe('http://localhost:3000/sign-in?returnTo=%2Fa');
  });

  test('a path that looks like a host stays on the public origin', async () => {
    const answer = await ask(local.port, '//evil.example/', {
      headers: { host: '127.0.0.1:3000', ...navigation },
    });
    expect(answer.headers.get('location')).toBe('http://localhost:3000//evil.example/');
  });
});

describe('nothing gets by the rules (H-06, H-07)', () => {
  test.each([
    ['/api/v1/me', { 'user-agent': 'kube-probe/1.30' }],
    ['/api/v1/me', { 'x-original-url': '/livez', 'x-rewrite-url': '/livez' }],
    ['/api/v1/me?x=/livez', {}],
    ['/api/v1/me?/auth/verify', {}],
    ['/api/v1/%6De', {}],
  ])('%s asks for a session whatever else is sent', async (path, headers) => {
    const answer = await ask(door.port, path, { headers });
    expect(answer.status).toBe(401);
    expect(answer.problem().code).toBe('unauthenticated');
  });

  test.each([
    '/api/v1/me/',
    '/api/v1/me;x',
    '/API/v1/me',
    '/livez/../api/v1/me',
    '/api/v1/me%2f',
    '/livez/x',
  ])('%s is no route', async (path) => {
    expect((await ask(door.port, path)).status).toBe(404);
  });
});
