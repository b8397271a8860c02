import { describe, expect } from 'vitest';
import { minuteMs } from '../../src/kernel/clock.ts';
import {
  adaWithPassword,
  challenge,
  codeOf,
  enrol,
  eventsOf,
  told,
  verify,
  withPasswords,
} from '../support/own-security.ts';
import { meOf, signInAs } from '../support/people.ts';
import { test as base } from '../support/world.ts';

const test = base.extend('environment', withPasswords);
const app = '/api/v1/me/mfa/totp';
const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status).sort();

describe('an authenticator app', () => {
  test('S-12 counts once its code was typed back; every other session ends, this one goes on under another id', async ({
    w,
  }) => {
    const { ada } = await adaWithPassword(w);
    const elsewhere = await signInAs(w, 'google', 'ada');
    const forgotten = (await ada.post(app)).json() as { secret: string };
    w.clock.advance(31 * minuteMs);
    await signInAs(w, 'google', 'ada', ada);
    expect(
      await ada.post(`${app}/confirm`, { code: codeOf(w, forgotten.secret) }),
      'half an hour later',
    ).toBeProblem(401, 'mfa_code_invalid');
    const before = await meOf(ada);
    const first = (await ada.post(app)).json() as { secret: string; uri: string };
    expect(await ada.post(`${app}/confirm`, { code: codeOf(w, first.secret, 5) })).toBeProblem(
      401,
      'mfa_code_invalid',
    );
    const given = (await ada.post(app)).json() as { secret: string; uri: string };
    expect(given.secret, 'the one before gives way').not.toBe(first.secret);
    expect(new URL(given.uri).searchParams.get('secret')).toBe(given.secret);
    expect((await ada.get('/api/v1/me/mfa')).json()).toEqual({ totp: null, recoveryCodesLeft: 0 });
    await meOf(elsewhere);
    const code = codeOf(w, given.secret);
    const confirmed = await ada.post(`${app}/confirm`, { code: `${code.slice(0, 3)} ${code.slice(3)}` });
    const { recoveryCodes } = confirmed.json() as { recoveryCodes: string[] };
    expect(new Set(recoveryCodes).size).toBe(10);
    for (const one of recoveryCodes) expect(one).toMatch(/^[A-Z2-7]{6}(?:-[A-Z2-7]{6}){3}$/);
    expect((await meOf(ada)).session.id).not.toBe(before.session.id);
    expect(await elsewhere.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
    expect((await ada.get('/api/v1/me/mfa')).json()).toMatchObject({ recoveryCodesLeft: 10 });
    expect(await ada.post(app)).toBeProblem(409, 'mfa_enabled');
    expect(await told(w)).toEqual(['mfa_enabled']);
    expect(await eventsOf(w, 'mfa.refused')).toMatchObject([
      { reason: 'mfa_code_invalid' },
      { reason: 'mfa_code_invalid' },
    ]);
    const kept = JSON.stringify([
      await w.sql('select * from totp_secrets'),
      await w.sql('select * from recovery_codes'),
    ]);
    const secrets = [given.secret, Buffer.from(given.secret).toString('hex'), ...recoveryCodes];
    for (const secret of secrets) expect(kept + w.logLines.join('')).not.toContain(secret);
  });

  test('that is removed is asked for no more, and its recovery codes are worth nothing', async ({ w }) => {
    const { ada, userId } = await adaWithPassword(w);
    const { recoveryCodes } = await enrol(w, ada);
    const renewed = (await ada.post('/api/v1/me/mfa/recovery-codes')).json() as { recoveryCodes: string[] };
    const waiting = await challenge(w, userId);
    expect(await verify(w.browser, waiting, recoveryCodes[0] ?? '')).toBeProblem(401, 'mfa_code_invalid');
    expect((await ada.delete(app)).status).toBe(204);
    expect(await ada.delete(app)).toBeProblem(404, 'not_found');
    const [code = ''] = renewed.recoveryCodes;
    expect(await verify(w.browser, waiting, code), 'who waited waits in vain').toBeProblem(
      400,
      'token_invalid',
    );
    expect(await verify(w.browser, await challenge(w, userId), code)).toBeProblem(401, 'mfa_code_invalid');
    expect(await told(w)).toEqual(['mfa_enabled', 'recovery_codes_renewed', 'mfa_disabled']);
  });
});

describe('a sign-in at a provider', () => {
  test('F-24 is no proof for somebody who has an app: that is not removed before a code of it is given', async ({
    w,
  }) => {
    const { ada } = await adaWithPassword(w);
    const { secret } = await enrol(w, ada);
    const thief = await signInAs(w, 'google', 'ada');
    expect(await thief.delete(app)).toBeProblem(401, 'step_up_required');
    expect((await thief.get('/api/v1/me/step-up')).json()).toEqual({ freshUntil: null, ways: ['code'] });
    expect((await thief.post('/api/v1/me/step-up', { code: codeOf(w, secret) })).status).toBe(204);
    expect((await thief.delete(app)).status).toBe(204);
    expect((await (await signInAs(w, 'google', 'ada')).post(app)).status, 'without one it is').toBe(201);
  });
});

describe('the second step of a sign-in', () => {
  test('F-20 T-19 F-16 takes each code once, whoever brings it, and gives nothing before', async ({ w }) => {
    const { ada, userId } = await adaWithPassword(w);
    const { secret } = await enrol(w, ada);
    const mfaToken = await challenge(w, userId);
    const headers = { authorization: `Bearer ${mfaToken}` };
    expect(await w.browser.ask('/api/v1/me', { headers, as: 'api' })).toBeProblem(401, 'unauthenticated');
    expect(await verify(w.browser, mfaToken, codeOf(w, secret, -1)), 'enrolment used it').toBeProblem(
      401,
      'mfa_code_invalid',
    );
    expect(await verify(w.browser, mfaToken, '')).toBeProblem(401, 'mfa_code_invalid');
    expect(w.browser.cookies.size).toBe(0);
    const more = await Promise.all([1, 2, 3, 4].map(() => challenge(w, userId)));
    const tokens = [mfaToken, ...more];
    const answers = await Promise.all(
      tokens.map((token) => verify(w.newBrowser(), token, codeOf(w, secret))),
    );
    expect(statuses(answers)).toEqual([200, 401, 401, 401, 401]);
    const entered = answers.find(({ status }) => status === 200);
    const wonBy = tokens[answers.findIndex(({ status }) => status === 200)] ?? '';
    expect(entered?.setCookies.join()).toMatch(/\brefresh_token=/);
    const { accessToken } = entered?.json() as { accessToken: string };
    const bearer = { headers: { authorization: `Bearer ${accessToken}` }, as: 'api' } as const;
    expect((await w.browser.ask('/api/v1/me', bearer)).json()).toMatchObject({
      user: { id: userId },
      session: { signedInWith: 'password' },
    });
    w.clock.advance(30_000);
    const next = codeOf(w, secret);
    for (const used of [wonBy, ...ada.cookies.values(), 'x', ''])
      expect(await verify(w.browser, used, next), 'repeated, or another kind').toBeProblem(
        400,
        'token_invalid',
      );
    const late = await challenge(w, userId);
    w.clock.advance(5 * minuteMs);
    expect(await verify(w.browser, late, codeOf(w, secret))).toBeProblem(400, 'token_invalid');
  });

  test('F-21 has five tries, and an account has twenty in a quarter of an hour, however often it begins', async ({
    w,
  }) => {
    const { ada, userId } = await adaWithPassword(w);
    const { recoveryCodes } = await enrol(w, ada);
    const [code = ''] = recoveryCodes;
    const wrong = (token: string) => verify(w.browser, token, '000000');
    const first = await challenge(w, userId);
    expect(statuses(await Promise.all(Array.from({ length: 8 }, () => wrong(first))))).toEqual([
      400, 400, 400, 401, 401, 401, 401, 401,
    ]);
    expect(await verify(w.browser, first, code)).toBeProblem(400, 'token_invalid');
    expect(await told(w), 'somebody knows the password').toEqual(['mfa_enabled', 'wrong_codes']);
    const others = await Promise.all([1, 2, 3, 4, 5].map(() => challenge(w, userId)));
    const tried = await Promise.all(others.flatMap((token) => [1, 2, 3, 4].map(() => wrong(token))));
    expect(statuses(tried)).toEqual([...Array<number>(15).fill(401), ...Array<number>(5).fill(429)]);
    const refused = await verify(w.browser, await challenge(w, userId), code);
    expect(refused).toBeProblem(429, 'rate_limited');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(60);
    expect(await eventsOf(w, 'mfa.refused')).toHaveLength(8 + 1 + 20 + 1);
    expect(await told(w), 'once a day').toHaveLength(2);
    w.clock.advance(20 * minuteMs + 1_000);
    expect((await verify(w.browser, await challenge(w, userId), code)).status).toBe(200);
    w.clock.advance(24 * 60 * minuteMs);
    for (const count of [4, 1]) {
      expect(await told(w), 'of less than five nobody is told').toHaveLength(3);
      const token = await challenge(w, userId);
      for (let tried = 0; tried < count; tried += 1) await wrong(token);
    }
    expect((await told(w)).slice(2), 'spread over several sign-ins').toEqual([
      'recovery_code_used',
      'wrong_codes',
    ]);
  });

  test('L-01 leads nowhere once the address is another account’s', async ({ w }) => {
    const { ada, userId } = await adaWithPassword(w);
    const { secret } = await enrol(w, ada);
    const mfaToken = await challenge(w, userId);
    await w.sql(`delete from user_emails where user_id = $1`, [userId]);
    const refused = await verify(w.newBrowser(), mfaToken, codeOf(w, secret));
    expect(refused).toBeProblem(401, 'credentials_invalid');
    expect(await eventsOf(w, 'sign_in.refused')).toMatchObject([{ reason: 'credentials_invalid' }]);
  });

  test('F-22 L-17 takes a recovery code once, of which mailbox and trail tell, and lets in nobody who is disabled', async ({
    w,
  }) => {
    const { ada, userId } = await adaWithPassword(w);
    const { recoveryCodes } = await enrol(w, ada);
    const [code = '', other = ''] = recoveryCodes;
    const tokens = await Promise.all([1, 2, 3].map(() => challenge(w, userId)));
    const answers = await Promise.all(
      tokens.map((token) => verify(w.newBrowser(), token, code.toLowerCase())),
    );
    expect(statuses(answers)).toEqual([200, 401, 401]);
    expect(await told(w)).toEqual(['mfa_enabled', 'recovery_code_used']);
    expect(await eventsOf(w, 'mfa.recovery_code_used')).toHaveLength(1);
    expect((await verify(w.browser, await challenge(w, userId), other.replaceAll('-', ''))).status).toBe(200);
    expect((await ada.get('/api/v1/me/mfa')).json()).toMatchObject({ recoveryCodesLeft: 8 });
    const waiting = await challenge(w, userId);
    await w.sql(`update users set status = 'disabled'`);
    expect(await w.count('known_browsers'), 'F-04 where they came in').toBe(2);
    const sessions = await w.count('sessions');
    const refused = await verify(w.newBrowser(), waiting, recoveryCodes[2] ?? '');
    expect(refused, 'L-17').toBeProblem(403, 'account_disabled');
    expect(refused.setCookies).toEqual([]);
    expect(await told(w), 'nobody came in').toEqual([
      'mfa_enabled',
      'recovery_code_used',
      'recovery_code_used',
    ]);
    expect(await w.count('sessions')).toBe(sessions);
    expect(await eventsOf(w, 'sign_in.refused')).toMatchObject([{ reason: 'account_disabled' }]);
  });
});
