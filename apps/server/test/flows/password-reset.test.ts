import { describe, expect } from 'vitest';
import { minuteMs } from '../../src/kernel/clock.ts';
import type { Browser } from '../support/browser.ts';
import { codeFor } from '../support/invitees.ts';
import {
  addAccount,
  addApp,
  eventsOf,
  goodPassword,
  linkTo,
  logIn,
  otherPassword,
  test,
} from '../support/passwords.ts';
import { askAs, pairIn, refresh } from '../support/tokens.ts';

const grace = 'grace@navy.example';
const forgot = (browser: Browser, email = grace) => browser.post('/api/v1/auth/password/forgot', { email });
const reset = (browser: Browser, token: string, password = otherPassword) =>
  browser.post('/api/v1/auth/password/reset', { token, password });

describe('a new password by mail', () => {
  test('ends everything that began with the old one, signs nobody in, and is told', async ({ w }) => {
    const userId = await addAccount(w, grace);
    const { accessToken } = pairIn(await logIn(w.browser, grace));
    const visitor = w.newBrowser();
    expect((await forgot(visitor)).status).toBe(202);
    const token = await linkTo(w, grace, 'password_reset');
    expect(await reset(visitor, token, 'grace@navy.example')).toBeProblem(422, 'password_unacceptable');
    const done = await reset(visitor, token);
    expect(done.status).toBe(204);
    expect([...visitor.cookies.keys()], 'a name for the browser alone').toEqual(['gatehouse-attempt']);
    expect(await askAs(w, accessToken)).toBeProblem(401, 'unauthenticated');
    expect(await refresh(w.browser)).toBeProblem(401, 'unauthenticated');
    expect(await logIn(w.browser, grace)).toBeProblem(401, 'credentials_invalid');
    expect((await logIn(w.browser, grace, otherPassword)).status).toBe(200);
    expect(await reset(visitor, token, goodPassword), 'once').toBeProblem(400, 'token_invalid');
    const [mail] = await w.sql(
      `select address, facts->>'what' as what from mails where kind = 'account_notice'`,
    );
    expect(mail).toEqual({ address: grace, what: 'password_reset' });
    expect(await eventsOf(w, 'password.reset_requested', 'password.reset')).toEqual([
      { type: 'password.reset_requested', reason: null, subject_id: userId },
      { type: 'password.reset', reason: null, subject_id: userId },
    ]);
    expect(await eventsOf(w, 'session.ended')).toMatchObject([{ reason: 'credentials_changed' }]);
  });

  test('F-17 L-04 ends what somebody else had begun, and leaves the authenticator app in its place', async ({
    w,
  }) => {
    const userId = await addAccount(w, grace);
    const attacker = w.otherBrowser;
    const { accessToken } = pairIn(await logIn(attacker, grace));
    const headers = { authorization: `Bearer ${accessToken}` };
    const ask = (path: string, json: object) =>
      attacker.ask(path, { method: 'POST', as: 'api', json, headers });
    const begun = await ask('/api/v1/me/email-proofs', { email: 'mallory@elsewhere.example' });
    const { id } = begun.json() as { id: string };
    const code = await codeFor(w, 'mallory@elsewhere.example');
    await addApp(w, userId);
    expect((await logIn(attacker, grace)).json()).toMatchObject({ mfaRequired: true });
    await forgot(w.browser);
    const token = await linkTo(w, grace, 'password_reset');
    expect((await reset(w.browser, token, 'tractor9 moss')).status, 'shorter beside an app').toBe(204);
    expect((await logIn(w.browser, grace, 'tractor9 moss')).json()).toMatchObject({ mfaRequired: true });
    expect(await w.count('mfa_challenges where used_at is not null'), 'half a sign-in').toBe(1);
    expect(await w.count('email_proofs where used_at is null')).toBe(0);
    expect(await w.count('one_time_links where used_at is null')).toBe(0);
    expect(await w.count('known_browsers'), 'hers alone').toBe(1);
    expect((await ask(`/api/v1/me/email-proofs/${id}`, { code })).status).toBe(401);
  });

  test('F-04 leaves its owner a way in while somebody guesses', async ({ w }) => {
    await addAccount(w, grace);
    for (let guess = 0; guess < 9; guess += 1) await logIn(w.newBrowser(), grace, 'a guess');
    await forgot(w.browser);
    await reset(w.browser, await linkTo(w, grace, 'password_reset'));
    expect(await logIn(w.otherBrowser, grace, otherPassword)).toBeProblem(429, 'rate_limited');
    expect((await logIn(w.browser, grace, otherPassword)).status).toBe(200);
  });

  test('R-04 of many at once one sets it', async ({ w }) => {
    await addAccount(w, grace);
    await forgot(w.browser);
    const token = await linkTo(w, grace, 'password_reset');
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, place) =>
        reset(w.newBrowser(), token, `${otherPassword} ${String(place)}`),
      ),
    );
    const done = all.flatMap(({ status }, place) => (status === 204 ? [place] : []));
    expect(done).toHaveLength(1);
    for (const late of all.filter(({ status }) => status !== 204))
      expect(late).toBeProblem(400, 'token_invalid');
    expect((await logIn(w.browser, grace, `${otherPassword} ${String(done[0])}`)).status).toBe(200);
    expect(await eventsOf(w, 'password.reset')).toHaveLength(1);
  });

  test('F-08 is mailed five times an hour: whoever asks in vain for another one keeps nobody from it for a day', async ({
    w,
  }) => {
    await addAccount(w, grace);
    for (let time = 0; time < 7; time += 1) expect((await forgot(w.newBrowser())).status).toBe(202);
    expect(await w.count(`mails where kind = 'password_reset'`)).toBe(5);
    w.clock.advance(60 * minuteMs);
    await forgot(w.browser);
    const token = await linkTo(w, grace, 'password_reset');
    expect((await reset(w.browser, token)).status).toBe(204);
  });

  test('F-16 leads nowhere after an hour, for another kind of link, or once the account is disabled', async ({
    w,
  }) => {
    await addAccount(w, grace);
    await forgot(w.browser);
    const late = await linkTo(w, grace, 'password_reset');
    const asRegistration = { token: late, password: otherPassword };
    expect(await w.browser.post('/api/v1/auth/email/verify', asRegistration)).toBeProblem(
      400,
      'token_invalid',
    );
    w.clock.advance(60 * minuteMs);
    expect(await reset(w.browser, late)).toBeProblem(400, 'token_invalid');
    await forgot(w.browser);
    const token = await linkTo(w, grace, 'password_reset');
    await w.sql(`update users set status = 'disabled'`);
    expect(await reset(w.browser, token)).toBeProblem(400, 'token_invalid');
    await w.sql(`update users set status = 'active'`);
    expect((await logIn(w.browser, grace)).status, 'nothing has changed').toBe(200);
  });
});
