import { describe, expect } from 'vitest';
import { otherPassword } from '../support/passwords.ts';
import {
  addAccount,
  addApp,
  eventsOf,
  goodPassword,
  logIn,
  registerAs,
  shapeOf,
  test,
} from '../support/passwords.ts';
import { codeOf } from '../support/matchers.ts';
import { signInAs } from '../support/people.ts';
import { askAs, pairIn, refresh, refreshCookieOf } from '../support/tokens.ts';

const grace = 'grace@navy.example';

describe('a password that fits', () => {
  test('F-13 hands out a token pair, and is kept under a hash of today’s cost from then on', async ({
    w,
  }) => {
    const userId = await addAccount(w, grace);
    const answer = await logIn(w.browser, ' Grace@Navy.example ');
    const { accessToken } = pairIn(answer);
    expect((await askAs(w, accessToken)).json()).toMatchObject({
      user: { id: userId, email: grace },
      session: { signedInWith: 'password' },
      companies: [{ slug: 'acme', role: 'admin' }],
    });
    expect(refreshCookieOf(w.browser)).not.toBe('');
    expect((await refresh(w.browser)).status).toBe(200);
    const [kept] = await w.sql<{ hash: string }>('select hash from passwords');
    expect(kept?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await eventsOf(w, 'session.started', 'sign_in.refused')).map(({ type }) => type)).toEqual([
      'session.started',
    ]);
    expect(w.logLines.join('')).not.toContain(goodPassword);
    expect((await logIn(w.browser, grace)).status, 'in the same browser again').toBe(200);
    expect(await w.count('sessions where ended_at is null')).toBe(1);
  });

  test('T-19 opens nothing by itself beside an authenticator app', async ({ w }) => {
    await addApp(w, await addAccount(w, grace));
    const answer = await logIn(w.browser, grace);
    expect(answer.json()).toEqual({
      mfaRequired: true,
      mfaToken: expect.stringMatching(/^[\w-]{43}$/) as unknown,
    });
    expect([...w.browser.cookies.keys()], 'a name for the browser alone').toEqual(['gatehouse-attempt']);
    expect(await w.count('sessions')).toBe(0);
    const { mfaToken } = answer.json() as { mfaToken: string };
    expect(await askAs(w, mfaToken)).toBeProblem(401, 'unauthenticated');
  });

  test('L-17 F-01 of an account that is disabled is told so; a wrong one is not', async ({ w }) => {
    const userId = await addAccount(w, grace, { status: 'disabled' });
    await addApp(w, userId);
    expect(await logIn(w.browser, grace)).toBeProblem(403, 'account_disabled');
    expect(await logIn(w.browser, grace, otherPassword)).toBeProblem(401, 'credentials_invalid');
    expect(await eventsOf(w, 'sign_in.refused')).toMatchObject([
      { reason: 'account_disabled', subject_id: userId },
      { reason: 'credentials_invalid', subject_id: userId },
    ]);
    expect(await w.count('sessions')).toBe(0);
    expect(await w.count('mfa_challenges')).toBe(0);
  });
});

