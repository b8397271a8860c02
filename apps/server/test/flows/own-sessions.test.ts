import { Problem } from '@gatehouse/contract';
import { describe, expect } from 'vitest';
import {
  endedBecause,
  liveSessions,
  sessionIdOf,
  sessionsOf,
  sessionsPath,
  signInFrom,
} from '../support/own-sessions.ts';
import { meOf, signInAs } from '../support/people.ts';
import { environmentOf, test } from '../support/world.ts';

const hour = 60 * 60_000;

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const iPhone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1';

describe('S-15 one’s own sessions', () => {
  test('are listed by what their person recognises them by: this one first, then by last use', async ({
    w,
  }) => {
    const phone = await signInFrom(w, { 'user-agent': iPhone });
    w.clock.advance(hour);
    await signInFrom(w, { 'user-agent': firefox });
    w.clock.advance(hour);
    await signInFrom(w, { 'user-agent': 'curl/8.5.0' });
    w.clock.advance(hour);
    const items = await sessionsOf(phone);
    expect(items.map(({ isCurrent, device }) => ({ isCurrent, device }))).toEqual([
      { isCurrent: true, device: { kind: 'phone', browser: 'Safari', os: 'iOS' } },
      { isCurrent: false, device: { kind: 'unknown' } },
      { isCurrent: false, device: { kind: 'desktop', browser: 'Firefox', os: 'Linux' } },
    ]);
    const [current, curl] = items;
    expect(current).toMatchObject({
      id: await sessionIdOf(phone),
      signedInWith: 'google',
      address: '127.0.0.1',
    });
    expect(current).not.toHaveProperty('place');
    const age = (moment = '') => Math.round((w.clock.now().getTime() - new Date(moment).getTime()) / hour);
    expect([age(current?.createdAt), age(current?.lastSeenAt), age(current?.expiresAt)]).toEqual([3, 0, -5]);
    expect([age(curl?.createdAt), age(curl?.lastSeenAt)]).toEqual([1, 1]);
  });

  test('tell nobody the words of a browser, and are cached nowhere', async ({ w }) => {
    const browser = await signInFrom(w, { 'user-agent': `${firefox} Secret/1 <b>` });
    const answer = await browser.get(sessionsPath);
    expect(answer.body).not.toMatch(/Mozilla|Secret|<b>/);
    expect(answer.headers['cache-control']).toContain('no-store');
    expect(answer.json()).toMatchObject({ nextCursor: null });
  });

  test('keep no more than the beginning of what a browser says', async ({ w }) => {
    const browser = await signInFrom(w, { 'user-agent': `${firefox} ${'x'.repeat(4_000)}` });
    expect(await w.count('sessions where length(user_agent) = 512')).toBe(1);
    expect(await sessionsOf(browser)).toMatchObject([{ device: { browser: 'Firefox' } }]);
  });

  test('leave the list once they have expired', async ({ w }) => {
    await signInAs(w, 'google', 'ada');
    w.clock.advance(6 * hour);
    const later = await signInAs(w, 'google', 'ada');
    expect(await sessionsOf(later)).toHaveLength(2);
    w.clock.advance(3 * hour);
    expect(await sessionsOf(later)).toHaveLength(1);
  });

  test('leave the list once nobody uses them, where a limit is set, and this one stays', async ({ w }) => {
    await w.start({ CLOUDGRID_SESSION_IDLE_SECONDS: '600' });
    await signInAs(w, 'google', 'ada');
    const used = await signInAs(w, 'google', 'ada');
    for (let use = 0; use < 2; use += 1) {
      w.clock.advance(590_000);
      expect(await sessionsOf(used)).toHaveLength(use === 0 ? 2 : 1);
    }
  });

  test('end one by one: the other browser is out, and the trail says who did it and from where', async ({
    w,
  }) => {
    const [here, there] = [await signInAs(w, 'google', 'ada'), await signInAs(w, 'google', 'ada')];
    const [ada, id] = [(await meOf(here)).user.id, await sessionIdOf(there)];
    const answer = await here.delete(`${sessionsPath}/${id}`);
    expect(answer.status, answer.body).toBe(204);
    expect(answer.setCookies).toEqual([]);
    expect(await there.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
    expect(await sessionsOf(here)).toMatchObject([{ isCurrent: true }]);
    expect(await endedBecause(w, 'revoked')).toEqual([
      { subject_id: id, actor_id: ada, address: '127.0.0.1' },
    ]);
    expect(await here.delete(`${sessionsPath}/${id}`)).toBeProblem(404, 'not_found');
    expect(await endedBecause(w, 'revoked')).toHaveLength(1);
  });

  test('end with this one as signing out does', async ({ w }) => {
    const browser = await signInAs(w, 'google', 'ada', w.browser);
    const [id, held] = [await sessionIdOf(browser), browser.cookies.get('gatehouse') ?? ''];
    const answer = await browser.delete(`${sessionsPath}/${id.toUpperCase()}`);
    expect(answer.status, answer.body).toBe(204);
    expect(answer.setCookies.join()).toMatch(/^gatehouse=; Max-Age=0;/);
    expect(answer.headers['clear-site-data']).toBe('"cache"');
    browser.cookies.set('gatehouse', held);
    expect(await browser.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
    expect(await endedBecause(w, 'signed_out')).toMatchObject([{ subject_id: id }]);
  });

  test('are nobody else’s to see or to end, and no answer tells that they exist', async ({ w }) => {
    const ada = await signInAs(w, 'google', 'ada');
    const linus = await signInAs(w, 'github', 'linus');
    expect((await sessionsOf(linus)).map(({ id }) => id)).toEqual([await sessionIdOf(linus)]);
    const foreign = await linus.delete(`${sessionsPath}/${await sessionIdOf(ada)}`);
    const unknown = await linus.delete(`${sessionsPath}/019a0000-0000-7000-8000-000000000000`);
    const told = [foreign, unknown].map((answer) => {
      const problem = Object.entries(Problem.parse(answer.json()));
      return { status: answer.status, problem: problem.filter(([name]) => name !== 'reference') };
    });
    expect(told[0]).toEqual(told[1]);
    expect(foreign).toBeProblem(404, 'not_found');
    expect((await linus.delete(`${sessionsPath}?others=true`)).status).toBe(204);
    expect(await sessionsOf(ada)).toHaveLength(1);
    expect(await endedBecause(w, 'revoked')).toEqual([]);
  });

  test('are read and ended by who is signed in alone', async ({ w }) => {
    const ada = await signInAs(w, 'google', 'ada');
    const nobody = w.newBrowser();
    for (const answer of [
      await nobody.get(sessionsPath),
      await nobody.delete(`${sessionsPath}?others=true`),
      await nobody.delete(`${sessionsPath}/${await sessionIdOf(ada)}`),
    ])
      expect(answer).toBeProblem(401, 'unauthenticated');
    const forged = await ada.ask(`${sessionsPath}?others=true`, {
      method: 'DELETE',
      as: 'api',
      headers: { 'x-csrf': '' },
    });
    expect(forged).toBeProblem(403, 'csrf_rejected');
  });

  test('are none where nobody signs in, and ending any finds none', async ({ w }) => {
    const names = Object.keys(environmentOf(w, w.publicOrigin, w.database));
    const ofSignIn = names.filter((name) => /^CLOUDGRID_(DEPLOYMENT|AUTH|SESSION)_/.test(name));
    await w.start(Object.fromEntries(ofSignIn.map((name) => [name, undefined])));
    const { session } = await meOf(w.browser);
    expect(await sessionsOf(w.browser)).toEqual([]);
    expect(await w.browser.delete(`${sessionsPath}/${session.id}`)).toBeProblem(404, 'not_found');
    expect((await w.browser.delete(`${sessionsPath}?others=true`)).status).toBe(204);
  });

  test('end all but this one, if that is what was asked for', async ({ w }) => {
    const here = await signInAs(w, 'google', 'ada');
    const others = [await signInAs(w, 'google', 'ada'), await signInAs(w, 'google', 'ada')];
    for (const query of ['', '?others=false', '?others=1', '?others=true&others=true', '?all=true'])
      expect(await here.delete(`${sessionsPath}${query}`), query).toBeProblem(400, 'request_invalid');
    expect(await w.count(liveSessions)).toBe(3);
    const ids = await Promise.all(others.map(sessionIdOf));
    expect((await here.delete(`${sessionsPath}?others=true`)).status).toBe(204);
    for (const other of others) expect(await other.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
    expect(await sessionsOf(here)).toMatchObject([{ isCurrent: true }]);
    const ended = await endedBecause(w, 'revoked');
    expect(ended.map((event) => event.subject_id).toSorted()).toEqual(ids.toSorted());
    expect((await here.delete(`${sessionsPath}?others=true`)).status).toBe(204);
    expect(await endedBecause(w, 'revoked')).toHaveLength(2);
  });
});
