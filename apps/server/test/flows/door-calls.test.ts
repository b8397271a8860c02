import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, head, hostLine, openProbedDoor, publicHost, sendRaw } from './door-probe.ts';
import type { OpenedDoor } from './door-probe.ts';

let door: OpenedDoor;
beforeAll(async () => {
  door = await openProbedDoor();
});
afterAll(async () => {
  await door.app.close();
});

const ours = { 'x-csrf': '1', 'content-type': 'application/json', origin: `https://${publicHost}` };
const post = (path: string, body: string, headers: Record<string, string> = ours) =>
  ask(door.port, path, { method: 'POST', headers, body });

describe('bodies and parameters', () => {
  test('a body beyond 64 kB is refused before it is parsed, announced or not (H-10)', async () => {
    const large = `{"email":"${'a'.repeat(65_536)}"}`;
    const announced = await post('/api/v1/probe', large);
    expect(announced.status).toBe(413);
    expect(announced.problem().code).toBe('body_too_large');
    const chunk = `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`;
    const lines = Object.entries(ours).map(([name, value]) => `${name}: ${value}`);
    const request = head('POST /api/v1/probe HTTP/1.1', hostLine, ...lines, 'Transfer-Encoding: chunked');
    expect((await sendRaw(door.port, request + chunk)).status).toBe(413);
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'nonsense',
  ])('only JSON is read: %s is 415', async (type) => {
    const headers = { authorization: 'Bearer abc', 'content-type': type };
    const answer = await post('/api/v1/probe', '{}', headers);
    expect(answer.status).toBe(415);
    expect(answer.problem().code).toBe('media_type_unsupported');
  });

  test.each(['a=1&a=2', 'a=1&%61=2', 'state=x&state=x'])('a repeated parameter is 400: %s', async (query) => {
    const answer = await ask(door.port, `/api/v1/probe?${query}`);
    expect(answer.problem()).toMatchObject({
      code: 'request_invalid',
      detail: 'query: a parameter is repeated',
    });
  });

  test('a hundred parameters are read, more are not, and thirty thousand are refused at once (D-09)', async () => {
    const query = (count: number) =>
      Array.from({ length: count }, (_, at) => `${at.toString(36)}=`).join('&');
    expect((await ask(door.port, `/api/v1/probe?${query(100)}`)).status).toBe(200);
    expect((await ask(door.port, `/api/v1/probe?${query(101)}`)).status).toBe(400);
    expect((await ask(door.port, `/api/v1/probe?${'&'.repeat(60_000)}`)).status).toBe(400);
    expect(door.logLines().findLast(({ status }) => status === 400)?.['ms']).toBeLessThan(10);
    expect((await ask(door.port, `/api/v1/probe?${query(100_000)}`)).status).toBe(431);
  });
});

describe('a call that another site makes the browser send (S-16)', () => {
  const refused: [string, Record<string, string>, string][] = [
    [
      'a cross-site form',
      { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' },
      'a=1',
    ],
    ['a call without a body', { origin: 'https://evil.example' }, ''],
    ['a call without a body or an origin', {}, ''],
    ['JSON that calls itself text', { 'content-type': 'text/plain', 'x-csrf': '1' }, '{}'],
    [
      'a page of a sibling',
      { ...ours, origin: 'https://other.gate.example', 'sec-fetch-site': 'same-site' },
      '{}',
    ],
    ['a page without an origin', { ...ours, origin: 'null' }, '{}'],
    ['a stored Basic password', { authorization: 'Basic YTpi', 'content-type': 'application/json' }, '{}'],
  ];
  test.each(refused)('%s is 403', async (_what, headers, body) => {
    const answer = await post('/api/v1/bare', body, headers);
    expect(answer.status).toBe(403);
    expect(answer.problem().code).toBe('csrf_rejected');
  });

  test('our own page is let in, and so is a bearer of a token', async () => {
    expect((await post('/api/v1/bare', '{}')).status).toBe(200);
    expect((await post('/api/v1/bare', '', { 'x-csrf': '1' })).status).toBe(200);
    expect((await post('/api/v1/bare', '', { authorization: 'Bearer abc.def' })).status).toBe(200);
  });

  test('forward-auth is asked with any method and without the header', async () => {
    expect((await post('/auth/verify', '', { origin: 'https://app.example' })).status).toBe(200);
  });

  test('the exception does not reach what merely looks like it', async () => {
    expect((await post('/api/v1/bare?/auth/verify', '', {})).status).toBe(403);
  });
});

describe('cookies', () => {
  test('two cookies of our name are refused, and all of ours are cleared (S-04)', async () => {
    const cookie = '__Host-gatehouse=planted; theme=dark; __Host-gatehouse=ada-session';
    const answer = await ask(door.port, '/api/v1/me', { headers: { cookie } });
    expect(answer.status).toBe(400);
    expect(answer.problem().code).toBe('cookie_duplicate');
    const cleared = answer.headers.getSetCookie().map((one) => one.split(';').slice(0, 2).join(';'));
    expect(cleared).toEqual([
      '__Host-gatehouse=; Max-Age=0',
      '__Host-gatehouse-attempt=; Max-Age=0',
      'refresh_token=; Max-Age=0',
    ]);
    expect(answer.headers.get('clear-site-data')).toBe('"cookies"');
  });

  test('two Cookie headers are two cookies', async () => {
    const cookies = ['Cookie: __Host-gatehouse=ada-session', 'Cookie: __Host-gatehouse=planted'];
    expect((await sendRaw(door.port, head('GET /api/v1/me HTTP/1.1', hostLine, ...cookies))).status).toBe(
      400,
    );
  });

  test('one cookie among others signs in', async () => {
    const cookie = 'a=b; __Host-gatehouse=ada-session; gatehouse=planted; x__Host-gatehouse=planted';
    expect((await ask(door.port, '/api/v1/me', { headers: { cookie } })).text).toBe('{"name":"Ada"}');
  });

  test('a sign-in goes on by 303, so that no body is sent twice (P-41)', async () => {
    const answer = await ask(door.port, '/auth/done');
    expect(answer.status).toBe(303);
    expect(answer.headers.get('set-cookie')).toBe(
      '__Host-gatehouse=ada-session; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure',
    );
  });
});
