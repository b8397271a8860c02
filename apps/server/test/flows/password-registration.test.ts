import { openMailbox } from '@gatehouse/stand-ins';
import { describe, expect, onTestFinished } from 'vitest';
import { dayMs } from '../../src/kernel/clock.ts';
import type { Answer, Browser } from '../support/browser.ts';
import {
  addAccount,
  eventsOf,
  goodPassword,
  linkTo,
  logIn,
  otherPassword,
  registerAs,
  shapeOf,
  test,
} from '../support/passwords.ts';
import { addGooglePerson, signInAs } from '../support/people.ts';
import { until } from '../support/processes.ts';
import { askAs, pairIn, refreshCookieOf } from '../support/tokens.ts';

const grace = 'grace@navy.example';
type Mail = { kind: string; address: string; status: string };
const verify = (browser: Browser, token: string, password?: string): Promise<Answer> =>
  browser.post('/api/v1/auth/email/verify', { token, ...(password !== undefined && { password }) });

describe('an account begins', () => {
  test('with a mail: its link, followed in the same browser, makes it once, and its owner is in', async ({
    w,
  }) => {
    const asked = await registerAs(w.browser, grace, {
      password: goodPassword,
      displayName: ' \u202EGrace\u0007 Hopper\n',
    });
    expect([asked.status, asked.body]).toEqual([202, '{}']);
    expect(await logIn(w.otherBrowser, grace), 'not before').toBeProblem(401, 'credentials_invalid');
    expect(await w.count('users')).toBe(0);
    const token = await linkTo(w, grace, 'registration');
    const stored = JSON.stringify([
      await w.sql('select * from one_time_links'),
      await w.sql('select * from mails'),
    ]);
    for (const secret of [token, goodPassword]) expect(stored).not.toContain(secret);
    const page = await w.otherBrowser.ask(`/api/v1/auth/email/verify?token=${token}`);
    expect(page.status, 'a scanner that opens links uses up nothing').toBeGreaterThanOrEqual(303);
    const all = await Promise.all(Array.from({ length: 5 }, () => verify(w.browser, token)));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const late of all.filter(({ status }) => status !== 200))
      expect(late).toBeProblem(400, 'token_invalid');
    const { accessToken } = pairIn(all.find(({ status }) => status === 200) ?? asked);
    expect((await askAs(w, accessToken)).json()).toMatchObject({
      user: { displayName: 'Grace Hopper', email: grace },
      companies: [{ slug: 'acme', role: 'admin' }],
    });
    expect(refreshCookieOf(w.browser)).not.toBe('');
    expect((await logIn(w.otherBrowser, grace)).status).toBe(200);
    expect(
      (await eventsOf(w, 'account.registration_requested', 'account.created', 'email.proven')).map(
        ({ type }) => type,
      ),
    ).toEqual(expect.arrayContaining(['account.registration_requested', 'account.created', 'email.proven']));
    expect(w.logLines.join('')).not.toContain(token);
  });

  test('F-12 F-09 with a password of a few words, or without one until the mailbox is proven', async ({
    w,
  }) => {
    const refused = await registerAs(w.browser, grace, { password: 'too short' });
    expect(refused).toBeProblem(422, 'password_unacceptable');
    expect(refused.json()).toMatchObject({ detail: expect.stringContaining('15') as unknown });
    expect(await w.count('one_time_links')).toBe(0);
    await registerAs(w.browser, grace);
    const token = await linkTo(w, grace, 'registration');
    expect(await verify(w.browser, token)).toBeProblem(409, 'password_needed');
    expect(await verify(w.browser, token, 'grace navy example')).toBeProblem(422, 'password_unacceptable');
    expect((await verify(w.browser, token, goodPassword)).status).toBe(200);
  });

  test('F-16 through nothing but the newest link, for a day', async ({ w }) => {
    await registerAs(w.browser, grace);
    const first = await linkTo(w, grace, 'registration');
    await registerAs(w.browser, grace);
    expect(await verify(w.browser, first, goodPassword), 'an older one').toBeProblem(400, 'token_invalid');
    const token = await linkTo(w, grace, 'registration');
    const swapped = `${token.slice(0, -4)}AAAA`;
    for (const wrong of ['', 'nonsense', swapped]) {
      expect(await verify(w.browser, wrong, goodPassword)).toBeProblem(400, 'token_invalid');
    }
    expect(await w.browser.post('/api/v1/auth/email/verify')).toBeProblem(400, 'request_invalid');
    const reset = await w.browser.post('/api/v1/auth/password/reset', { token, password: goodPassword });
    expect(reset, 'another kind').toBeProblem(400, 'token_invalid');
    w.clock.advance(dayMs);
    expect(await verify(w.browser, token, goodPassword), 'too late').toBeProblem(400, 'token_invalid');
    expect(await w.count('users')).toBe(0);
  });
});

