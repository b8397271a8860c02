import { describe, expect } from 'vitest';
import { codeOf } from '../support/matchers.ts';
import { countAll } from '../support/people.ts';
import { leavesNothing, nextSignInWorks, traceOf } from '../support/refusals.ts';
import { test } from '../support/world.ts';

describe('a callback that is nobody’s', () => {
  test('P-01 without a state', async ({ w }) => {
    w.google.signsInAs('ada');
    w.google.misbehave('missing_state');
    const before = await countAll(w);
    const answer = await w.browser.signIn('google');
    expect(answer).toBeRefusedWith('attempt_invalid');
    expect((await traceOf(w, answer))?.steps).toEqual([
      { name: 'attempt', outcome: 'failed', ms: 0, finding: 'state_missing' },
    ]);
    await leavesNothing(w, before, answer);
    expect(w.google.journal.count('token')).toBe(0);
    await nextSignInWorks(w, 'google');
  });

  test('P-01 without a state and without a cookie: an absent value equals no other', async ({ w }) => {
    expect(await w.browser.get('/auth/callback?code=x')).toBeProblem(400, 'attempt_invalid');
    expect(await w.browser.get('/auth/callback')).toBeProblem(400, 'attempt_invalid');
    expect(await w.browser.get('/auth/callback?code=x&state=')).toBeProblem(400, 'attempt_invalid');
  });

  test('P-02 with a state that was never given', async ({ w }) => {
    w.google.signsInAs('ada');
    w.google.misbehave('wrong_state');
    const before = await countAll(w);
    const answer = await w.browser.signIn('google');
    expect(answer).toBeRefusedWith('attempt_invalid');
    await leavesNothing(w, before, answer);
    expect(w.google.journal.count('token')).toBe(0);
    await nextSignInWorks(w, 'google');
  });

  test('P-02 with a state that was given twice', async ({ w }) => {
    w.google.signsInAs('ada');
    const { callbackUrl } = await w.browser.beginSignIn('google');
    const doubled = `${callbackUrl.href}&state=${callbackUrl.searchParams.get('state') ?? ''}`;
    expect(codeOf(await w.browser.ask(doubled))).toMatch(/^(?:attempt|request)_invalid$/);
    expect(w.google.journal.count('token')).toBe(0);
  });

  test('P-03 in another browser; it stays good in its own', async ({ w }) => {
    w.google.signsInAs('ada');
    const { callback, callbackUrl } = await w.browser.beginSignIn('google');
    expect(await w.otherBrowser.ask(callbackUrl)).toBeRefusedWith('attempt_invalid');
    await w.otherBrowser.ask('/auth/login?provider=google');
    expect(await w.otherBrowser.ask(callbackUrl)).toBeRefusedWith('attempt_invalid');
    expect(w.google.journal.count('token')).toBe(0);
    expect(await callback()).toRedirectTo('/');
  });

  test('P-05 of an attempt that went to another provider', async ({ w }) => {
    w.google.signsInAs('ada');
    w.github.signsInAs('ada');
    const toGoogle = await w.browser.beginSignIn('google');
    const toGitHub = await w.browser.beginSignIn('github');
    const crossed = new URL(toGitHub.callbackUrl);
    crossed.searchParams.set('state', toGoogle.callbackUrl.searchParams.get('state') ?? '');
    const before = await countAll(w);
    const answer = await w.browser.ask(crossed);
    expect(codeOf(answer)).toBe('provider_refused'); // Google's token endpoint does not know GitHub's code
    expect(await countAll(w)).toEqual(before);
    expect(w.github.journal.count('token')).toBe(0);
  });

  test('P-05 at an address that is not its own', async ({ w }) => {
    w.google.signsInAs('ada');
    const { callbackUrl } = await w.browser.beginSignIn('google');
    const elsewhere = await w.browser.ask(`/api/v1/auth/microsoft/callback${callbackUrl.search}`);
    expect(elsewhere.status).not.toBe(200);
    expect(elsewhere.setCookies).toEqual([]);
    expect(w.google.journal.count('token')).toBe(0);
  });

  test('P-06 with the iss of somebody else: the code is sent nowhere', async ({ w }) => {
    w.google.signsInAs('ada');
    w.google.misbehave('wrong_iss_parameter');
    const answer = await w.browser.signIn('google');
    expect(answer).toBeRefusedWith('provider_refused');
    expect((await traceOf(w, answer))?.steps.find((step) => step.outcome === 'failed')?.finding).toBe(
      'issuer_mismatch',
    );
    expect(w.google.journal.count('token')).toBe(0);
  });

  test('P-07 without the iss that the provider promises', async ({ w }) => {
    w.google.misbehave('missing_iss_parameter');
    await w.start();
    w.google.signsInAs('ada');
    const answer = await w.browser.signIn('google');
    expect(answer).toBeRefusedWith('provider_refused');
    expect((await traceOf(w, answer))?.steps.find((step) => step.outcome === 'failed')?.finding).toBe(
      'issuer_missing',
    );
    expect(w.google.journal.count('token')).toBe(0);
  });

  test('P-38 with the code of somebody else’s sign-in', async ({ w }) => {
    w.google.signsInAs('gina');
    const attacker = await w.otherBrowser.beginSignIn('google');
    w.google.signsInAs('ada');
    const victim = await w.browser.beginSignIn('google');
    const injected = new URL(victim.callbackUrl);
    injected.searchParams.set('code', attacker.callbackUrl.searchParams.get('code') ?? '');
    const before = await countAll(w);
    expect(await w.browser.ask(injected)).toBeRefusedWith('provider_refused');
    expect(await countAll(w)).toEqual(before);
  });

  test('P-38 with another code than the one that used up the state', async ({ w }) => {
    w.google.signsInAs('ada');
    const { callback, callbackUrl } = await w.browser.beginSignIn('google');
    await callback();
    const other = new URL(callbackUrl);
    other.searchParams.set('code', 'somebody-elses');
    expect(await w.otherBrowser.ask(other)).toBeRefusedWith('attempt_invalid');
    expect(await w.browser.ask(other)).toBeRefusedWith('attempt_invalid');
    expect(w.google.journal.count('token')).toBe(1);
  });

  test('P-46 whose attempt cookie is put in the session cookie’s place', async ({ w }) => {
    await w.browser.ask('/auth/login?provider=google');
    const value = w.browser.cookies.get('gatehouse-attempt') ?? '';
    for (const forged of [value, `${value}.${value}`]) {
      w.browser.cookies.set('gatehouse', forged);
      expect(await w.browser.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
    }
  });

  test('P-45 whose state is put in the place of any other secret of ours', async ({ w }) => {
    const { callbackUrl } = await (w.google.signsInAs('ada'), w.browser.beginSignIn('google'));
    const state = callbackUrl.searchParams.get('state') ?? '';
    w.otherBrowser.cookies.set('gatehouse', `${state}.${state}`);
    w.otherBrowser.cookies.set('gatehouse-attempt', state);
    expect(await w.otherBrowser.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
    expect(await w.otherBrowser.ask(callbackUrl)).toBeRefusedWith('attempt_invalid');
  });

  test('P-47 after ten minutes', async ({ w }) => {
    w.google.signsInAs('ada');
    const { callback } = await w.browser.beginSignIn('google');
    w.clock.advance(10 * 60_000 + 1_000);
    expect(await callback()).toBeRefusedWith('attempt_invalid');
    await nextSignInWorks(w, 'google');
  });

  test('P-49 that a third party began for us', async ({ w }) => {
    const query =
      'iss=https://evil.example&login_hint=ada@acme.example&target_link_uri=https://evil.example/';
    const answer = await w.browser.ask(`/auth/login?${query}`);
    expect(answer).toBeRefusedWith('provider_unknown');
    expect(answer.location?.href).not.toContain('evil');
  });

  test('P-27 that is posted instead of visited', async ({ w }) => {
    const answer = await w.browser.post('/auth/callback?error=login_required&state=x');
    expect(answer.status).toBe(405);
    expect(answer.setCookies).toEqual([]);
  });

  test('as JSON where a program asks: status, code, title, reference, and nothing else', async ({ w }) => {
    const answer = await w.browser.get('/auth/callback?code=x&state=y');
    expect(answer).toBeProblem(400, 'attempt_invalid');
    expect(Object.keys(answer.json() as object).sort()).toEqual([
      'code',
      'reference',
      'status',
      'title',
      'type',
    ]);
  });

  test('S-04 two cookies of one name: both are cleared, neither is believed', async ({ w }) => {
    const answer = await w.browser.ask('/api/v1/me', {
      as: 'api',
      headers: { cookie: 'gatehouse=a; gatehouse=b' },
    });
    expect(answer).toBeProblem(400, 'cookie_duplicate');
    expect(answer.setCookies.join()).toMatch(/gatehouse=; Max-Age=0/);
  });
});