describe('a password that does not fit', () => {
  test('F-01 nobody learns by the answer who is known here, and how', async ({ w }) => {
    await addAccount(w, grace);
    await addAccount(w, 'gone@navy.example', { status: 'disabled' });
    await signInAs(w, 'google', 'ada');
    await registerAs(w.otherBrowser, 'new@navy.example');
    const [ada] = await w.sql<{ address: string }>(
      'select address from user_emails where identity_id is not null',
    );
    const shapes = [];
    for (const email of [
      grace,
      'gone@navy.example',
      ada?.address ?? '',
      'new@navy.example',
      'nobody@navy.example',
    ]) {
      shapes.push(shapeOf(await logIn(w.newBrowser(), email, otherPassword)));
    }
    expect(shapes[0]).toMatchObject({ status: 401 });
    for (const shape of shapes) expect(shape).toEqual(shapes[0]);
    const events = await w.sql<{ text: string }>(
      `select audit_events::text as text from audit_events where type = 'sign_in.refused'`,
    );
    expect(events).toHaveLength(5);
    expect(JSON.stringify(events), 'the trail names nobody who is unknown').not.toContain('nobody@');
  });

  test('F-09 F-10 S-18 is every other one: nothing is trimmed, cut or folded, a body of 1 MB is not read, and no other site’s page sends one', async ({
    w,
  }) => {
    const long = `${'a b'.repeat(24)}c`;
    await addAccount(w, grace, { password: long });
    for (const wrong of [
      `${long} `,
      long.slice(0, 72),
      `${long.slice(0, 72)}d`,
      long.toUpperCase(),
      `${long}\0`,
    ]) {
      expect(await logIn(w.browser, grace, wrong)).toBeProblem(401, 'credentials_invalid');
    }
    expect(await logIn(w.browser, grace, 'x'.repeat(1_000_000))).toBeProblem(413, 'body_too_large');
    const json = { email: grace, password: long };
    for (const headers of [
      { 'x-csrf': '' },
      { origin: 'https://elsewhere.example' },
      { 'content-type': 'text/plain' },
    ]) {
      const answer = await w.browser.ask('/api/v1/auth/login', { method: 'POST', as: 'api', json, headers });
      expect(answer).toBeProblem(403, 'csrf_rejected');
    }
    expect(await w.count('sessions')).toBe(0);
    expect((await logIn(w.browser, grace, long)).status).toBe(200);
  });
});

describe('guessing', () => {
  test('F-04 ends after nine wrong ones in a browser that is new, and shuts out nobody who came before', async ({
    w,
  }) => {
    await addAccount(w, grace);
    expect((await logIn(w.browser, grace)).status).toBe(200);
    const guesses = [];
    for (let guess = 0; guess < 11; guess += 1) {
      guesses.push(await logIn(w.newBrowser(), grace, `${otherPassword} ${String(guess)}`));
    }
    expect(guesses.map(({ status }) => status)).toEqual([...Array<number>(9).fill(401), 429, 429]);
    expect(guesses[9]).toBeProblem(429, 'rate_limited');
    expect(Number(guesses[9]?.headers['retry-after'])).toBeGreaterThan(14 * 60);
    expect(await logIn(w.otherBrowser, grace), 'the right one too').toBeProblem(429, 'rate_limited');
    expect((await logIn(w.browser, grace)).status, 'where she signed in before').toBe(200);
    expect(await eventsOf(w, 'sign_in.refused'), 'beyond the limit nothing is written').toHaveLength(9);
  });

  test('F-01 F-04 F-06 ends in the same way for somebody who is not known, whatever headers say of the sender', async ({
    w,
  }) => {
    const guess = (place: number) =>
      w.newBrowser().ask('/api/v1/auth/login', {
        method: 'POST',
        as: 'api',
        json: { email: 'nobody@navy.example', password: otherPassword },
        headers: {
          'x-forwarded-for': `198.51.100.${String(place)}`,
          'x-real-ip': `198.51.100.${String(place)}`,
          forwarded: `for=198.51.100.${String(place)}`,
        },
      });
    const together = await Promise.all(Array.from({ length: 14 }, (_, place) => guess(place)));
    expect(together.filter(({ status }) => status === 401)).toHaveLength(9);
    expect(together.filter(({ status }) => status === 429)).toHaveLength(5);
    expect(await w.count(`rate_limits where key like 'password_sender:%'`), 'one sender').toBe(1);
  });

  test('F-26 and then coming in, in a browser that is new, is told to the owner', async ({ w }) => {
    const userId = await addAccount(w, grace);
    const suspicious = () => eventsOf(w, 'sign_in.suspicious');
    expect((await logIn(w.browser, grace)).status).toBe(200);
    for (let guess = 0; guess < 3; guess += 1) await logIn(w.otherBrowser, grace, otherPassword);
    expect((await logIn(w.browser, grace)).status).toBe(200);
    expect(await suspicious(), 'where she came in before').toEqual([]);
    expect((await logIn(w.otherBrowser, grace)).status).toBe(200);
    expect(await suspicious()).toEqual([
      { type: 'sign_in.suspicious', reason: 'after_failures', subject_id: userId },
    ]);
    const [mail] = await w.sql(
      `select address, facts->>'what' as what from mails where kind = 'account_notice'`,
    );
    expect(mail).toEqual({ address: grace, what: 'signed_in_after_failures' });
  });
});

