import { METHODS } from 'node:http';
import { decodeJwt } from 'jose';
import { describe, expect } from 'vitest';
import type { Browser } from '../support/browser.ts';
import { assertionOf, gatePeople, groupsOf } from '../support/gate-people.ts';
import { meOf, signInAs } from '../support/people.ts';
import { test } from '../support/world.ts';

const methods = METHODS.filter((method) => method !== 'CONNECT');

describe('the proxy asks', () => {
  test('with any method, path below and body, and gets the same answer', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    expect(methods).toContain('PROPFIND');
    for (const method of methods)
      for (const path of ['/auth/verify', '/auth/verify/x/y.php?z=1', '/auth/verify']) {
        const admitted = await w.browser.ask(path, { method, as: 'api' });
        expect([admitted.status, admitted.body], `${method} ${path}`).toEqual([200, '']);
        expect(admitted.headers['cache-control']).toContain('no-store');
        expect(admitted.headers).not.toHaveProperty('set-cookie');
        const refused = await w.otherBrowser.ask(path, { method, as: 'api' });
        expect(refused.status, `${method} ${path}`).toBe(401);
        if (method !== 'HEAD') expect(refused).toBeProblem(401, 'unauthenticated');
      }
    for (const type of [
      'text/xml',
      'application/json',
      'multipart/form-data; boundary=x',
      'no type at all',
    ]) {
      const ask = { method: 'POST', as: 'api', headers: { 'content-type': type }, json: 'x'.repeat(200_000) };
      for (const browser of [w.browser, w.otherBrowser]) {
        const answer = await browser.ask('/auth/verify', ask as Parameters<Browser['ask']>[1]);
        expect(answer.status, type).toBe(browser === w.browser ? 200 : 401);
      }
    }
  });

  test('as from anywhere, for the host and the origin are the application’s', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const headers = { host: 'app.internal', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    for (let times = 0; times < 2; times += 1)
      expect((await w.browser.ask('/auth/verify', { method: 'POST', headers })).status).toBe(200);
    expect((await w.otherBrowser.ask('/auth/verify', { method: 'POST', headers })).status).toBe(401);
  });

  test('S-22 and learns who it is and nothing else; never with a redirect', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const gina = await signInAs(w, 'google', 'gina');
    for (const [browser, status] of [
      [w.browser, 200],
      [w.otherBrowser, 401],
      [gina, 403],
    ] as const)
      for (const headers of [
        { 'sec-fetch-mode': 'navigate', accept: 'text/html' },
        { accept: 'text/html' },
        { 'x-forwarded-uri': '/reports' },
      ])
        for (const path of ['/auth/verify', '/auth/verify/x']) {
          const answer = await browser.ask(path, { headers });
          expect(answer.status).toBe(status);
          expect(answer.headers).not.toHaveProperty('location');
        }
    const ours = Object.keys((await w.browser.get('/auth/verify')).headers).filter((name) =>
      /^x-(?:auth|g)/.test(name),
    );
    expect(ours.sort()).toEqual([
      ...['x-auth-request-email', 'x-auth-request-groups', 'x-auth-request-user', 'x-gatehouse-assertion'],
    ]);
  });

  test('and is told where a person may be sent instead', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const pageOf = async (headers: Readonly<Record<string, string>>, browser = w.otherBrowser) =>
      (await browser.ask('/auth/verify', { headers })).headers['x-gatehouse-page'];
    const link = '/reports/7?tab=all&of=a%26b';
    const signIn = `/sign-in?${new URLSearchParams({ returnTo: link }).toString()}`;
    expect(await pageOf({ 'x-forwarded-uri': link })).toBe(signIn);
    expect(await pageOf({ 'x-original-uri': link })).toBe(signIn);
    for (const elsewhere of [
      '//evil.example',
      'https://evil.example/',
      '/\\evil',
      '/auth/login',
      '/api/v1/me',
      '/',
    ])
      expect(await pageOf({ 'x-forwarded-uri': elsewhere }), elsewhere).toBe('/sign-in');
    expect(await pageOf({})).toBe('/sign-in');
    const gina = await signInAs(w, 'google', 'gina');
    const refused = await gina.get('/auth/verify');
    const { reference } = refused.json() as { reference: string };
    expect(refused.headers['x-gatehouse-page']).toBe('/account');
    expect(refused.headers['x-gatehouse-reference']).toBe(reference);
    expect((await gina.ask('/account')).status).toBe(200);
    const noProject = await w.browser.get('/auth/verify?role=viewer');
    expect(noProject).toBeProblem(403, 'forbidden');
    expect(noProject.headers['x-gatehouse-page']).toMatch(/^\/auth\/error\?code=forbidden&ref=[\dA-Z]{8}$/);
    expect(await pageOf({}, w.browser)).toBeUndefined();
  });

  test('S-23 for a path that leads elsewhere, and it leads nowhere', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    for (const path of [
      '/auth/verify/..%2f..%2fapi/v1/me',
      '/auth/verify/%252e%252e/login',
      '/auth/verify//evil.example/',
    ]) {
      const answer = await w.browser.ask(path);
      expect([200, 400, 404], path).toContain(answer.status);
      expect(answer.body, path).not.toContain('displayName');
      expect(answer.location?.origin ?? w.publicOrigin.origin, path).toBe(w.publicOrigin.origin);
    }
  });

  test('about something it misspelled, and nobody is let in by mistake', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    for (const query of ['projct=alpha', 'company=acme&company=other', 'role=owner&project=alpha', 'role='])
      expect(await w.browser.get(`/auth/verify?${query}`), query).toBeProblem(400, 'request_invalid');
  });
});

