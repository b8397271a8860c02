import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { describe, expect } from 'vitest';
import { assertionReader } from './assertion-reader.ts';
import type { ProxyProgram } from './proxies.ts';
import { keepsOut } from './proxy-keeps-out.ts';
import { dial, joinAcme, openEvents, openScene, publicOrigin, rawly } from './proxy-scene.ts';
import { test } from './world.ts';

const deepLink = '/reports/7?tab=all&of=a%26b&to=%2Fx';

const claimed = {
  'x-auth-request-user': 'eve',
  'X-Auth-Request-Email': 'eve@evil.example',
  x_auth_request_user: 'eve',
  'x-auth_request_email': 'eve',
  'x-auth-request-preferred-username': 'eve',
  'x-auth-request-access-token': 'eve',
  'x-gatehouse-assertion': 'eve',
  x_gatehouse_assertion: 'eve',
  'X.Auth.Request.User': 'eve',
  'x-auth.request_email': 'eve',
  'X-Auth-Request.Groups': 'eve',
  'x-gatehouse.assertion': 'eve',
  connection: 'close, X-Auth-Request-User, X-Auth-Request-Groups, X-Gatehouse-Assertion, Cookie',
  'x-forwarded-for': '6.6.6.6',
  'x-forwarded-proto': 'gopher',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-uri': '/evil',
  'x-forwarded-port': '666',
  'x-forwarded-prefix': '/evil',
  'x-original-uri': '/evil',
  'x-real-ip': '6.6.6.6',
  forwarded: 'for=6.6.6.6',
};

const comingIn = (proxy: ProxyProgram) => {
  test('a person who was going somewhere signs in and arrives there, letter by letter', async ({
    standIns,
  }) => {
    const scene = await openScene(standIns, proxy);
    const browser = scene.newBrowser();
    const turnedAway = await browser.ask(deepLink);
    expect(turnedAway.status).toBe(303);
    expect(turnedAway.location?.origin).toBe(publicOrigin.origin);
    expect(turnedAway.location?.pathname).toBe('/sign-in');
    expect([...(turnedAway.location?.searchParams ?? [])]).toEqual([['returnTo', deepLink]]);
    const page = await browser.ask(turnedAway.location ?? '');
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect((await browser.get('/auth/providers')).status).toBe(200);
    standIns.github.signsInAs('ada');
    expect(await browser.signIn('github', { returnTo: deepLink })).toRedirectTo(deepLink);
    expect((await browser.ask(deepLink)).status).toBe(200);
    expect(scene.app.seen.map(({ url }) => url)).toEqual([deepLink]);
    expect((await browser.post('/auth/logout')).status).toBe(204);
    expect(await browser.get('/')).toBeProblem(401, 'unauthenticated');
    expect(scene.app.seen).toHaveLength(1);
  });

  test('the application is told who it is, in words and in a signed statement, and by nobody else', async ({
    standIns,
  }) => {
    const scene = await openScene(standIns, proxy);
    const ada = await scene.personIn('github', 'ada');
    const me = (await ada.get('/api/v1/me')).json() as { user: { id: string } };
    const cookie = `a=1; ${ada.cookieHeader()}; xgatehouse=2; b=3`;
    expect((await ada.ask('/', { headers: { ...claimed, cookie } })).status).toBe(200);
    const [seen] = scene.app.seen;
    expect(seen?.headers).toMatchObject({
      host: 'localhost',
      'x-auth-request-user': me.user.id,
      'x-auth-request-email': 'ada@acme.example',
      'x-auth-request-groups': 'admin',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'localhost',
    });
    expect(seen?.headers.cookie).toBe('a=1; xgatehouse=2; b=3');
    expect(JSON.stringify(seen?.rawHeaders)).not.toMatch(/eve|evil|6\.6\.6\.6|gopher|666/);
    const names = seen?.rawHeaders.filter((_, place) => place % 2 === 0).map((name) => name.toLowerCase());
    expect(new Set(names).size).toBe(names?.length);

    const assertion = String(seen?.headers['x-gatehouse-assertion']);
    const keys = (await ada.get('/.well-known/jwks.json')).json() as JSONWebKeySet;
    const { payload } = await jwtVerify(assertion, createLocalJWKSet(keys), {
      typ: 'gatehouse-assertion+jwt',
      issuer: 'http://localhost',
      audience: 'localhost',
    });
    expect(payload).toMatchObject({ sub: me.user.id, org_slug: 'acme', roles: ['admin'], name: 'Ada Byron' });
    expect(Number(payload.exp) - Number(payload.iat)).toBe(60);
    expect(decodeProtectedHeader(assertion).typ).toBe('gatehouse-assertion+jwt');
    const read = assertionReader({ origin: 'http://localhost', gatehouse: scene.relay.address.origin });
    expect(await read({ 'x-gatehouse-assertion': assertion })).toMatchObject({ id: me.user.id });
    await expect(read({ 'x-gatehouse-assertion': `${assertion.slice(0, -8)}AAAAAAAA` })).rejects.toThrow();
    await expect(read({})).rejects.toThrow();
  });

  test('whoever has no verified address is announced without one', async ({ standIns }) => {
    const scene = await openScene(standIns, proxy);
    await scene.personIn('github', 'ada');
    const finn = await scene.personIn('azure', 'finn');
    await scene.sql(joinAcme);
    await expect
      .poll(
        async () => (await finn.ask('/', { headers: { cookie: finn.cookieHeader(), ...claimed } })).status,
      )
      .toBe(200);
    const headers = scene.app.seen.at(-1)?.headers;
    expect(headers?.['x-auth-request-groups']).toBe('user');
    expect(headers).not.toHaveProperty('x-auth-request-email');
    expect(headers).not.toHaveProperty('cookie');
    expect(decodeJwt(String(headers?.['x-gatehouse-assertion']))).not.toHaveProperty('email');
  });
};

