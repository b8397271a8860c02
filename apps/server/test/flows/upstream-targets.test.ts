import { describe, expect, test } from 'vitest';
import { ask, head, navigation, sendRaw } from './door-probe.ts';
import { cookieLine, gateHost, gateOfThisFile, gateOrigin, hostLine, signedIn } from './upstream-gate.ts';

const { app, gate } = await gateOfThisFile();

describe('S-23 a target that two readers could read in two ways never reaches the application', () => {
  test.each([
    'http://elsewhere.example/reports',
    `http://${gateHost}/reports`,
    'https://elsewhere.example:443/',
    '//elsewhere.example/reports',
    '///elsewhere.example',
    '/reports/../auth/verify',
    '/reports/%2e%2e/secret',
    '/reports/%2E./secret',
    '/reports/%252e%252e/secret',
    '/reports/..;/secret',
    '/reports%2fsecret',
    '/reports%252Fsecret',
    '/%2f%2felsewhere.example',
    '/reports\\secret',
    '/reports%5csecret',
    '/reports%00',
    '/reports%0d%0aX-Auth-Request-User:%20eve',
    '/reports\u0001',
    '/reports#/../secret',
    '*',
    'elsewhere.example:443',
    '@elsewhere.example/',
    '/reports%',
    '/reports%zz',
  ])('%j', async (target) => {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const answer = await sendRaw(gate.port, head(`${method} ${target} HTTP/1.1`, hostLine, cookieLine));
      expect([400, 404, 421], `${method}: ${answer.text}`).toContain(answer.status);
    }
    const socket = await sendRaw(
      gate.port,
      `GET ${target} HTTP/1.1\r\n${hostLine}\r\n${cookieLine}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    );
    expect([400, 404, 421]).toContain(socket.status);
    expect(app.seen).toEqual([]);
  });

  test.each(['elsewhere.example', `${gateHost}.elsewhere.example`, `user@${gateHost}`])(
    'the host %s',
    async (host) => {
      const answer = await ask(gate.port, '/reports', { headers: { ...signedIn, host } });
      expect(answer.status).toBe(421);
      expect(app.seen).toEqual([]);
    },
  );

  test('a tunnel', async () => {
    const answer = await sendRaw(
      gate.port,
      head('CONNECT elsewhere.example:443 HTTP/1.1', hostLine, cookieLine),
    );
    expect(answer.text).not.toContain('200');
    expect(app.seen).toEqual([]);
  });

  test.each(['/reports?next=https://elsewhere.example/%2e%2e/..&a=1&a=2', '/a//b;c=d/%20%C3%A9?%0a', '/?'])(
    'while %s arrives letter by letter',
    async (target) => {
      expect((await ask(gate.port, target, { headers: signedIn })).status).toBe(200);
      expect(app.seen.map(({ url }) => url)).toEqual([target]);
    },
  );
});

describe('what is ours stays ours', () => {
  test.each([
    '/auth/nowhere',
    '/%61uth/nowhere',
    '/api/v1/nowhere',
    '/.well-known/nowhere',
    '/internal/v1/x',
    '/internal',
  ])('%s is not found here rather than there', async (path) => {
    const answer = await ask(gate.port, path, { headers: signedIn });
    expect(answer.problem().code).toBe('not_found');
    expect(app.seen).toEqual([]);
  });

  test('another method than ours is told what is allowed, and does not go upstream', async () => {
    const answer = await ask(gate.port, '/api/v1/probe', {
      method: 'DELETE',
      headers: { ...signedIn, 'x-csrf': '1' },
    });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
    expect(app.seen).toEqual([]);
  });

  test('probes are answered here', async () => {
    expect((await ask(gate.port, '/livez')).text).toBe('{"status":"live"}');
  });
});

describe('who is not let in', () => {
  test('signs in when opening a page, and gets there afterwards', async () => {
    const answer = await ask(gate.port, '/reports?a=b', { headers: { host: gateHost, ...navigation } });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/auth/app/sign-in?returnTo=%2Freports%3Fa%3Db');
  });

  test.each(['GET', 'POST', 'PROPFIND'])('is told so as a program: %s', async (method) => {
    const answer = await ask(gate.port, '/reports', { method, headers: { host: gateHost } });
    expect(answer.problem().code).toBe('unauthenticated');
    expect(answer.status).toBe(401);
  });

  test('gets no redirect for a form that was sent too late, for its body would be lost without a word', async () => {
    const answer = await ask(gate.port, '/reports', {
      method: 'POST',
      headers: { host: gateHost, ...navigation },
    });
    expect(answer.headers.get('location')).toMatch(/^\/auth\/error\?code=unauthenticated&/);
  });

  test('is forbidden as a program, and sees why as a person', async () => {
    const eve = { host: gateHost, cookie: 'gatehouse=eve' };
    expect((await ask(gate.port, '/reports', { headers: eve })).problem().status).toBe(403);
    const person = await ask(gate.port, '/reports', { headers: { ...eve, ...navigation } });
    expect(person.headers.get('location')).toMatch(/^\/auth\/error\?code=forbidden&ref=/);
    expect(app.seen).toEqual([]);
  });

  test('is led to the start page where being no member is all that is wrong, but for a form', async () => {
    const gina = { host: gateHost, cookie: 'gatehouse=gina' };
    expect((await ask(gate.port, '/reports', { headers: gina })).problem().status).toBe(403);
    const page = await ask(gate.port, '/reports', { headers: { ...gina, ...navigation } });
    expect([page.status, page.headers.get('location')]).toEqual([303, '/auth/app/account']);
    const form = { method: 'POST', headers: { ...gina, ...navigation, origin: gateOrigin.origin } };
    const sent = await ask(gate.port, '/reports', form);
    expect(sent.headers.get('location')).toMatch(/^\/auth\/error\?code=forbidden&/);
    expect(app.seen).toEqual([]);
  });
});

test.each([
  ['POST', 'https://evil.example', 403],
  ['POST', 'null', 403],
  ['PROPPATCH', 'https://evil.example', 403],
  ['POST', gateOrigin.origin, 200],
  ['POST', undefined, 200],
  ['GET', 'https://evil.example', 200],
])('S-16 upstream a %s from %s is judged by its Origin alone: %i', async (method, origin, status) => {
  const headers = { ...signedIn, 'content-type': 'text/plain', ...(origin !== undefined && { origin }) };
  const answer = await ask(gate.port, '/reports', { method, headers, body: method === 'GET' ? '' : 'x=1' });
  expect(answer.status).toBe(status);
  if (status === 403) expect(answer.problem().code).toBe('csrf_rejected');
  expect(app.seen).toHaveLength(status === 200 ? 1 : 0);
});
