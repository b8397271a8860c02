import { describe, expect } from 'vitest';
import { meOf } from '../support/people.ts';
import type { Provider } from '../support/people.ts';
import { referenceOf } from '../support/matchers.ts';
import { test } from '../support/world.ts';

const ways: readonly (readonly [Provider, string, string])[] = [
  ['github', 'ada', 'ada@acme.example'],
  ['google', 'ada', 'ada@acme.example'],
  ['azure', 'ada', 'ada@contoso.example'],
];

describe('a person signs in', () => {
  test.for(ways)(
    'with %s, and comes back to where they wanted to go',
    async ([provider, key, email], { w }) => {
      ({ github: w.github, google: w.google, azure: w.entra })[provider].signsInAs(key);
      const answer = await w.browser.signIn(provider, { returnTo: '/reports?month=11#top' });
      expect(answer).toRedirectTo('/reports?month=11#top');
      expect(answer.status).toBe(303);
      const me = await meOf(w.browser);
      expect(me.user).toMatchObject({ displayName: 'Ada Byron', email });
      expect(me.session.signedInWith).toBe(provider);
      expect(me.companies).toMatchObject([{ slug: 'acme', name: 'Acme', role: 'admin', status: 'active' }]);
    },
  );

  test('and is sent to the provider with state, PKCE and nonce, and nothing of ours', async ({ w }) => {
    for (const provider of ['github', 'google', 'azure']) {
      const departure = await w.browser.ask(`/auth/login?provider=${provider}`);
      expect(departure.status).toBe(302);
      const query = departure.location?.searchParams;
      expect(query?.get('response_type') ?? 'code').toBe('code');
      expect(query?.get('redirect_uri')).toBe('http://localhost:3000/auth/callback');
      expect(query?.get('code_challenge_method')).toBe('S256');
      expect(query?.get('state')).toMatch(/^[\w-]{43}$/);
      expect(query?.has('nonce')).toBe(provider !== 'github');
      expect(departure.headers['referrer-policy']).toBe('no-referrer');
      expect(departure.headers['cache-control']).toContain('no-store');
    }
  });

  test('and the browser holds two small cookies, script-proof, and no token of a provider', async ({ w }) => {
    w.google.signsInAs('ada');
    const { departure, callback } = await w.browser.beginSignIn('google');
    const arrival = await callback();
    const all = [...departure.setCookies, ...arrival.setCookies];
    for (const cookie of all) expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/);
    expect([...w.browser.cookies.keys()].sort()).toEqual(['gatehouse', 'gatehouse-attempt']);
    expect(w.browser.cookieHeader().length).toBeLessThan(300);
    expect(all.join()).not.toContain('eyJ');
    expect(arrival.headers['referrer-policy']).toBe('no-referrer');
    expect(arrival.headers['cache-control']).toContain('no-store');
  });

  test('what the sign-in page draws is what is configured, in that order', async ({ w }) => {
    const answer = await w.browser.get('/auth/providers');
    expect(answer.json()).toEqual({
      mode: 'sso',
      policy: 'sso',
      password: false,
      providers: [
        { id: 'github', name: 'GitHub', loginUrl: '/auth/login?provider=github' },
        { id: 'google', name: 'Google', loginUrl: '/auth/login?provider=google' },
        { id: 'azure', name: 'Microsoft', loginUrl: '/auth/login?provider=azure' },
      ],
    });
  });

  test('only with what is listed', async ({ w }) => {
    await w.start({ CLOUDGRID_AUTH_PROVIDERS: 'google' });
    expect(await w.browser.get('/auth/login?provider=github')).toBeProblem(400, 'provider_unknown');
    expect(await w.browser.get('/auth/login?provider=okta')).toBeProblem(400, 'provider_unknown');
    expect(await w.browser.get('/auth/login')).toBeProblem(400, 'provider_unknown');
    expect(await w.browser.get('/auth/login?email=ada@acme.example')).toBeProblem(400, 'connection_unknown');
    expect(await w.browser.get('/auth/login?email=a@b@c')).toBeProblem(400, 'email_invalid');
    expect(await w.browser.get('/auth/login?provider=google&returnTo=//evil.example')).toBeProblem(
      400,
      'return_to_invalid',
    );
    expect(w.github.journal.count('authorize')).toBe(0);
  });

  test('behind an https address with cookies that only this host can have set', async ({ w }) => {
    const https = 'https://gate.example/auth/callback';
    await w.start({
      CLOUDGRID_AUTH_GITHUB_REDIRECT_URI: https,
      CLOUDGRID_AUTH_GOOGLE_REDIRECT_URI: https,
      CLOUDGRID_AUTH_AZURE_REDIRECT_URI: https,
    });
    const departure = await w.browser.ask('/auth/login?provider=google', {
      headers: { host: 'gate.example' },
    });
    expect(departure.setCookies).toHaveLength(1);
    expect(departure.setCookies[0]).toMatch(/^__Host-gatehouse-attempt=[\w-]{43}; .*; Secure$/);
    expect(departure.location?.searchParams.get('redirect_uri')).toBe(https);
  });
});

