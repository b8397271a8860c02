import { describe, expect } from 'vitest';
import { minuteMs } from '../../src/kernel/clock.ts';
import type { Browser } from '../support/browser.ts';
import { addPerson, codeFor } from '../support/invitees.ts';
import { challenge, enrol } from '../support/own-security.ts';
import { meOf, signInAs } from '../support/people.ts';
import { test as base } from '../support/world.ts';
import type { World } from '../support/world.ts';

const withMail = {
  CLOUDGRID_INVITATION_EMAIL_SMTP_HOST: '127.0.0.1',
  CLOUDGRID_INVITATION_EMAIL_SMTP_PORT: '1',
  CLOUDGRID_INVITATION_EMAIL_SMTP_TLS: 'none',
  CLOUDGRID_INVITATION_EMAIL_FROM: 'gate@acme.example',
};
const test = base.extend('environment', withMail);

const proofs = '/api/v1/me/email-proofs';
const nora = 'nora@acme.example';

/** Somebody whose provider vouches for no address; the company has its admin already. */
async function comeWithoutAddress(w: World): Promise<Browser> {
  if ((await w.count('members')) === 0) await signInAs(w, 'google', 'ada');
  return await signInAs(w, 'azure', addPerson(w, { provider: 'azure', vouches: false }, 'x@contoso.example'));
}

async function ask(browser: Browser, email = nora): Promise<string> {
  const answer = await browser.post(proofs, { email });
  expect(answer.status, answer.body).toBe(202);
  return (answer.json() as { id: string }).id;
}

const wrong = (code: string) => (code === '000000' ? '111111' : '000000');

