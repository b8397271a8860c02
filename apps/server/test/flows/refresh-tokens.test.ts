import { expect, describe } from 'vitest';
import { codeOf } from '../support/matchers.ts';
import { appOrigin, test } from '../support/microsoft.ts';
import {
  askAs,
  claimsIn,
  graceMs,
  pairIn,
  refresh,
  refreshCookieOf,
  signInWithMicrosoft,
} from '../support/tokens.ts';

describe('a refresh token', () => {
  test('T-11 younger than ten seconds is answered with itself; older, with one successor for all who bring it', async ({
    w,
  }) => {
    await signInWithMicrosoft(w, 'ada');
    const first = refreshCookieOf(w.browser);
    expect(pairIn(await refresh(w.browser)).expiresIn).toBe(15 * 60);
    expect(refreshCookieOf(w.browser)).toBe(first);
    w.clock.advance(graceMs);
    const replica = await w.startReplica();
    const tabs = Array.from({ length: 12 }, (_, tab) => {
      const twin = tab % 2 === 0 ? w.newBrowser() : replica.browserLike(w.browser);
      twin.cookies.set('refresh_token', first);
      return twin;
    });
    const answers = await Promise.all(tabs.map((tab) => refresh(tab)));
    expect(answers.map(({ status }) => status)).toEqual(tabs.map(() => 200));
    const successors = new Set(tabs.map(refreshCookieOf));
    expect(successors.size).toBe(1);
    expect(successors.has(first)).toBe(false);
    expect(await w.count('refresh_tokens where rotated_at is null')).toBe(1);
  });

  test('T-10 that comes back later ends the whole family, and its person is told', async ({ w }) => {
    const access = await signInWithMicrosoft(w, 'ada');
    const first = refreshCookieOf(w.browser);
    w.clock.advance(graceMs);
    pairIn(await refresh(w.browser));
    w.clock.advance(graceMs);
    w.otherBrowser.cookies.set('refresh_token', first);
    const replay = await refresh(w.otherBrowser);
    expect(replay).toBeProblem(401, 'refresh_reused');
    expect(replay.setCookies.join()).toContain('refresh_token=; Max-Age=0');
    expect(await refresh(w.browser)).toBeProblem(401, 'unauthenticated');
    expect(await askAs(w, access)).toBeProblem(401, 'unauthenticated');
    expect(await w.count(`audit_events where type = 'session.refresh_reused'`)).toBe(1);
    expect(await w.count(`sessions where ended_because = 'refresh_reused'`)).toBe(1);
  });

  test('T-12 is forgiven for its direct successor alone', async ({ w }) => {
    await signInWithMicrosoft(w, 'ada');
    const first = refreshCookieOf(w.browser);
    w.clock.advance(graceMs);
    await refresh(w.browser);
    // Another replica’s clock is ahead: the successor was rotated while the first is in its grace.
    await w.sql(
      `update refresh_tokens set created_at = created_at - interval '20 seconds' where rotated_at is null`,
    );
    await refresh(w.browser);
    w.otherBrowser.cookies.set('refresh_token', first);
    expect(await refresh(w.otherBrowser)).toBeProblem(401, 'refresh_reused');
    expect(await refresh(w.browser)).toBeProblem(401, 'unauthenticated');
  });

  test('T-14 lives no longer than its family, however often it was rotated', async ({ w }) => {
    await signInWithMicrosoft(w, 'ada');
    const day = 24 * 60 * 60 * 1000;
    for (let passed = 1; passed < 7; passed += 1) {
      w.clock.advance(day);
      pairIn(await refresh(w.browser));
    }
    w.clock.advance(day);
    expect(await refresh(w.browser)).toBeProblem(401, 'unauthenticated');
  });

  test('no table holds a token that could be brought', async ({ w }) => {
    await signInWithMicrosoft(w, 'ada');
    const held = Buffer.from(refreshCookieOf(w.browser), 'base64url');
    const [row] = await w.sql<{ token_hash: Buffer }>('select token_hash from refresh_tokens');
    expect(row?.token_hash.equals(held)).toBe(false);
    w.browser.cookies.set('refresh_token', row?.token_hash.toString('base64url') ?? '');
    expect(await refresh(w.browser)).toBeProblem(401, 'unauthenticated');
  });

  test('T-15 S-16 goes with our own page’s calls alone, and to the paths of the API', async ({ w }) => {
    await signInWithMicrosoft(w, 'ada');
    const ask = (headers: Record<string, string>) =>
      w.browser.ask('/api/v1/auth/refresh', { method: 'POST', as: 'api', headers });
    expect(await ask({ 'x-csrf': '' })).toBeProblem(403, 'csrf_rejected');
    expect(await ask({ origin: 'https://evil.example' })).toBeProblem(403, 'csrf_rejected');
    expect(await ask({ 'sec-fetch-site': 'cross-site' })).toBeProblem(403, 'csrf_rejected');
    expect(await ask({ authorization: 'Bearer x', 'x-csrf': '' })).toBeProblem(401, 'unauthenticated');
    expect((await ask({ origin: appOrigin })).status).toBe(200);
  });

  test('T-16 leads nowhere once its person is disabled, their session was ended, or the way in is gone', async ({
    w,
  }) => {
    await signInWithMicrosoft(w, 'ada');
    await w.sql(`update users set status = 'disabled'`);
    expect(await refresh(w.browser)).toBeProblem(401, 'unauthenticated');
    await w.sql(`update users set status = 'active'`);
    await signInWithMicrosoft(w, 'ada');
    await w.start({ MS_CLIENT_ID: undefined, MS_CLIENT_SECRET: undefined, APP_BASE_URL: undefined });
    expect(await refresh(w.browser)).toBeProblem(400, 'provider_unknown');
    await w.start();
    expect(await refresh(w.browser)).toBeProblem(401, 'unauthenticated');
    expect(await w.count(`sessions where ended_because = 'not_allowed'`)).toBe(1);
  });

  test('is asked for today’s policy each time', async ({ w }) => {
    await signInWithMicrosoft(w, 'ada');
    await w.start({ AUTH_POLICY: 'restricted', AUTH_ALLOWED_EMAIL_DOMAINS: 'fabrikam.example' });
    expect(await refresh(w.browser)).toBeProblem(403, 'email_domain_not_allowed');
    await w.start({ AUTH_POLICY: 'restricted', AUTH_ALLOWED_EMAIL_DOMAINS: 'contoso.example' });
    await signInWithMicrosoft(w, 'ada');
    pairIn(await refresh(w.browser));
  });

  test('chooses the company that its access token speaks of, among one’s own', async ({ w }) => {
    await signInWithMicrosoft(w, 'ada');
    const named = pairIn(await refresh(w.browser, { company: 'acme' }));
    expect(claimsIn(named.accessToken)).toMatchObject({ org_slug: 'acme' });
    expect(await refresh(w.browser, { company: 'globex' })).toBeProblem(404, 'not_found');
    await w.sql(`update companies set status = 'suspended'`);
    const wish = async () => codeOf(await refresh(w.browser, { company: 'acme' }));
    await expect.poll(wish, { timeout: 1_000 }).toBe('company_suspended');
    expect(claimsIn(pairIn(await refresh(w.browser)).accessToken)['org_id']).toBeUndefined();
  });

  test('T-10 that was replaced opens no other door either: who comes to link a way in with it ends the family', async ({
    w,
  }) => {
    await signInWithMicrosoft(w, 'ada');
    w.otherBrowser.cookies.set('refresh_token', refreshCookieOf(w.browser));
    w.clock.advance(graceMs);
    pairIn(await refresh(w.browser));
    w.clock.advance(graceMs);
    const thief = await w.otherBrowser.get('/api/v1/auth/link?provider=github');
    expect(thief).toBeProblem(401, 'refresh_reused');
    expect(await refresh(w.browser)).toBeProblem(401, 'unauthenticated');
  });

  test('T-16 leads nowhere once its person was removed from a company', async ({ w }) => {
    const admin = await signInWithMicrosoft(w, 'ada');
    const access = await signInWithMicrosoft(w, 'ben', w.otherBrowser);
    const { user } = (await askAs(w, access)).json() as { user: { id: string } };
    await w.sql(
      `insert into members (company_id, user_id, role, joined_at) select id, $1, 'user', now() from companies`,
      [user.id],
    );
    const removed = await askAs(w, admin, ['DELETE', `/api/v1/companies/acme/members/${user.id}`]);
    expect(removed.status).toBe(204);
    expect(await refresh(w.otherBrowser)).toBeProblem(401, 'unauthenticated');
    expect(await askAs(w, access)).toBeProblem(401, 'unauthenticated');
    expect((await askAs(w, admin)).status).toBe(200);
  });
});
