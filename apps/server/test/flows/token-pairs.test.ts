import { createRemoteJWKSet, jwtVerify } from 'jose';
import { describe, expect } from 'vitest';
import { codeOf } from '../support/matchers.ts';
import { appOrigin, beginMicrosoft, test } from '../support/microsoft.ts';
import { askAs, claimsIn, pairIn, refresh, refreshCookieOf, signInWithMicrosoft } from '../support/tokens.ts';

const graceMs = 10_000;

describe('a sign-in for a page on another origin', () => {
  test('ends there, with an access token for it and a refresh token that no page sees', async ({ w }) => {
    w.entra.signsInAs('ada');
    const { departure, callback } = await beginMicrosoft(w.browser, { returnTo: '/reports?of=may' });
    expect(departure.location?.searchParams.get('redirect_uri')).toBe(
      'http://localhost:3000/api/v1/auth/microsoft/callback',
    );
    expect(departure.location?.searchParams.get('code_challenge_method')).toBe('S256');
    const answer = await callback();
    expect(answer.status).toBe(303);
    expect(answer.location?.origin).toBe(appOrigin);
    expect(answer.location?.pathname).toBe('/auth/callback');
    expect(answer.location?.searchParams.get('returnTo')).toBe('/reports?of=may');
    expect(answer.headers['cache-control']).toContain('no-store');
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
    const cookie = answer.setCookies.find((one) => one.startsWith('refresh_token='));
    expect(cookie).toMatch(/; Path=\/api\/v1\/auth; HttpOnly; SameSite=Lax$/);
    expect(answer.setCookies.some((one) => one.startsWith('gatehouse='))).toBe(false);
    const me = await askAs(w, answer.location?.searchParams.get('token') ?? '');
    expect(me.json()).toMatchObject({
      user: { email: 'ada@contoso.example' },
      session: { signedInWith: 'microsoft' },
    });
  });

  test('T-22 the token names a user id, a session and a company, and verifies by what is published', async ({
    w,
  }) => {
    const token = await signInWithMicrosoft(w, 'ada');
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', w.address()));
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: 'http://localhost:3000',
      audience: 'gatehouse',
      typ: 'at+jwt',
    });
    const me = (await askAs(w, token)).json() as { user: { id: string }; session: { id: string } };
    expect(protectedHeader.alg).toBe('ES256');
    expect(payload.sub).toBe(me.user.id);
    expect(payload['sid']).toBe(me.session.id);
    expect(payload).toMatchObject({ org_slug: 'acme', roles: ['admin'], email: 'ada@contoso.example' });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(15 * 60);
    const discovery = (await w.browser.get('/.well-known/openid-configuration')).json();
    expect(discovery).toMatchObject({
      issuer: 'http://localhost:3000',
      jwks_uri: 'http://localhost:3000/.well-known/jwks.json',
    });
  });

  test('the same callback twice ends in the same session; its refresh token is the same one', async ({
    w,
  }) => {
    w.entra.signsInAs('ada');
    const { callback } = await beginMicrosoft(w.browser);
    const first = await callback();
    const held = refreshCookieOf(w.browser);
    const second = await callback();
    const sidOf = (answer: typeof first) => claimsIn(answer.location?.searchParams.get('token') ?? '')['sid'];
    expect(sidOf(second)).toBe(sidOf(first));
    expect(refreshCookieOf(w.browser)).toBe(held);
    expect(await w.count('sessions')).toBe(1);
  });

  test('another sign-in in this browser ends the one before', async ({ w }) => {
    const before = await signInWithMicrosoft(w, 'ada');
    const held = refreshCookieOf(w.browser);
    // The cookie goes to the paths of the API alone, so it comes along to the callback.
    const after = await signInWithMicrosoft(w, 'ben');
    expect((await askAs(w, after)).status).toBe(200);
    expect(await askAs(w, before)).toBeProblem(401, 'unauthenticated');
    w.browser.cookies.set('refresh_token', held);
    expect(await refresh(w.browser)).toBeProblem(401, 'unauthenticated');
  });

  test('what fails is told where the page is', async ({ w }) => {
    w.entra.signsInAs('ada');
    const { callbackUrl } = await beginMicrosoft(w.browser);
    const elsewhere = await w.otherBrowser.ask(callbackUrl);
    expect(elsewhere).toBeRefusedWith('attempt_invalid');
    expect(elsewhere.location?.origin).toBe(appOrigin);
    // An attempt comes back to the address it was sent with, and to no other.
    const stray = await w.browser.ask(`/auth/callback${callbackUrl.search}`);
    expect(stray).toBeRefusedWith('attempt_invalid');
  });
});

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
});

