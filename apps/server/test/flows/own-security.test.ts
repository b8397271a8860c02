import { describe, expect } from 'vitest';
import { minuteMs } from '../../src/kernel/clock.ts';
import type { Browser } from '../support/browser.ts';
import {
  adaWithPassword,
  challenge,
  codeOf,
  enrol,
  eventsOf,
  givePassword,
  insist,
  password,
  told,
  verify,
  withPasswords,
} from '../support/own-security.ts';
import { meOf, signInAs } from '../support/people.ts';
import { refresh } from '../support/tokens.ts';
import { test as base } from '../support/world.ts';
import type { World } from '../support/world.ts';

const test = base.extend('environment', withPasswords);
const stepUp = '/api/v1/me/step-up';
const ownPassword = '/api/v1/me/password';
const identities = '/api/v1/me/identities';
const newPassword = 'seven brass kettles sing at dawn';

const letItAge = (w: World) => {
  w.clock.advance(10 * minuteMs + 1_000);
};

/** What a browser with this cookie is told. */
async function withCookie(w: World, held: string | undefined) {
  w.otherBrowser.cookies.set('gatehouse', held ?? '');
  return await w.otherBrowser.get('/api/v1/me');
}

const listed = async (browser: Browser) =>
  (await browser.get(identities)).json() as {
    items: { id: string; connection: string; name: string; isCurrent: boolean; isLastWayIn: boolean }[];
  };

describe('what is dangerous', () => {
  test('F-24 S-03 wants a proof that is at most ten minutes old; a new one gives the session another id', async ({
    w,
  }) => {
    const { ada } = await adaWithPassword(w);
    const [identity] = (await listed(ada)).items;
    letItAge(w);
    const calls = [
      ada.put(ownPassword, { currentPassword: password, newPassword }),
      ada.post('/api/v1/me/mfa/totp'),
      ada.post('/api/v1/me/mfa/totp/confirm', { code: '000000' }),
      ada.delete('/api/v1/me/mfa/totp'),
      ada.post('/api/v1/me/mfa/recovery-codes'),
      ada.delete(`${identities}/${identity?.id ?? ''}`),
    ];
    for (const answer of await Promise.all(calls)) expect(answer).toBeProblem(401, 'step_up_required');
    expect(await w.count('totp_secrets')).toBe(0);
    expect((await ada.get(stepUp)).json()).toEqual({ freshUntil: null, ways: ['password'] });
    const held = ada.cookies.get('gatehouse');
    expect((await ada.post(stepUp, { password })).status).toBe(204);
    expect(await withCookie(w, held)).toBeProblem(401, 'unauthenticated');
    const { freshUntil } = (await ada.get(stepUp)).json() as { freshUntil: string };
    expect(Date.parse(freshUntil) - w.clock.now().getTime()).toBeGreaterThan(9 * minuteMs);
    expect((await ada.post('/api/v1/me/mfa/totp')).status).toBe(201);
    expect(await eventsOf(w, 'session.stepped_up')).toHaveLength(1);
  });

  test('stays closed to whoever guesses: five tries in a quarter of an hour', async ({ w }) => {
    const { ada } = await adaWithPassword(w);
    letItAge(w);
    expect(await ada.post(stepUp, {})).toBeProblem(400, 'request_invalid');
    const tries = await Promise.all([1, 2, 3, 4, 5, 6].map(() => ada.post(stepUp, { password: 'x' })));
    expect(tries.map(({ status }) => status).sort()).toEqual([401, 401, 401, 401, 401, 429]);
    expect(await ada.post(stepUp, { password })).toBeProblem(429, 'rate_limited');
    expect((await eventsOf(w, 'step_up.refused')).map(({ reason }) => reason)).toEqual(
      Array<string>(5).fill('credentials_invalid'),
    );
  });

  test('F-20 F-22 wants a code where there is an app: no password, no recovery code, no code twice', async ({
    w,
  }) => {
    const { ada } = await adaWithPassword(w);
    const { secret, recoveryCodes } = await enrol(w, ada);
    letItAge(w);
    expect((await ada.get(stepUp)).json()).toMatchObject({ ways: ['code'] });
    expect(await ada.post(stepUp, { password })).toBeProblem(400, 'request_invalid');
    const [recovery = ''] = recoveryCodes;
    expect(await ada.post(stepUp, { code: recovery })).toBeProblem(401, 'mfa_code_invalid');
    const code = codeOf(w, secret);
    expect((await ada.post(stepUp, { code })).status).toBe(204);
    expect(await ada.post(stepUp, { code })).toBeProblem(401, 'mfa_code_invalid');
    expect((await ada.get('/api/v1/me/mfa')).json()).toMatchObject({ recoveryCodesLeft: 10 });
  });
});

