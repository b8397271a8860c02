import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '@gatehouse/contract';
import { errorCatalogue } from '../../src/kernel/errors.ts';
import { ask, navigation, openProbedDoor, publicHost } from './door-probe.ts';
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

describe('what a caller learns from a failure (H-18)', () => {
  const failing: [string, () => ReturnType<typeof ask>, string][] = [
    ['an address that leads nowhere', () => ask(door.port, '/nowhere'), 'not_found'],
    ['nobody signed in', () => ask(door.port, '/api/v1/me'), 'unauthenticated'],
    ['a body that is no JSON', () => post('/api/v1/probe', '{"email":'), 'request_invalid'],
    ['a poisoned prototype', () => post('/api/v1/probe', '{"__proto__":{"admin":true}}'), 'request_invalid'],
    [
      'a poisoned constructor',
      () => post('/api/v1/probe', '{"constructor":{"prototype":{}}}'),
      'request_invalid',
    ],
    ['an empty body', () => post('/api/v1/probe', ''), 'request_invalid'],
    ['a broken percent sign', () => ask(door.port, '/api/v1/people/%E0%A4%A'), 'request_invalid'],
    ['an id of 400 characters', () => ask(door.port, `/api/v1/people/${'a'.repeat(400)}`), 'request_invalid'],
    ['an exception', () => ask(door.port, '/api/v1/broken'), 'internal_error'],
    ['a rejection that is no error', () => ask(door.port, '/api/v1/broken-later'), 'internal_error'],
    ['an answer that breaks its schema', () => ask(door.port, '/api/v1/broken-promise'), 'internal_error'],
  ];
  test.each(failing)('%s is a problem of the catalogue and nothing else', async (_what, call, code) => {
    const answer = await call();
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    const problem = Problem.strict().parse(answer.problem());
    expect(problem).toMatchObject({ code, status: answer.status, type: `urn:gatehouse:error:${code}` });
    expect(Object.keys(errorCatalogue)).toContain(problem.code);
    expect(problem.reference).toMatch(/^[2-9A-Z]{8}$/);
    expect(answer.text).not.toContain('canary');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('a refused field is named, what was in it is not', async () => {
    const answer = await post('/api/v1/probe', '{"email":"canary-value","depth":2}');
    expect(answer.problem()).toMatchObject({ code: 'request_invalid', detail: 'body.email: invalid_format' });
    expect(answer.text).not.toContain('canary');
  });

  test('an exception stays in the log, under the reference that the caller sees, and the next request is answered (K-11)', async () => {
    const answer = await ask(door.port, '/api/v1/broken');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/select|secrets|12345|canary|\.ts|node_modules/);
    const line = door.logLines().findLast(({ msg }) => msg === 'failed');
    expect(line).toMatchObject({ level: 'error', reference: answer.problem().reference });
    expect(JSON.stringify(line)).toContain('canary-cause');
    expect((await ask(door.port, '/api/v1/probe')).status).toBe(200);
  });

  test('the reference of a trace goes before one of our own, and whoever is too fast learns how long to wait', async () => {
    const answer = await ask(door.port, '/api/v1/limited');
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(answer.problem().reference).toBe('TRACE234');
  });
});

describe('a person whose page fails (H-16)', () => {
  test('goes to the error page, with a code and a reference and nothing of the request', async () => {
    const answer = await ask(door.port, '/auth/callback?error_description=%3Cscript%3E', {
      headers: navigation,
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toMatch(/^\/auth\/error\?code=request_invalid&ref=[2-9A-Z]{8}$/);
  });

  test('is known by Accept where the browser sends no Sec-Fetch-Mode', async () => {
    const accept = 'text/html,application/xhtml+xml';
    expect((await ask(door.port, '/api/v1/me', { headers: { accept } })).status).toBe(303);
    expect(
      (await ask(door.port, '/api/v1/me', { headers: { accept, 'sec-fetch-mode': 'cors' } })).status,
    ).toBe(401);
  });

  test('is never sent round in circles by the error page itself', async () => {
    const answer = await ask(door.port, '/auth/error?code=x&ref=%3Cscript%3E', { headers: navigation });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.text).not.toContain('<script');
  });

  test('a missing asset is not an errand to the error page', async () => {
    expect((await ask(door.port, '/auth/assets/gone.js', { headers: navigation })).status).toBe(404);
  });

  test('forward-auth and health are never redirected, whatever the headers', async () => {
    const answer = await ask(door.port, '/auth/verify/none', { headers: navigation });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('location')).toBeNull();
  });
});

describe('methods (H-11)', () => {
  test.each([
    ['TRACE', '/api/v1/probe', 'GET, HEAD, POST'],
    ['DELETE', '/api/v1/probe', 'GET, HEAD, POST'],
    ['PROPFIND', '/api/v1/probe', 'GET, HEAD, POST'],
    ['PUT', '/api/v1/people/7', 'GET, HEAD'],
    ['GET', '/api/v1/bare', 'POST'],
    ['POST', '/livez', 'GET, HEAD'],
  ])('%s %s is 405, and Allow says what is', async (method, path, allow) => {
    const answer = await ask(door.port, path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe(allow);
  });

  test('a header cannot change the method', async () => {
    const headers = {
      'x-http-method-override': 'DELETE',
      'x-method-override': 'DELETE',
      'x-http-method': 'DELETE',
    };
    expect((await ask(door.port, '/api/v1/probe', { headers })).status).toBe(200);
    expect((await ask(door.port, '/api/v1/bare?_method=POST', { headers })).status).toBe(405);
  });

  test('HEAD answers what GET does, without the body', async () => {
    const answer = await ask(door.port, '/api/v1/probe', { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(0);
  });
});

describe('headers of every answer (P-42)', () => {
  test.each([
    '/api/v1/probe',
    '/auth/callback?code=a&state=b',
    '/livez',
    '/nowhere',
    '/api/v1/people/%E0%A4%A',
  ])('%s', async (path) => {
    const { headers } = await ask(door.port, path);
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=63072000',
      'x-content-type-options': 'nosniff',
    });
    expect(headers.get('server')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
  });

  test('a plain http address on this machine does not promise https', async () => {
    const publicOrigin = new URL('http://localhost:3000');
    const local = await openProbedDoor({ publicOrigin, acceptedOrigins: [publicOrigin.origin] });
    const { headers } = await ask(local.port, '/auth/done', { headers: { host: 'localhost:3000' } });
    expect(headers.get('strict-transport-security')).toBeNull();
    expect(headers.get('set-cookie')).toBe(
      'gatehouse=ada-session; Max-Age=60; Path=/; HttpOnly; SameSite=Lax',
    );
    await local.app.close();
  });
});

describe('the address of the caller', () => {
  const claimed = { 'x-forwarded-for': '203.0.113.7, 198.51.100.9' };
  test('is the one that connected, whatever is claimed', async () => {
    expect((await ask(door.port, '/api/v1/probe', { headers: claimed })).text).toBe('{"ip":"127.0.0.1"}');
  });

  test('is what a trusted proxy says, and no hop before it', async () => {
    const proxied = await openProbedDoor({ trustedProxies: ['127.0.0.0/8'] });
    expect((await ask(proxied.port, '/api/v1/probe', { headers: claimed })).text).toBe(
      '{"ip":"198.51.100.9"}',
    );
    await proxied.app.close();
  });
});

test('the API description lists the routes of the flows and none of the door', () => {
  const paths = Object.keys(door.app.swagger().paths ?? {});
  expect(paths).toContain('/api/v1/probe');
  expect(paths.filter((path) => path.includes('livez') || path.includes('assets'))).toEqual([]);
});

test.each([
  '/documentation',
  '/docs',
  '/metrics',
  '/debug',
  '/.git/config',
  '/.env',
  '/package.json',
  '/openapi.json',
])('%s is not there (K-10)', async (path) => {
  expect((await ask(door.port, path)).status).toBe(404);
});