test('F-14 a crowd is told at once to come back, and keeps nobody else waiting', async ({ w }) => {
  await addAccount(w, grace);
  const { accessToken } = pairIn(await logIn(w.browser, grace));
  const crowd = Array.from({ length: 90 }, async (_, place) => {
    const begun = performance.now();
    const answer = await logIn(w.newBrowser(), `nobody-${String(place)}@navy.example`);
    return { answer, ms: performance.now() - begun };
  });
  const checks: number[] = [];
  for (let check = 0; check < 10; check += 1) {
    const begun = performance.now();
    expect((await askAs(w, accessToken)).status).toBe(200);
    checks.push(performance.now() - begun);
  }
  const answers = await Promise.all(crowd);
  const refused = answers.filter(({ answer }) => answer.status === 503);
  expect(new Set(answers.map(({ answer }) => answer.status))).toEqual(new Set([401, 503]));
  expect(refused.filter(({ answer }) => codeOf(answer) === 'overloaded').length).toBeGreaterThan(0);
  for (const { answer } of refused) expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  const median = (all: readonly number[]) => all.toSorted((one, other) => one - other)[all.length >> 1] ?? 0;
  const judged = answers.filter(({ answer }) => answer.status === 401);
  expect(median(refused.map(({ ms }) => ms)), 'told at once').toBeLessThan(
    median(judged.map(({ ms }) => ms)),
  );
  expect(median(checks), 'whoever is known is in nobody’s queue').toBeLessThan(
    median(judged.map(({ ms }) => ms)),
  );
});

test('D-08 F-14 one sender alone takes no more than six hundred places a minute', async ({ w }) => {
  const ask = () => w.browser.post('/api/v1/auth/login');
  const statuses = new Set<number>();
  for (let round = 0; round < 30; round += 1)
    for (const { status } of await Promise.all(Array.from({ length: 20 }, ask))) statuses.add(status);
  expect([...statuses]).toEqual([400]);
  expect(await logIn(w.newBrowser(), grace)).toBeProblem(429, 'rate_limited');
  expect(await eventsOf(w, 'sign_in.refused'), 'nothing is written').toEqual([]);
});

test('where the policy knows no passwords each call says so, and writes nothing', async ({ w }) => {
  for (const email of [grace, 'nobody@navy.example']) {
    const answer = await w.browser.post('/api/v1/auth/check-method', { email });
    expect(answer.json(), 'decided by the domain alone').toEqual({ method: 'password' });
  }
  expect(await w.browser.post('/api/v1/auth/check-method', { email: 'grace' })).toBeProblem(
    400,
    'email_invalid',
  );
  const before = await w.count('audit_events');
  for (const policy of [
    { AUTH_POLICY: undefined },
    { AUTH_POLICY: 'restricted', AUTH_ALLOWED_EMAIL_DOMAINS: 'navy.example' },
  ]) {
    await w.start(policy);
    for (const path of [
      'check-method',
      'register',
      'login',
      'email/verify',
      'password/forgot',
      'password/reset',
    ]) {
      const answer = await w.browser.post(`/api/v1/auth/${path}`, { email: grace, password: goodPassword });
      expect(answer, path).toBeProblem(403, 'password_sign_in_disabled');
    }
  }
  expect(await w.count('audit_events')).toBe(before);
  expect(await w.count('one_time_links')).toBe(0);
});
