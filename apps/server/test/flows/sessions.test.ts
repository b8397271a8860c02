import { describe, expect } from 'vitest';
import { meOf, signInAs } from '../support/people.ts';
import { until } from '../support/processes.ts';
import { secret, test } from '../support/world.ts';

const hour = 60 * 60_000;

describe('a session', () => {
  test('S-02 gets a new id at each sign-in, and the old one is over', async ({ w }) => {
    await signInAs(w, 'google', 'ada', w.browser);
    const first = await meOf(w.browser);
    const held = w.browser.cookies.get('gatehouse') ?? '';
    await signInAs(w, 'google', 'ada', w.browser);
    expect((await meOf(w.browser)).session.id).not.toBe(first.session.id);
    w.browser.cookies.set('gatehouse', held);
    expect(await w.browser.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
  });

  test('S-02 is never the one that a visitor brought along', async ({ w }) => {
    const planted = `${'A'.repeat(43)}.${'B'.repeat(43)}`;
    w.browser.cookies.set('gatehouse', planted);
    await signInAs(w, 'google', 'ada', w.browser);
    expect(w.browser.cookies.get('gatehouse')).not.toBe(planted);
  });

  test('S-06 cannot be forged: unsigned, signed by somebody else, cut in half', async ({ w }) => {
    await signInAs(w, 'google', 'ada', w.browser);
    const [token = '', seal = ''] = (w.browser.cookies.get('gatehouse') ?? '').split('.');
    const { id } = (await meOf(w.browser)).session;
    const flipped = `${seal.startsWith('A') ? 'B' : 'A'}${seal.slice(1)}`;
    for (const forged of [
      token,
      `${token}.`,
      `.${seal}`,
      `${token}.${flipped}`,
      `${token}.${seal}.${seal}`,
      id,
      `${id}.${seal}`,
      '',
    ]) {
      w.browser.cookies.set('gatehouse', forged);
      expect(await w.browser.get('/api/v1/me'), forged).toBeProblem(401, 'unauthenticated');
    }
  });

  test('S-07 cannot be taken from the database: it holds hashes', async ({ w }) => {
    await signInAs(w, 'google', 'ada', w.browser);
    const [token = ''] = (w.browser.cookies.get('gatehouse') ?? '').split('.');
    const dump = JSON.stringify([
      await w.sql(`select encode(token_hash, 'base64') as hash, s.* from sessions s`),
      await w.sql('select * from attempts'),
      await w.sql('select * from audit_events'),
      await w.sql('select * from traces'),
    ]);
    expect(dump).not.toContain(token);
    const [row] = await w.sql<{ hash: string }>(`select encode(token_hash, 'base64') as hash from sessions`);
    const stored = (row?.hash ?? '').replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    w.otherBrowser.cookies.set('gatehouse', `${stored}.${stored}`);
    expect(await w.otherBrowser.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
  });

  test('S-11 ends after its time, however busy', async ({ w }) => {
    await signInAs(w, 'google', 'ada', w.browser);
    for (let passed = 1; passed < 8; passed += 1) {
      w.clock.advance(hour);
      expect((await w.browser.get('/api/v1/me')).status).toBe(200);
    }
    w.clock.advance(hour - 2_000);
    expect((await w.browser.get('/api/v1/me')).status).toBe(200);
    w.clock.advance(3_000);
    expect(await w.browser.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
  });

  test('S-11 ends when nobody uses it, where a limit is set', async ({ w }) => {
    await w.start({ CLOUDGRID_SESSION_IDLE_SECONDS: '600' });
    await signInAs(w, 'google', 'ada', w.browser);
    for (let use = 0; use < 3; use += 1) {
      w.clock.advance(595_000);
      expect((await w.browser.get('/api/v1/me')).status).toBe(200);
    }
    w.clock.advance(601_000);
    expect(await w.browser.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
  });

  test('outlives a rotation of the session secret, and not its withdrawal', async ({ w }) => {
    await signInAs(w, 'google', 'ada', w.browser);
    const next = 'n'.repeat(32);
    await w.start({ CLOUDGRID_SESSION_SECRET: `${next},${secret}` });
    expect((await w.browser.get('/api/v1/me')).status).toBe(200);
    await signInAs(w, 'github', 'linus', w.otherBrowser);
    await w.start({ CLOUDGRID_SESSION_SECRET: next });
    expect(await w.browser.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
    expect((await w.otherBrowser.get('/api/v1/me')).status).toBe(200);
  });

  test('begun on one replica holds on the other', async ({ w }) => {
    w.google.signsInAs('ada');
    const { callbackUrl } = await w.browser.beginSignIn('google');
    const replica = await w.startReplica();
    const twin = replica.browserLike(w.browser);
    expect(await twin.ask(callbackUrl)).toRedirectTo('/');
    w.browser.cookies.set('gatehouse', twin.cookies.get('gatehouse') ?? '');
    expect((await meOf(w.browser)).user.displayName).toBe('Ada Byron');
    await twin.post('/auth/logout');
    await until(async () => (await w.browser.get('/api/v1/me')).status === 401, 1_000);
    expect(await w.browser.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
  });

  test('S-22 tells its owner no more than the contract, and is cached nowhere', async ({ w }) => {
    await signInAs(w, 'google', 'ada', w.browser);
    const answer = await w.browser.get('/api/v1/me');
    expect(answer.headers['cache-control']).toContain('no-store');
    const me = await meOf(w.browser);
    expect(Object.keys(me).sort()).toEqual(['companies', 'invitations', 'session', 'user']);
    expect(Object.keys(me.session).sort()).toEqual(['expiresAt', 'id', 'signedInWith']);
    expect(new Date(me.session.expiresAt).getTime() - w.clock.now().getTime()).toBeGreaterThan(7.9 * hour);
  });
});