describe('ten tabs, reload and Back', () => {
  test('ten sign-ins begun at once in one browser all finish', async ({ w }) => {
    w.google.signsInAs('ada');
    w.github.signsInAs('linus');
    await w.browser.ask('/auth/login?provider=google');
    const tabs = await Promise.all(
      Array.from({ length: 10 }, (_, tab) =>
        w.browser.beginSignIn(tab % 2 ? 'google' : 'github', { returnTo: `/tab/${String(tab)}` }),
      ),
    );
    const answers = await Promise.all(tabs.map(({ callback }) => callback()));
    answers.forEach((answer, tab) => {
      expect(answer).toRedirectTo(`/tab/${String(tab)}`);
    });
    expect((await meOf(w.browser)).companies).toBeDefined();
  });

  test('reload within ten seconds: the same outcome and the same session', async ({ w }) => {
    w.google.signsInAs('ada');
    const { callback } = await w.browser.beginSignIn('google', { returnTo: '/x' });
    const first = await callback();
    const again = await callback();
    expect(first).toRedirectTo('/x');
    expect(again).toRedirectTo('/x');
    expect(again.setCookies).toEqual(first.setCookies);
    expect(await w.count('sessions')).toBe(1);
    expect(w.google.journal.count('token')).toBe(1);
  });

  test('reload after signing out, however soon: no cookie of a session that is over', async ({ w }) => {
    w.google.signsInAs('ada');
    const { callback } = await w.browser.beginSignIn('google');
    await callback();
    await w.browser.post('/auth/logout');
    const again = await callback();
    expect(again).toBeRefusedWith('attempt_invalid');
    expect(again.setCookies).toEqual([]);
  });

  test('Back, later, goes on while that session lives, and while its successor does', async ({ w }) => {
    w.google.signsInAs('ada');
    const { callback } = await w.browser.beginSignIn('google', { returnTo: '/x' });
    await callback();
    w.clock.advance(60_000);
    expect(await callback()).toRedirectTo('/x');
    await w.browser.signIn('google');
    w.clock.advance(60_000);
    expect(await callback()).toRedirectTo('/x');
  });

  test('Back, later, after signing out: the sign-in cannot be continued', async ({ w }) => {
    w.google.signsInAs('ada');
    const { callback } = await w.browser.beginSignIn('google');
    await callback();
    w.clock.advance(60_000);
    expect((await w.browser.post('/auth/logout')).status).toBe(204);
    expect(await callback()).toBeRefusedWith('attempt_invalid');
  });

  test('Back, later, in a browser that holds another session: not continued', async ({ w }) => {
    w.google.signsInAs('ada');
    const { callback } = await w.browser.beginSignIn('google');
    await callback();
    w.clock.advance(60_000);
    await w.browser.post('/auth/logout');
    w.github.signsInAs('linus');
    await w.browser.signIn('github');
    expect(await callback()).toBeRefusedWith('attempt_invalid');
  });

  test('a refused sign-in that is reloaded within ten seconds is refused alike, later it is over', async ({
    w,
  }) => {
    w.google.signsInAs('ada');
    w.google.misbehave('wrong_nonce');
    const { callback } = await w.browser.beginSignIn('google');
    const first = await callback();
    const again = await callback();
    expect(first).toBeRefusedWith('provider_refused');
    expect(again).toBeRefusedWith('provider_refused');
    expect(referenceOf(again)).toBe(referenceOf(first));
    w.clock.advance(11_000);
    expect(await callback()).toBeRefusedWith('attempt_invalid');
  });

  test('S-19 two hundred starts in one browser leave one small cookie and twenty attempts', async ({ w }) => {
    await w.browser.ask('/auth/login?provider=google');
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(Array.from({ length: 20 }, () => w.browser.ask('/auth/login?provider=google')));
    }
    expect([...w.browser.cookies.keys()]).toEqual(['gatehouse-attempt']);
    const [row] = await w.sql<{ n: string }>('select count(*) as n from attempts where settled_at is null');
    expect(Number(row?.n)).toBe(20);
    w.google.signsInAs('ada');
    expect(await w.browser.signIn('google')).toRedirectTo('/');
  });
});
