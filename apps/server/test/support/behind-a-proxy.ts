import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { describe, expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { assertionReader } from './assertion-reader.ts';
import { openBrowser } from './browser.ts';
import type { Browser } from './browser.ts';
import { asAdmin, dropDatabase, makeDatabase } from './databases.ts';
import { openGateRelay } from './gate-relay.ts';
import { startCloud } from './processes.ts';
import type { ProxyProgram } from './proxies.ts';
import { startUpstreamApp } from './upstream-app.ts';
import { environmentOf, test } from './world.ts';
import type { StandIns } from './world.ts';

const publicOrigin = new URL('http://localhost');
const deepLink = '/reports/7?tab=all&of=a%26b&to=%2Fx';

/** A Cloud process and an application, which can be reached by the proxy alone. */
async function openScene(standIns: StandIns, proxy: ProxyProgram, change?: (text: string) => string) {
  const database = await makeDatabase();
  onTestFinished(() => dropDatabase(database));
  const app = await startUpstreamApp();
  onTestFinished(app.close);
  const cloud = await startCloud({
    ...environmentOf(standIns, publicOrigin, database),
    TRUSTED_PROXIES: '127.0.0.1',
  });
  const relay = await openGateRelay(cloud.address);
  const behind = { gatehouse: relay.address, application: new URL(app.url) };
  const address = await proxy.start(behind, change);
  const newBrowser = () => openBrowser({ publicOrigin, serverAddress: () => address });
  return {
    app,
    cloud,
    relay,
    address,
    newBrowser,
    sql: async (text: string, values: readonly unknown[]) => {
      await asAdmin(database, async (client) => {
        await client.query('set search_path = gatehouse');
        await client.query(text, [...values]);
      });
    },
    /** Signed in; the first of all becomes the administrator. */
    async personIn(provider: 'github' | 'google' | 'azure', key: string): Promise<Browser> {
      ({ github: standIns.github, google: standIns.google, azure: standIns.entra })[provider].signsInAs(key);
      const browser = newBrowser();
      expect(await browser.signIn(provider)).toRedirectTo('/');
      return browser;
    },
  };
}

type Scene = Awaited<ReturnType<typeof openScene>>;

function dial({ address }: Scene, browser: Browser) {
  const socket = new WebSocket(new URL('/socket', `ws://${address.host}`), [], {
    origin: publicOrigin.origin,
    headers: { host: publicOrigin.host, cookie: browser.cookieHeader(), 'sec-fetch-mode': 'websocket' },
  });
  socket.on('error', () => undefined);
  return socket;
}

async function openEvents({ address }: Scene, browser: Browser): Promise<IncomingMessage> {
  const request = httpRequest(new URL('/events', address), {
    headers: { host: publicOrigin.host, cookie: browser.cookieHeader(), accept: 'text/event-stream' },
  });
  request.on('error', () => undefined);
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  return response;
}

type Raw = { readonly status: number; readonly headers: IncomingHttpHeaders };

/** Sends the path as it is spelled, which a URL would not, and reads heads of any size. */
function rawly({ address }: Scene, path: string, cookie: string): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const headers = { host: publicOrigin.host, cookie };
    const { hostname: host, port } = address;
    const maxHeaderSize = 256 * 1024;
    const request = httpRequest({ host, port, path, headers, maxHeaderSize, agent: false }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    });
    request.on('error', reject);
    request.end();
  });
}

const claimed = {
  'x-auth-request-user': 'eve',
  'X-Auth-Request-Email': 'eve@evil.example',
  x_auth_request_user: 'eve',
  'x-auth_request_email': 'eve',
  'x-auth-request-preferred-username': 'eve',
  'x-auth-request-access-token': 'eve',
  'x-gatehouse-assertion': 'eve',
  x_gatehouse_assertion: 'eve',
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
    const cleo = await scene.personIn('azure', 'finn');
    await scene.sql(
      `insert into members (company_id, user_id, role, joined_at)
       select m.company_id, u.id, 'user', now() from users u, members m
       where not exists (select from members o where o.user_id = u.id)`,
      [],
    );
    await expect
      .poll(
        async () => (await cleo.ask('/', { headers: { cookie: cleo.cookieHeader(), ...claimed } })).status,
      )
      .toBe(200);
    const headers = scene.app.seen.at(-1)?.headers;
    expect(headers?.['x-auth-request-groups']).toBe('user');
    expect(headers).not.toHaveProperty('x-auth-request-email');
    expect(headers).not.toHaveProperty('cookie');
    expect(decodeJwt(String(headers?.['x-gatehouse-assertion']))).not.toHaveProperty('email');
  });
};

