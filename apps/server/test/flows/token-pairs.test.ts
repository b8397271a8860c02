import { createRemoteJWKSet, jwtVerify } from 'jose';
import { describe, expect } from 'vitest';
import { appOrigin, beginMicrosoft, loginPath, test } from '../support/microsoft.ts';
import {
  askAs,
  claimsIn,
  graceMs,
  refresh,
  refreshCookieOf,
  signInWithMicrosoft,
} from '../support/tokens.ts';

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

  test('with an access token that is nobody’s any more ends nothing, and says so', async ({ w }) => {
    await signInWithMicrosoft(w, 'ada');
    const headers = { authorization: 'Bearer x.y.z' };
    const answer = await w.browser.ask('/api/v1/auth/logout', { method: 'POST', as: 'api', headers });
    expect(answer).toBeProblem(401, 'unauthenticated');
    expect((await refresh(w.browser)).status).toBe(200);
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
    const list = (await askAs(w, here, ['GET', '/api/v1/me/sessions'])).json() as {
      items: { id: string; isCurrent: boolean; signedInWith: string }[];
    };
    expect(list.items.map(({ signedInWith }) => signedInWith)).toEqual(['microsoft', 'microsoft']);
    const other = list.items.find(({ isCurrent }) => !isCurrent)?.id ?? '';
    expect((await askAs(w, here, ['DELETE', `/api/v1/me/sessions/${other}`])).status).toBe(204);
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

describe('heads as large as Entra makes them', () => {
  const junk = (bytes: number) => ({ cookie: `junk=${'x'.repeat(bytes)}` });

  test('S-20 D-12 pass through the whole sign-in, and what is larger than configured is told so', async ({
    w,
  }) => {
    w.entra.signsInAs('ada');
    const large = 60_000;
    const departure = await w.browser.ask(`${loginPath}?returnTo=/x`, { headers: junk(large) });
    expect(departure.status).toBe(302);
    const { callbackUrl } = await beginMicrosoft(w.browser);
    const among = () => ({ cookie: `${w.browser.cookieHeader()}; ${junk(large).cookie}` });
    const callback = await w.browser.ask(callbackUrl, { headers: among() });
    const access = callback.location?.searchParams.get('token') ?? '';
    const asked = { as: 'api', headers: { ...among(), authorization: `Bearer ${access}` } } as const;
    expect((await w.browser.ask('/api/v1/me', asked)).status).toBe(200);
    const refreshed = await w.browser.ask('/api/v1/auth/refresh', {
      method: 'POST',
      as: 'api',
      headers: among(),
    });
    expect(refreshed.status).toBe(200);
    expect((await w.browser.ask(loginPath, { headers: junk(66_000) })).status).toBe(431);
    await w.start({ HTTP_READ_BUFFER_BYTES: '16384' });
    expect((await w.browser.ask(loginPath, { headers: junk(17_000) })).status).toBe(431);
    expect((await w.browser.ask(loginPath, { headers: junk(14_000) })).status).toBe(302);
  });
});
