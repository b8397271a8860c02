import { describe, expect } from 'vitest';
import type { Browser } from '../support/browser.ts';
import { endedBecause, liveSessions, sessionIdOf, sessionsOf } from '../support/own-sessions.ts';
import { signInAs } from '../support/people.ts';
import { test } from '../support/world.ts';

describe('S-14 no more than 25 sessions of one person', () => {
  test('the next sign-in ends the oldest, and says so in the trail', async ({ w }) => {
    const browsers: Browser[] = [];
    for (let signedIn = 0; signedIn < 25; signedIn += 1) {
      browsers.push(await signInAs(w, 'google', 'ada'));
      w.clock.advance(1_000);
    }
    const [oldest = w.browser, second = w.browser] = browsers;
    const oldestId = await sessionIdOf(oldest);
    await signInAs(w, 'github', 'linus');
    expect(await sessionsOf(oldest)).toHaveLength(25);
    const newest = await signInAs(w, 'google', 'ada');
    expect(await oldest.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
    for (const browser of [second, newest]) expect(await sessionsOf(browser)).toHaveLength(25);
    expect(await endedBecause(w, 'evicted')).toMatchObject([{ subject_id: oldestId, address: '127.0.0.1' }]);
  });

  test('R-11 nor while fifty sign-ins of the person finish at once', async ({ w }) => {
    w.google.signsInAs('ada');
    const begun = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const browser = w.newBrowser();
        return { browser, ...(await browser.beginSignIn('google')) };
      }),
    );
    const over = new AbortController();
    const seen: number[] = [];
    const watching = (async () => {
      while (!over.signal.aborted) seen.push(await w.count(liveSessions));
    })();
    const answers = await Promise.all(begun.map(({ callback }) => callback()));
    over.abort();
    await watching;
    for (const answer of answers) expect(answer).toRedirectTo('/');
    expect(Math.max(...seen)).toBeLessThanOrEqual(25);
    expect(await w.count(liveSessions)).toBe(25);
    expect(await endedBecause(w, 'evicted')).toHaveLength(25);
    const statuses = await Promise.all(
      begun.map(async ({ browser }) => (await browser.get('/api/v1/me')).status),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(25);
    expect(statuses.filter((status) => status === 401)).toHaveLength(25);
  });
});