describe('a mailbox is proven by the code that was sent to it', () => {
  test('and is the person’s own from then on, in a new session', async ({ w }) => {
    const browser = await comeWithoutAddress(w);
    const before = await meOf(browser);
    const cookies = new Map(browser.cookies);
    const id = await ask(browser, ' Nora@ACME.example ');
    const code = await codeFor(w, nora);
    const answer = await browser.post(`${proofs}/${id}`, {
      code: ` ${code.slice(0, 3)} ${code.slice(3)}\n`,
    });
    expect(answer.json()).toMatchObject({ user: { id: before.user.id, email: nora } });
    expect((await meOf(browser)).session.id).not.toBe(before.session.id);
    const old = w.newBrowser();
    for (const [name, value] of cookies) old.cookies.set(name, value);
    expect(await old.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
    const events = await w.sql(
      `select type, details from audit_events where type like 'email.%' order by id`,
    );
    expect(events.map(({ type }) => type)).toEqual(['email.proof_requested', 'email.proven']);
    expect(
      JSON.stringify(await w.sql('select * from email_proofs')),
      'the code is kept nowhere',
    ).not.toContain(code);
    expect(JSON.stringify(await w.sql('select facts from mails'))).not.toContain(code);
    expect(w.logLines.join('')).not.toContain(code);
  });

  test('only in the browser that asked, and only by whoever asked', async ({ w }) => {
    const browser = await comeWithoutAddress(w);
    const id = await ask(browser);
    const code = await codeFor(w, nora);
    const stranger = await comeWithoutAddress(w);
    expect(await stranger.post(`${proofs}/${id}`, { code })).toBeProblem(400, 'code_invalid');
    expect(await w.newBrowser().post(`${proofs}/${id}`, { code })).toBeProblem(401, 'unauthenticated');
    expect((await browser.post(`${proofs}/${id}`, { code })).status).toBe(200);
  });

  test('five tries a code, whatever the last one is; another code is another five', async ({ w }) => {
    const browser = await comeWithoutAddress(w);
    const id = await ask(browser);
    const code = await codeFor(w, nora);
    const tries = await Promise.all(
      Array.from({ length: 8 }, () => browser.post(`${proofs}/${id}`, { code: wrong(code) })),
    );
    expect(tries.map(({ status }) => status)).toEqual(tries.map(() => 400));
    expect(await browser.post(`${proofs}/${id}`, { code })).toBeProblem(400, 'code_invalid');
    expect((await w.sql('select tries from email_proofs'))[0]).toEqual({ tries: 5 });
    const again = await ask(browser);
    expect((await browser.post(`${proofs}/${again}`, { code: await codeFor(w, nora) })).status).toBe(200);
  });

  test('ten minutes, and once', async ({ w }) => {
    const browser = await comeWithoutAddress(w);
    const late = await ask(browser);
    const lateCode = await codeFor(w, nora);
    w.clock.advance(10 * minuteMs);
    expect(await browser.post(`${proofs}/${late}`, { code: lateCode })).toBeProblem(400, 'code_invalid');
    const id = await ask(browser);
    const code = await codeFor(w, nora);
    expect((await browser.post(`${proofs}/${id}`, { code })).status).toBe(200);
    expect(await browser.post(`${proofs}/${id}`, { code })).toBeProblem(400, 'code_invalid');
  });

  test('M-12 five codes a day for one mailbox, and for one person; then it is said when to come back', async ({
    w,
  }) => {
    const browser = await comeWithoutAddress(w);
    for (let time = 0; time < 3; time += 1) await ask(browser);
    const second = await comeWithoutAddress(w);
    for (let time = 0; time < 2; time += 1) await ask(second);
    const refused = await second.post(proofs, { email: nora });
    expect(refused).toBeProblem(429, 'rate_limited');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(23 * 60 * 60);
    for (let time = 0; time < 3; time += 1) await ask(second, `other-${String(time)}@acme.example`);
    expect(await second.post(proofs, { email: 'more@acme.example' })).toBeProblem(429, 'rate_limited');
    expect(await w.count(`mails where kind = 'email_proof'`)).toBe(8);
    const atOnce = await Promise.all(
      Array.from({ length: 10 }, (_, place) =>
        browser.post(proofs, { email: `q${String(place)}@acme.example` }),
      ),
    );
    expect(atOnce.filter(({ status }) => status === 202)).toHaveLength(2);
  });

  test('asking tells nobody whether anybody holds the address', async ({ w }) => {
    const browser = await comeWithoutAddress(w);
    const shape = async (email: string) => {
      const answer = await browser.post(proofs, { email });
      const { id, ...rest } = answer.json() as Record<string, string>;
      return { status: answer.status, hasId: id !== undefined, names: Object.keys(rest) };
    };
    expect(await shape('ada@acme.example')).toEqual(await shape('nobody@acme.example'));
  });
});

describe('a mailbox that somebody else holds', () => {
  test('joins an account that has nothing to the holder’s, with a mail to it', async ({ w }) => {
    const holder = await meOf(await signInAs(w, 'google', 'ada'));
    const browser = await comeWithoutAddress(w);
    const { user } = await meOf(browser);
    const id = await ask(browser, 'ada@acme.example');
    const answer = await browser.post(`${proofs}/${id}`, { code: await codeFor(w, 'ada@acme.example') });
    expect(answer.json()).toMatchObject({ user: holder.user, companies: [{ role: 'admin' }] });
    expect(await w.count(`users where id = '${user.id}'`)).toBe(0);
    expect(await w.count('users')).toBe(1);
    const events = await w.sql(
      `select type, actor_id from audit_events where type in ('account.merged', 'identity.linked')`,
    );
    expect(events).toEqual([
      { type: 'account.merged', actor_id: holder.user.id },
      { type: 'identity.linked', actor_id: holder.user.id },
    ]);
    expect(await w.count(`mails where kind = 'identity_linked' and address = 'ada@acme.example'`)).toBe(1);
    const again = await w.newBrowser().signIn('azure'); // whoever signed in there last
    expect(again).toRedirectTo('/');
    expect(await w.count(`identities where user_id = '${holder.user.id}'`)).toBe(2);
  });

  test('leaves nothing of an authenticator app that was set up in the account that goes', async ({ w }) => {
    await signInAs(w, 'google', 'ada');
    const browser = await comeWithoutAddress(w);
    const { user } = await meOf(browser);
    await enrol(w, browser);
    await challenge(w, user.id);
    const id = await ask(browser, 'ada@acme.example');
    const code = await codeFor(w, 'ada@acme.example');
    expect((await browser.post(`${proofs}/${id}`, { code })).status).toBe(200);
    expect(await w.count('users')).toBe(1);
    for (const table of ['totp_secrets', 'recovery_codes', 'mfa_challenges'])
      expect(await w.count(table), table).toBe(0);
  });

  test('F-24 does not swallow it by a code alone where its holder has an app: sign in to it', async ({
    w,
  }) => {
    const holder = await signInAs(w, 'google', 'ada');
    await enrol(w, holder);
    const browser = await comeWithoutAddress(w);
    const id = await ask(browser, 'ada@acme.example');
    const code = await codeFor(w, 'ada@acme.example');
    expect(await browser.post(`${proofs}/${id}`, { code })).toBeProblem(409, 'link_required');
    expect((await meOf(browser)).companies).toEqual([]);
    expect(await w.count('users')).toBe(2);
  });

  test('does not swallow an account that has something of its own: sign in to the other one', async ({
    w,
  }) => {
    await signInAs(w, 'google', 'ada');
    const browser = await comeWithoutAddress(w);
    const own = await ask(browser);
    await browser.post(`${proofs}/${own}`, { code: await codeFor(w, nora) });
    const before = await w.count('users');
    const id = await ask(browser, 'ada@acme.example');
    const code = await codeFor(w, 'ada@acme.example');
    expect(await browser.post(`${proofs}/${id}`, { code })).toBeProblem(409, 'link_required');
    expect(await w.count('users')).toBe(before);
    expect((await meOf(browser)).user.email).toBe(nora);
  });

  test('Q-20 that came back under another identity of the same provider has changed hands', async ({ w }) => {
    const first = addPerson(w, { provider: 'azure', vouches: true }, nora);
    await signInAs(w, 'google', 'ada');
    const holder = await meOf(await signInAs(w, 'azure', first));
    const browser = await comeWithoutAddress(w);
    const id = await ask(browser);
    const refused = await browser.post(`${proofs}/${id}`, { code: await codeFor(w, nora) });
    expect(refused).toBeProblem(403, 'identity_conflict');
    const again = await ask(browser);
    const proved = await browser.post(`${proofs}/${again}`, { code: await codeFor(w, nora) });
    expect(proved.json()).toMatchObject({ user: { email: nora } });
    expect((proved.json() as { user: { id: string } }).user.id).not.toBe(holder.user.id);
  });

  test('nor enters an account that is disabled', async ({ w }) => {
    const { user } = await meOf(await signInAs(w, 'google', 'ada'));
    const browser = await comeWithoutAddress(w);
    await w.sql(`update users set status = 'disabled' where id = $1`, [user.id]);
    const id = await ask(browser, 'ada@acme.example');
    const code = await codeFor(w, 'ada@acme.example');
    expect(await browser.post(`${proofs}/${id}`, { code })).toBeProblem(403, 'account_disabled');
  });

  test('typed in twice at once makes one account', async ({ w }) => {
    await signInAs(w, 'google', 'ada');
    const browser = await comeWithoutAddress(w);
    const id = await ask(browser, 'ada@acme.example');
    const code = await codeFor(w, 'ada@acme.example');
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => browser.post(`${proofs}/${id}`, { code })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.every(({ status }) => status < 500)).toBe(true);
    expect(await w.count('users')).toBe(1);
  });
});

