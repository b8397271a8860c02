import { expect } from 'vitest';
import type { ProxyProgram } from './proxies.ts';
import { joinAcme, openScene, rawly } from './proxy-scene.ts';
import { test } from './world.ts';

/** What must not reach the application, whatever state Gatehouse is in. */
export function keepsOut(proxy: ProxyProgram): void {
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
    expect(page).toRedirectTo('/account');
    const start = await gina.ask(page.location ?? '');
    expect(start.status).toBe(200);
    expect(start.body).toContain('gatehouse-base');
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

  test('a path may ask for a project and a role, and no spelling gets around that', async ({ standIns }) => {
    const scene = await openScene(standIns, proxy, { withAlpha: true });
    const [ada, ben] = [await scene.personIn('github', 'ada'), await scene.personIn('azure', 'ben')];
    await scene.sql(joinAcme);
    await expect.poll(async () => (await ben.get('/')).status).toBe(200);
    expect(await ada.get('/alpha/x')).toBeProblem(403, 'forbidden');
    await scene.sql(
      `insert into projects (company_id, id, slug, name, status, created_at)
       select id, gen_random_uuid(), 'alpha', 'Alpha', 'active', now() from companies`,
    );
    await expect.poll(async () => (await ada.get('/alpha/x')).status).toBe(200);
    expect(scene.app.seen.at(-1)?.headers['x-auth-request-groups']).toBe('admin,alpha:admin');
    const seen = scene.app.seen.length;
    const cookie = ben.cookieHeader();
    for (const path of ['/alpha/x', '/alpha/x?company=acme', '/alpha/x?', '/%61lpha/x', '/alpha/a.b'])
      expect((await rawly(scene, path, cookie)).status, path).toBe(403);
    for (const path of ['/x/../alpha/x', '/x/%2e%2e/alpha/x', '/x/..%2falpha/x', '/alpha%2fx', '//alpha/x'])
      expect((await rawly(scene, path, cookie)).status, path).toBe(400);
    expect(scene.app.seen).toHaveLength(seen);
    // A query of the browser's own is no question.
    expect((await ben.get('/alphabet?project=alpha&role=admin&x=1')).status).toBe(200);
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
}