const keptOut = (proxy: ProxyProgram) => {
  test('pages are sent on, calls are told why, and the application hears of none of it', async ({
    standIns,
  }) => {
    const scene = await openScene(standIns, proxy);
    const nobody = scene.newBrowser();
    await scene.personIn('github', 'ada');
    const gina = await scene.personIn('google', 'gina');

    const told = await nobody.get('/reports');
    expect(told).toBeProblem(401, 'unauthenticated');
    expect(told.json()).toMatchObject({ reference: expect.stringMatching(/^[\dA-Z]{8}$/) as string });
    expect(told.headers['cache-control']).toBe('no-store');
    for (const headers of [
      { 'sec-fetch-mode': 'cors', accept: 'text/html' },
      { 'sec-fetch-mode': 'navigate', upgrade: 'websocket', connection: 'upgrade' },
    ])
      expect(await nobody.ask('/reports', { headers }), JSON.stringify(headers)).toBeProblem(
        401,
        'unauthenticated',
      );
    expect(await nobody.ask('/form', { method: 'POST' })).toBeProblem(401, 'unauthenticated');
    const old = await nobody.ask('/', { as: 'api', headers: { accept: 'text/html,*/*' } });
    expect(old).toRedirectTo('/sign-in');
    expect(await nobody.ask('/api/v2/things?x=1')).toRedirectTo('/sign-in');

    expect(await gina.get('/reports')).toBeProblem(403, 'forbidden');
    const page = await gina.ask('/reports');
    expect(page).toBeRefusedWith('forbidden');
    expect((await gina.ask(page.location ?? '')).status).toBe(200);
    expect(scene.app.seen).toEqual([]);
  });

  test('S-23 by no spelling of a path does anybody get past, and nobody asks the gate themselves', async ({
    standIns,
  }) => {
    const scene = await openScene(standIns, proxy);
    const ada = await scene.personIn('github', 'ada');
    for (const path of [
      '/auth/verify',
      '/auth/verify/x?company=acme',
      '/auth/%76erify',
      '/auth/verify%2f',
      '/auth/x/../verify',
    ]) {
      const answer = await rawly(scene, path, ada.cookieHeader());
      expect([400, 404], path).toContain(answer.status);
      expect(answer.headers, path).not.toHaveProperty('x-gatehouse-assertion');
    }
    for (const path of [
      '/auth/../secret',
      '/auth/%2e%2e/secret',
      '/auth/..%2fsecret',
      '/auth/..%252fsecret',
      '/auth/..\\secret',
      '/sign-in/../secret',
      '//localhost/secret',
      '/account/..;/secret',
      '/a%0ab',
    ]) {
      for (const cookie of ['', ada.cookieHeader()])
        expect((await rawly(scene, path, cookie)).status, path).toBe(400);
    }
    for (const path of ['/AUTH/secret', '/auth', '/sign-in/x', '/api/v1', '/.well-known/x'])
      expect([401, 404], path).toContain((await rawly(scene, path, '')).status);
    expect(scene.app.seen).toEqual([]);
    expect((await ada.get('/a.b/..c/...?x=../%2f%5c')).status).toBe(200);
    expect(scene.app.seen.map(({ url }) => url)).toEqual(['/a.b/..c/...?x=../%2f%5c']);
  });

  test('whoever was signed out elsewhere is kept out within a second', async ({ standIns }) => {
    const scene = await openScene(standIns, proxy);
    const [there, here] = [await scene.personIn('github', 'ada'), await scene.personIn('github', 'ada')];
    expect((await there.get('/')).status).toBe(200);
    const endedAt = performance.now();
    expect((await here.delete('/api/v1/me/sessions?others=true')).status).toBeLessThan(300);
    await expect.poll(async () => (await there.get('/')).status, { interval: 20 }).toBe(401);
    expect(performance.now() - endedAt).toBeLessThan(1_000);
    expect((await here.get('/')).status).toBe(200);
  });

  test('S-24 while Gatehouse is out of order nobody gets through, signed in or not', async ({ standIns }) => {
    const scene = await openScene(standIns, proxy);
    const ada = await scene.personIn('github', 'ada');
    expect((await ada.get('/')).status).toBe(200);
    const closed = async () => {
      for (const browser of [ada, scene.newBrowser()])
        for (const answer of [await browser.get('/'), await browser.ask('/')])
          expect([500, 502, 503, 504], String(answer.location)).toContain(answer.status);
    };
    for (const head of ['500 Oops', '503 Busy', '302 Found\r\nLocation: /', '204 Nothing', '200 OK']) {
      scene.relay.answerAlways(`HTTP/1.1 ${head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      await closed();
    }
    scene.relay.answerAlways('nonsense');
    await closed();
    scene.relay.answerAlways(undefined);
    const startedAt = performance.now();
    expect([502, 503, 504]).toContain((await ada.get('/')).status);
    expect(performance.now() - startedAt).toBeLessThan(8_000);
    expect(scene.app.seen).toHaveLength(1);
  });

  test('when Gatehouse is stopped the application is closed', async ({ standIns }) => {
    const scene = await openScene(standIns, proxy);
    const ada = await scene.personIn('github', 'ada');
    expect((await ada.get('/')).status).toBe(200);
    scene.cloud.signal('SIGKILL');
    await scene.cloud.end;
    expect([502, 503]).toContain((await ada.get('/')).status);
    expect([502, 503]).toContain((await ada.ask('/')).status);
    expect(scene.app.seen).toHaveLength(1);
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
    keptOut(proxy);
    passingThrough(proxy);
  });
}