describe('whoever asks for a mail', () => {
  test('F-02 learns nothing of whether there is an account; its owner does', async ({ w }) => {
    const mailbox = await openMailbox();
    onTestFinished(() => mailbox.close());
    await w.start({ CLOUDGRID_INVITATION_EMAIL_SMTP_PORT: String(mailbox.smtp.port) });
    await addAccount(w, grace);
    for (const path of ['register', 'password/forgot']) {
      const known = await w.newBrowser().post(`/api/v1/auth/${path}`, { email: grace });
      const unknown = await w.newBrowser().post(`/api/v1/auth/${path}`, { email: 'nobody@navy.example' });
      expect(known.status).toBe(202);
      expect(withoutCookie(known)).toEqual(withoutCookie(unknown));
    }
    const mails = () => w.sql<Mail>('select kind, address, status from mails order by id');
    await until(async () => (await mails()).every(({ status }) => ['sent', 'suppressed'].includes(status)));
    expect(await mails()).toEqual([
      { kind: 'account_exists', address: grace, status: 'sent' },
      { kind: 'registration', address: 'nobody@navy.example', status: 'sent' },
      { kind: 'password_reset', address: grace, status: 'sent' },
      { kind: 'password_reset', address: 'nobody@navy.example', status: 'suppressed' },
    ]);
  });

  test('fills no mailbox: five links a day, and the newest of them stays good', async ({ w }) => {
    for (let time = 0; time < 8; time += 1)
      expect((await registerAs(w.newBrowser(), grace)).status).toBe(202);
    expect(await w.count(`mails where kind = 'registration'`)).toBe(5);
    const newest = await linkTo(w, grace, 'registration');
    expect(await verify(w.browser, newest), 'good').toBeProblem(409, 'password_needed');
  });

  test('is told where nothing can be sent', async ({ w }) => {
    await w.start({ ...withoutMail });
    for (const path of ['register', 'password/forgot']) {
      const answer = await w.browser.post(`/api/v1/auth/${path}`, { email: grace });
      expect(answer).toBeProblem(503, 'mail_not_configured');
    }
  });
});

describe('L-01 whoever registers a mailbox that is another’s', () => {
  test('gets nothing, by whichever way its owner comes: of a provider, or by the link itself', async ({
    w,
  }) => {
    const attacker = w.otherBrowser;
    const vera = 'vera@gmail.com';
    await registerAs(attacker, vera, { password: otherPassword });
    const dead = await linkTo(w, vera, 'registration');
    addGooglePerson(w, 'vera', { email: vera, sub: '1234567' });
    await signInAs(w, 'google', 'vera');
    expect(await logIn(attacker, vera, otherPassword)).toBeProblem(401, 'credentials_invalid');
    expect(await verify(attacker, dead)).toBeProblem(400, 'token_invalid');
    expect(await w.count('one_time_links where password_hash is not null')).toBe(0);
    expect([await w.count('passwords'), await w.count('users')]).toEqual([0, 1]);

    await registerAs(attacker, grace, { password: otherPassword, displayName: 'Mallory' });
    const token = await linkTo(w, grace, 'registration');
    expect(await verify(w.browser, token)).toBeProblem(409, 'password_needed');
    const { accessToken } = pairIn(await verify(w.browser, token, goodPassword));
    expect((await askAs(w, accessToken)).json()).toMatchObject({ user: { displayName: 'grace' } });
    expect(await logIn(attacker, grace, otherPassword)).toBeProblem(401, 'credentials_invalid');
    expect(await verify(attacker, token)).toBeProblem(400, 'token_invalid');
  });
});

const withoutMail = {
  CLOUDGRID_INVITATION_EMAIL_SMTP_HOST: undefined,
  CLOUDGRID_INVITATION_EMAIL_SMTP_PORT: undefined,
  CLOUDGRID_INVITATION_EMAIL_SMTP_TLS: undefined,
  CLOUDGRID_INVITATION_EMAIL_FROM: undefined,
};

/** Each browser gets a name of its own. */
function withoutCookie(answer: Answer): unknown {
  const text = JSON.stringify(shapeOf(answer));
  return text.replaceAll(/gatehouse-attempt=[\w-]+/g, 'gatehouse-attempt=');
}