const passingThrough = (proxy: ProxyProgram) => {
  test('WebSockets and events pass as they come, for whoever is signed in', async ({ standIns }) => {
    const scene = await openScene(standIns, proxy);
    const [refused, response] = (await once(dial(scene, scene.newBrowser()), 'unexpected-response')) as [
      unknown,
      IncomingMessage,
    ];
    expect(refused).toBeDefined();
    expect(response.statusCode).toBe(401);
    expect(scene.app.seen).toEqual([]);
    const ada = await scene.personIn('github', 'ada');
    const socket = dial(scene, ada);
    await once(socket, 'open');
    socket.send('hello');
    const [echo] = (await once(socket, 'message')) as [Buffer];
    expect(echo.toString()).toBe('hello');
    expect(scene.app.seen[0]?.headers['x-auth-request-email']).toBe('ada@acme.example');
    expect(scene.app.seen[0]?.headers).not.toHaveProperty('cookie');
    socket.close();
    await once(socket, 'close');
    const events = await openEvents(scene, ada);
    const [beat] = (await once(events, 'data')) as [Buffer];
    expect(beat.toString()).toBe('data: beat\n\n');
    events.destroy();
    await expect.poll(() => scene.app.abandoned).toEqual(['/events']);
    expect((await ada.ask('/', { headers: { upgrade: 'h2c', connection: 'upgrade' } })).status).toBe(200);
    expect(scene.app.seen.at(-1)?.headers).not.toHaveProperty('upgrade');
  });

  test('D-12 heads of 60 kB pass both ways; S-20 larger ones are refused, and cookies are dropped', async ({
    standIns,
  }) => {
    const scene = await openScene(standIns, proxy);
    const ada = await scene.personIn('github', 'ada');
    const junk = (bytes: number) => `${ada.cookieHeader()}; junk=`.padEnd(bytes, 'j');
    const answer = await rawly(scene, '/large', junk(60_000));
    expect([answer.status, answer.headers['x-large']]).toEqual([200, 'h'.repeat(60_000)]);
    expect(scene.app.seen[0]?.headers.cookie).toMatch(/^junk=j{59000,}$/);
    expect((await rawly(scene, '/api/v1/me', junk(60_000))).status).toBe(200);
    for (const bytes of [65_480, 70_000, 120_000]) {
      const refused = await rawly(scene, '/', junk(bytes));
      expect(refused.status, String(bytes)).toBe(431);
      expect(refused.headers['clear-site-data'], String(bytes)).toBe('"cookies"');
    }
    expect((await rawly(scene, '/', junk(140_000))).status).toBe(431);
    const twice = await rawly(scene, '/', `${ada.cookieHeader()}; ${ada.cookieHeader()}`);
    expect([twice.status, twice.headers['clear-site-data']]).toEqual([400, '"cookies"']);
    expect(scene.app.seen).toHaveLength(1);
  });

  test('what is sent reaches the application whole, and Gatehouse not at all', async ({ standIns }) => {
    const scene = await openScene(standIns, proxy);
    const ada = await scene.personIn('github', 'ada');
    const json = { marker: 'only-for-the-application', filler: 'x'.repeat(3_000_000) };
    const sent = JSON.stringify(json).length;
    const answer = await ada.ask('/size', { method: 'POST', as: 'api', json });
    expect([answer.status, answer.body]).toEqual([200, String(sent)]);
    expect(scene.relay.sent()).not.toContain('only-for-the-application');
    for (const method of ['PUT', 'DELETE', 'PROPFIND', 'HEAD', 'OPTIONS'])
      expect((await ada.ask('/', { method })).status, method).toBe(200);
    expect(scene.app.seen.map(({ method }) => method)).toEqual([
      ...['POST', 'PUT', 'DELETE', 'PROPFIND', 'HEAD', 'OPTIONS'],
    ]);
  });
};

/** What a proxy with the configuration that we ship has to do. Where it is not installed nothing is tested, but in CI. */
export function describeBehind(proxy: ProxyProgram): void {
  const isOut = !proxy.isInstalled && process.env['CI'] !== 'true';
  const title = isOut ? `behind ${proxy.name} (skipped: it is not installed)` : `behind ${proxy.name}`;
  describe.skipIf(isOut)(title, { timeout: 60_000 }, () => {
    comingIn(proxy);
    keepsOut(proxy);
    passingThrough(proxy);
  });
}