describe('signing out', () => {
  test('S-08 ends the family on every replica: refresh token and access token are worth nothing', async ({
    w,
  }) => {
    const access = await signInWithMicrosoft(w, 'ada');
    const replica = await w.startReplica();
    const twin = replica.browserLike(w.browser);
    const asked = { as: 'api', headers: { authorization: `Bearer ${access}` } } as const;
    expect((await twin.ask('/api/v1/me', asked)).status).toBe(200);
    const answer = await w.browser.post('/api/v1/auth/logout');
    expect(answer.status).toBe(204);
    expect(answer.setCookies.join()).toContain('refresh_token=; Max-Age=0');
    await expect.poll(async () => (await twin.ask('/api/v1/me', asked)).status, { timeout: 1_000 }).toBe(401);
    expect(await refresh(twin)).toBeProblem(401, 'unauthenticated');
    expect((await w.browser.post('/api/v1/auth/logout')).status).toBe(204);
  });

  test('R-06 at the same moment as refreshing: after its answer nothing goes on', async ({ w }) => {
    for (let round = 0; round < 10; round += 1) {
      await signInWithMicrosoft(w, 'ada');
      w.clock.advance(graceMs);
      const twins = Array.from({ length: 4 }, () => {
        const twin = w.newBrowser();
        twin.cookies.set('refresh_token', refreshCookieOf(w.browser));
        return twin;
      });
      await Promise.all([...twins.map((twin) => refresh(twin)), w.browser.post('/api/v1/auth/logout')]);
      for (const twin of twins) expect((await refresh(twin)).status).toBe(401);
      expect(await w.count('sessions where ended_at is null')).toBe(0);
    }
  });

  test('the session stands in the person’s list, and can be ended from another browser', async ({ w }) => {
    const here = await signInWithMicrosoft(w, 'ada');
    const there = await signInWithMicrosoft(w, 'ada', w.otherBrowser);
    const list = (await askAs(w, here, '/api/v1/me/sessions')).json() as {
      items: { id: string; isCurrent: boolean; signedInWith: string }[];
    };
    expect(list.items.map(({ signedInWith }) => signedInWith)).toEqual(['microsoft', 'microsoft']);
    const other = list.items.find(({ isCurrent }) => !isCurrent)?.id ?? '';
    expect((await askAs(w, here, `/api/v1/me/sessions/${other}`, 'DELETE')).status).toBe(204);
    expect(await askAs(w, there)).toBeProblem(401, 'unauthenticated');
    expect(await refresh(w.otherBrowser)).toBeProblem(401, 'unauthenticated');
    expect((await askAs(w, here)).status).toBe(200);
  });
});

describe('the page on another origin', () => {
  test('alone may call with credentials and read the answers', async ({ w }) => {
    const preflight = (origin: string, path = '/api/v1/auth/refresh') =>
      w.browser.ask(path, {
        method: 'OPTIONS',
        as: 'api',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'x-csrf',
        },
      });
    const allowed = await preflight(appOrigin);
    expect(allowed.status).toBe(204);
    expect(allowed.headers['access-control-allow-origin']).toBe(appOrigin);
    expect(allowed.headers['access-control-allow-credentials']).toBe('true');
    expect(allowed.headers['access-control-allow-headers']).toContain('x-csrf');
    for (const origin of [
      'http://localhost:5174',
      'null',
      `${appOrigin}.evil.example`,
      'https://localhost:5173',
    ]) {
      const refused = await preflight(origin);
      expect(refused.headers['access-control-allow-origin']).toBeUndefined();
      expect(refused.headers.vary).toContain('Origin');
    }
    const answer = await w.browser.ask('/api/v1/me', { as: 'api', headers: { origin: appOrigin } });
    expect(answer).toBeProblem(401, 'unauthenticated');
    expect(answer.headers['access-control-allow-origin']).toBe(appOrigin);
    const callback = await preflight(appOrigin, '/auth/callback');
    expect(callback.headers['access-control-allow-origin']).toBeUndefined();
  });
});