describe('where no code is sent', () => {
  test('no mail server: it is said, and nothing is written', async ({ w }) => {
    await w.start({ CLOUDGRID_INVITATION_EMAIL_SMTP_HOST: undefined });
    const browser = await comeWithoutAddress(w);
    expect(await browser.post(proofs, { email: nora })).toBeProblem(503, 'mail_not_configured');
    expect(await w.count('email_proofs')).toBe(0);
  });

  test('a domain that is not on the list', async ({ w }) => {
    await w.start({ AUTH_POLICY: 'restricted', AUTH_ALLOWED_EMAIL_DOMAINS: 'acme.example' });
    const browser = await signInAs(w, 'google', 'ada');
    expect(await browser.post(proofs, { email: 'ada@else.example' })).toBeProblem(
      403,
      'email_domain_not_allowed',
    );
    expect(await w.count('mails')).toBe(0);
  });

  test('M-02 what is no plain address', async ({ w }) => {
    const browser = await comeWithoutAddress(w);
    for (const email of [
      '"e@attacker.example"@acme.example',
      'a@b.example, c@d.example',
      'nora',
      'nora@acme.example\r\nBcc: x@y.example',
    ]) {
      expect(await browser.post(proofs, { email }), email).toBeProblem(400, 'email_invalid');
    }
    expect(await w.count('mails')).toBe(0);
  });
});