describe('the cookie', () => {
  test('is seen behind credentials of the application’s own, whatever they are', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    for (const authorization of ['Bearer abc.def.ghi', 'Basic dTpw', 'Negotiate YII=', 'bearer', 'x'])
      for (const method of ['GET', 'POST', 'DELETE']) {
        const answer = await w.browser.ask('/auth/verify', { method, as: 'api', headers: { authorization } });
        expect(answer.status, `${method} ${authorization}`).toBe(200);
      }
  });

  test('S-04 that came twice is nobody’s, and is cleared; one that is forged is nobody’s', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const own = `gatehouse=${w.browser.cookies.get('gatehouse') ?? ''}`;
    expect((await w.browser.get('/auth/verify')).status).toBe(200);
    for (const cookie of [`${own}; ${own}`, `${own}; gatehouse=planted`, `gatehouse=; x=1; ${own}`]) {
      const answer = await w.otherBrowser.ask('/auth/verify', { as: 'api', headers: { cookie } });
      expect(answer, cookie).toBeProblem(400, 'cookie_duplicate');
      expect(answer.headers['clear-site-data']).toBe('"cookies"');
    }
    for (const cookie of [
      `${own}x`,
      own.slice(0, -1),
      own.toUpperCase(),
      `${own}.`,
      'gatehouse=',
      'gatehouse',
    ])
      expect(
        (await w.otherBrowser.ask('/auth/verify', { as: 'api', headers: { cookie } })).status,
        cookie,
      ).toBe(401);
  });

  test('S-20 D-12 among 60 kB of others is read; among more than 64 kB nobody reads it', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const ask = (bytes: number) => {
      const cookie = `${w.browser.cookieHeader()}; junk=`.padEnd(bytes, 'j');
      return w.browser.ask('/auth/verify', { as: 'api', headers: { cookie } });
    };
    for (let times = 0; times < 2; times += 1) {
      expect((await ask(60_000)).status).toBe(200);
      const refused = await ask(66_000);
      expect(refused).toBeProblem(431, 'headers_too_large');
      expect(refused.headers['clear-site-data']).toBe('"cookies"');
    }
  });

  test('S-24 that nobody can look up opens nothing and ends nothing', async ({ w }) => {
    const ada = await signInAs(w, 'github', 'ada', w.browser);
    await w.stop();
    await w.start();
    await w.sql('alter table sessions rename to sessions_away');
    const answer = await ada.get('/auth/verify');
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(answer.headers).not.toHaveProperty('x-auth-request-user');
    expect(answer.setCookies).toEqual([]);
    await w.sql('alter table sessions_away rename to sessions');
    expect((await ada.get('/auth/verify')).status).toBe(200);
  });
});

describe('the assertion', () => {
  test('is the same for half a minute, then a new one; each is good for a minute', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const first = assertionOf(await w.browser.get('/auth/verify'));
    const { user, session } = await meOf(w.browser);
    const claims = decodeJwt(first);
    expect(claims).toMatchObject({
      iss: 'http://localhost:3000',
      aud: 'localhost:3000',
      sub: user.id,
      sid: session.id,
      org_slug: 'acme',
      roles: ['admin'],
      name: 'Ada Byron',
      email: 'ada@acme.example',
    });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(60);
    w.clock.advance(29_000);
    expect(assertionOf(await w.browser.get('/auth/verify'))).toBe(first);
    w.clock.advance(2_000);
    const second = assertionOf(await w.browser.get('/auth/verify'));
    expect(second).not.toBe(first);
    expect(Number(decodeJwt(second).iat) - Number(claims.iat)).toBeGreaterThanOrEqual(30);
    const elsewhere = await signInAs(w, 'github', 'ada');
    expect(decodeJwt(assertionOf(await elsewhere.get('/auth/verify')))['sid']).not.toBe(session.id);
  });

  test('says another role as soon as there is one', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const first = assertionOf(await w.browser.get('/auth/verify'));
    await w.sql(`update members set role = 'user'`);
    await expect
      .poll(async () => groupsOf(await w.browser.get('/auth/verify')), { timeout: 1_000 })
      .toBe('user');
    const second = assertionOf(await w.browser.get('/auth/verify'));
    expect(second).not.toBe(first);
    expect(decodeJwt(second)['roles']).toEqual(['user']);
  });

  test('opens nothing of ours, as a token or as a cookie', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const assertion = assertionOf(await w.browser.get('/auth/verify'));
    for (const headers of [
      { authorization: `Bearer ${assertion}` },
      { cookie: `gatehouse=${assertion}` },
      { 'x-gatehouse-assertion': assertion },
    ])
      for (const path of ['/api/v1/me', '/auth/verify'])
        expect((await w.otherBrowser.ask(path, { as: 'api', headers })).status).toBe(401);
  });

  test('carries a name in any script, and no address that nobody verified', async ({ w }) => {
    const { acmeId, join } = gatePeople(w);
    await signInAs(w, 'github', 'ada');
    const [cleo, finn] = [await signInAs(w, 'azure', 'cleo'), await signInAs(w, 'azure', 'finn')];
    for (const browser of [cleo, finn]) await join(await acmeId(), browser);
    const named = await cleo.get('/auth/verify');
    expect(named.status).toBe(200);
    expect(decodeJwt(assertionOf(named))['name']).toBe('渡辺 クレオ');
    expect(named.headers['x-auth-request-email']).toBe('cleo@contoso.example');
    for (let times = 0; times < 2; times += 1) {
      const answer = await finn.get('/auth/verify');
      expect(answer.status).toBe(200);
      expect(answer.headers).not.toHaveProperty('x-auth-request-email');
      expect(decodeJwt(assertionOf(answer))).not.toHaveProperty('email');
    }
  });
});