describe('one’s own password', () => {
  test('F-25 is not changed without the one before, with another one, or by another site', async ({ w }) => {
    const { ada } = await adaWithPassword(w);
    expect(await ada.put(ownPassword, { newPassword })).toBeProblem(400, 'request_invalid');
    expect(await ada.put(ownPassword, { currentPassword: 'x', newPassword })).toBeProblem(
      401,
      'credentials_invalid',
    );
    const forged = { method: 'PUT', json: { currentPassword: password, newPassword }, as: 'api' } as const;
    const csrf = { headers: { 'x-csrf': '' } };
    expect(await ada.ask(ownPassword, { ...forged, ...csrf })).toBeProblem(403, 'csrf_rejected');
    const short = await ada.put(ownPassword, { currentPassword: password, newPassword: 'brass kettle' });
    expect(short).toBeProblem(422, 'password_unacceptable');
    expect((short.json() as { detail: string }).detail).toContain('at least 15 characters');
    expect(await eventsOf(w, 'password.refused')).toEqual([
      { result: 'refused', reason: 'credentials_invalid' },
    ]);
    expect((await ada.post(stepUp, { password })).status, 'it is still the same').toBe(204);
    expect(await told(w)).toEqual([]);
  });

  test('S-12 ends every other session and every sign-in that waits; this one goes on under another id', async ({
    w,
  }) => {
    const ada = await signInAs(w, 'google', 'ada');
    const { id: userId } = (await meOf(ada)).user;
    expect(
      (await insist(() => ada.put(ownPassword, { newPassword: password }))).status,
      'the first one',
    ).toBe(204);
    const { secret } = await enrol(w, ada);
    const elsewhere = await signInAs(w, 'google', 'ada');
    const pair = await verify(w.browser, await challenge(w, userId), codeOf(w, secret));
    const { accessToken } = pair.json() as { accessToken: string };
    const waiting = await challenge(w, userId);
    const held = ada.cookies.get('gatehouse');
    expect((await ada.get(ownPassword)).json()).toMatchObject({ isSet: true, minLength: 8 });
    const change = { currentPassword: password, newPassword: 'brass kettle' };
    const [first, second] = await Promise.all([ada.put(ownPassword, change), ada.put(ownPassword, change)]);
    expect([first.status, second.status].sort(), 'of two at once one changes it').toEqual([204, 401]);
    await meOf(ada);
    expect(await withCookie(w, held)).toBeProblem(401, 'unauthenticated');
    expect(await elsewhere.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
    const bearer = { headers: { authorization: `Bearer ${accessToken}` }, as: 'api' } as const;
    expect(await w.newBrowser().ask('/api/v1/me', bearer)).toBeProblem(401, 'unauthenticated');
    w.clock.advance(30_000);
    expect(await verify(w.newBrowser(), waiting, codeOf(w, secret))).toBeProblem(400, 'token_invalid');
    const page = w.newBrowser();
    const again = await verify(page, await challenge(w, userId), codeOf(w, secret));
    const headers = { authorization: `Bearer ${(again.json() as { accessToken: string }).accessToken}` };
    const json = { currentPassword: 'brass kettle', newPassword };
    const changed = await page.ask(ownPassword, { method: 'PUT', headers, json, as: 'api' });
    expect([changed.status, changed.setCookies], 'a token pair goes on as it was').toEqual([204, []]);
    expect((await page.ask('/api/v1/me', { headers, as: 'api' })).status).toBe(200);
    expect(await ada.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
    expect(await told(w)).toEqual([
      'password_changed',
      'mfa_enabled',
      'password_changed',
      'password_changed',
    ]);
    expect(await eventsOf(w, 'password.changed')).toHaveLength(3);
  });

  test('is a way in: what was the last one may go then', async ({ w }) => {
    const ada = await signInAs(w, 'google', 'ada');
    const [google] = (await listed(ada)).items;
    expect(google).toMatchObject({
      connection: 'google',
      name: 'Google',
      isCurrent: true,
      isLastWayIn: true,
    });
    const path = `${identities}/${google?.id ?? ''}`;
    expect(await ada.delete(path)).toBeProblem(409, 'last_way_in');
    expect((await ada.get(ownPassword)).json()).toEqual({ isSet: false, changedAt: null, minLength: 15 });
    await givePassword(w, ada);
    expect((await listed(ada)).items).toMatchObject([{ isLastWayIn: false }]);
    expect((await ada.delete(path)).status).toBe(204);
    expect(await listed(ada)).toEqual({ items: [], nextCursor: null });
    expect((await meOf(ada)).user.email, 'the address was proven').toBe('ada@acme.example');
    const { reason } = (await eventsOf(w, 'identity.unlinked'))[0] ?? {};
    expect(reason).toBe('last_way_in');
  });

  test('needs an address that goes with it; whoever has neither password nor app signs in to prove themselves', async ({
    w,
  }) => {
    await signInAs(w, 'google', 'ada');
    w.entra.people.add({
      key: 'nora',
      tid: w.entra.directories.contoso,
      oid: 'c0a80199-0000-4000-8000-000000000777',
      name: 'Nora',
      preferredUsername: 'nora',
    });
    const nora = await signInAs(w, 'azure', 'nora');
    expect(await nora.put(ownPassword, { newPassword })).toBeProblem(403, 'email_unverified');
    letItAge(w);
    expect((await nora.get(stepUp)).json()).toEqual({ freshUntil: null, ways: ['sign_in'] });
    expect(await nora.post(stepUp, { password })).toBeProblem(401, 'step_up_required');
    await signInAs(w, 'azure', 'nora', nora);
    expect((await nora.post('/api/v1/me/mfa/totp')).status).toBe(201);
    expect(await w.newBrowser().get(stepUp)).toBeProblem(401, 'unauthenticated');
  });
});

describe('a way into one’s account', () => {
  async function addGitHub(w: World, browser: Browser, key: string) {
    w.github.signsInAs(key);
    await (await browser.beginSignIn('github', { link: '1' })).callback();
    const { items } = await listed(browser);
    expect(items.map(({ connection }) => connection)).toEqual(['google', 'github']);
    return items.map(({ id }) => `${identities}/${id}`);
  }

  test('L-15 that is removed leads there no more, and its other sessions end; one at least stays', async ({
    w,
  }) => {
    const ada = await signInAs(w, 'google', 'ada');
    const { user } = await meOf(ada);
    const [, github = ''] = await addGitHub(w, ada, 'grace');
    const atGitHub = await signInAs(w, 'github', 'grace');
    const second = await signInAs(w, 'github', 'grace');
    const stranger = await signInAs(w, 'google', 'gina');
    expect(await stranger.delete(github)).toBeProblem(404, 'not_found');
    expect((await atGitHub.delete(github)).status).toBe(204);
    expect((await meOf(atGitHub)).user.id, 'the session that asked goes on').toBe(user.id);
    await meOf(ada);
    expect(await second.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
    expect((await meOf(await signInAs(w, 'github', 'grace'))).user.id, 'as somebody new').not.toBe(user.id);
    expect(await told(w)).toEqual(['identity_unlinked']);
    expect(await eventsOf(w, 'identity.unlinked')).toEqual([{ result: 'succeeded', reason: null }]);
    const both = await addGitHub(w, ada, 'ada');
    const answers = await Promise.all(both.map((path) => ada.delete(path)));
    expect(answers.map(({ status }) => status).sort(), 'of the last two one stays').toEqual([204, 409]);
  });
});

describe('where a cookie is not good for long when nobody uses it', () => {
  const test = base.extend('environment', { ...withPasswords, CLOUDGRID_SESSION_IDLE_SECONDS: '3600' });

  test('S-12 a token pair that was not used for longer ends with a new password all the same', async ({
    w,
  }) => {
    const { ada } = await adaWithPassword(w);
    const typed = { email: 'ada@acme.example', password };
    expect((await insist(() => w.browser.post('/api/v1/auth/login', typed))).status).toBe(200);
    w.clock.advance(120 * minuteMs);
    await signInAs(w, 'google', 'ada', ada);
    const change = { currentPassword: password, newPassword };
    expect((await insist(() => ada.put(ownPassword, change))).status).toBe(204);
    expect(await refresh(w.browser)).toBeProblem(401, 'unauthenticated');
  });
});

describe('where passwords are no way in', () => {
  const test = base.extend('environment', {});

  test('none is set, and none counts as one', async ({ w }) => {
    const { ada } = await adaWithPassword(w);
    expect(await ada.put(ownPassword, { newPassword })).toBeProblem(403, 'password_sign_in_disabled');
    expect((await listed(ada)).items).toMatchObject([{ isLastWayIn: true }]);
    expect((await ada.get(stepUp)).json()).toMatchObject({ ways: ['sign_in'] });
    expect(await verify(w.browser, 'x', '000000')).toBeProblem(403, 'password_sign_in_disabled');
  });
});
