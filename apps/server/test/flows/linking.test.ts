import { createHash, randomBytes } from 'node:crypto';
import { describe, expect } from 'vitest';
import { minuteMs } from '../../src/kernel/clock.ts';
import type { Browser } from '../support/browser.ts';
import { countAll, meOf, signInAs } from '../support/people.ts';
import { test as base } from '../support/world.ts';
import type { World } from '../support/world.ts';

const test = base.extend('environment', {
  CLOUDGRID_INVITATION_EMAIL_SMTP_HOST: '127.0.0.1',
  CLOUDGRID_INVITATION_EMAIL_SMTP_PORT: '1',
  CLOUDGRID_INVITATION_EMAIL_SMTP_TLS: 'none',
  CLOUDGRID_INVITATION_EMAIL_FROM: 'gate@acme.example',
  APP_BASE_URL: 'http://localhost:5173',
});

const link = { link: '1', returnTo: '/account/security' };

/** Signed in at Google, back from GitHub with this person's answer. */
async function backFromGitHub(w: World, browser: Browser, key = 'grace') {
  w.github.signsInAs(key);
  return await browser.beginSignIn('github', link);
}

const events = (w: World, type: string) =>
  w.sql<{ reason: string | null; details: unknown }>(
    'select reason, details from audit_events where type = $1 order by id',
    [type],
  );

describe('another way into one’s account', () => {
  test('S-03 leads there from then on; its mailbox is told, and the session goes on under another id', async ({
    w,
  }) => {
    const ada = await signInAs(w, 'google', 'ada');
    const before = await meOf(ada);
    const held = ada.cookies.get('gatehouse') ?? '';
    const { callback } = await backFromGitHub(w, ada);
    expect(await callback()).toRedirectTo('/account/security');
    const after = await meOf(ada);
    expect(after.user.id).toBe(before.user.id);
    expect(after.session.id).not.toBe(before.session.id);
    expect(after.session).toMatchObject({ expiresAt: before.session.expiresAt, signedInWith: 'google' });
    w.otherBrowser.cookies.set('gatehouse', held);
    expect(await w.otherBrowser.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
    expect((await meOf(await signInAs(w, 'github', 'grace'))).user.id).toBe(before.user.id);
    expect(await w.sql(`select address, facts->>'provider' as provider from mails`)).toEqual([
      { address: 'ada@acme.example', provider: 'GitHub' },
    ]);
    expect(await events(w, 'identity.linked')).toMatchObject([{ details: { connection: 'github' } }]);
  });

  test('arrives twice like once, for ten seconds, and signs nobody in; linking it once more tells nobody', async ({
    w,
  }) => {
    const ada = await signInAs(w, 'google', 'ada');
    const { callback } = await backFromGitHub(w, ada);
    for (const answer of await Promise.all([callback(), callback()]))
      expect(answer).toRedirectTo('/account/security');
    expect(await w.count('identities')).toBe(2);
    await meOf(ada);
    w.clock.advance(11_000);
    expect(await callback()).toBeRefusedWith('attempt_invalid');
    const told = await w.count('mails');
    expect(await (await backFromGitHub(w, ada)).callback()).toRedirectTo('/account/security');
    expect(await w.count('mails')).toBe(told);
    expect(await w.count('identities')).toBe(2);
  });

  test('brings its verified address along, unless somebody else holds it', async ({ w }) => {
    const ada = await signInAs(w, 'google', 'ada');
    const gina = await meOf(await signInAs(w, 'google', 'gina'));
    const known = (id: number, email: string) => {
      const person = { key: email, id, login: `p${String(id)}`, name: 'Ada', publicEmail: null };
      w.github.people.add({
        ...person,
        emails: [{ email, primary: true, verified: true, visibility: null }],
      });
      return email;
    };
    for (const key of [known(7001, 'gina@gmail.com'), known(7002, 'ada@home.example')])
      expect(await (await backFromGitHub(w, ada, key)).callback()).toRedirectTo('/account/security');
    const holders = await w.sql<{ address: string; user_id: string }>(
      'select address, user_id from user_emails',
    );
    const { id } = (await meOf(ada)).user;
    expect(holders.find(({ address }) => address === 'gina@gmail.com')?.user_id).toBe(gina.user.id);
    expect(holders.find(({ address }) => address === 'ada@home.example')?.user_id).toBe(id);
    expect((await meOf(ada)).user.email).toBe('ada@acme.example');
  });
});

describe('no other way into an account is added', () => {
  test('L-08 F-24 without a fresh proof, by nobody, and by another site’s page', async ({ w }) => {
    const ada = await signInAs(w, 'google', 'ada');
    const query = new URLSearchParams({ provider: 'github', ...link }).toString();
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect(await ada.ask(`/auth/login?${query}`, { headers, as: 'api' })).toBeProblem(403, 'csrf_rejected');
    w.clock.advance(10 * minuteMs + 1_000);
    expect(await ada.get(`/auth/login?${query}`)).toBeProblem(401, 'step_up_required');
    expect(await ada.ask(`/auth/login?${query}`)).toBeRefusedWith('step_up_required');
    expect(await w.browser.get(`/auth/login?${query}`)).toBeProblem(401, 'unauthenticated');
    expect(await w.browser.get('/api/v1/auth/link?provider=github')).toBeProblem(401, 'unauthenticated');
    expect(await w.count('attempts where settled_at is null')).toBe(0);
  });

  test('L-07 in a browser in which somebody else, or nobody, is signed in by now', async ({ w }) => {
    const ada = await signInAs(w, 'google', 'ada');
    const first = await backFromGitHub(w, ada);
    const second = await backFromGitHub(w, ada);
    await signInAs(w, 'google', 'gina', ada);
    const written = await countAll(w);
    expect(await ada.get(first.callbackUrl)).toBeProblem(409, 'session_changed');
    await ada.post('/auth/logout');
    expect(await second.callback()).toBeRefusedWith('session_changed');
    expect(await countAll(w)).toEqual(written);
    expect(await events(w, 'sign_in.refused')).toMatchObject([
      { reason: 'session_changed' },
      { reason: 'session_changed' },
    ]);
  });

  test('L-09 by an identity that leads to somebody else, of whom the answer tells nothing', async ({ w }) => {
    const ada = await signInAs(w, 'google', 'ada');
    await signInAs(w, 'github', 'grace');
    const written = await countAll(w);
    const { callbackUrl } = await backFromGitHub(w, ada);
    const answer = await ada.get(callbackUrl);
    expect(answer).toBeProblem(409, 'identity_taken');
    expect(answer.body).not.toMatch(/grace/i);
    expect(await countAll(w)).toEqual(written);
    await meOf(ada);
  });
});

describe('where a token pair is held', () => {
  /** Somebody who is signed in at Google, in token mode. */
  async function withTokens(w: World) {
    const { user } = await meOf(await signInAs(w, 'google', 'ada'));
    const token = randomBytes(32).toString('base64url');
    const hash = createHash('sha256').update(`cloud/refresh/v1\0${token}`).digest();
    const [session] = await w.sql<{ id: string }>(
      `with made as (insert into sessions (id, lineage_id, kind, user_id, connection_id, signed_in_with, created_at,
         expires_at, last_seen_at)
       select id, id, 'tokens', $1, 'google', 'google', now(), now() + interval '1 day', now()
       from gen_random_uuid() as id returning id),
       held as (insert into refresh_tokens (token_hash, session_id, created_at) select $2, id, now() from made)
       select id from made`,
      [user.id, hash],
    );
    w.browser.cookies.set('refresh_token', token);
    return { user, sessionId: session?.id ?? '' };
  }

  async function leave(w: World): Promise<URL> {
    w.github.signsInAs('grace');
    const departure = await w.browser.ask('/api/v1/auth/link?provider=github&returnTo=/account/security');
    const answer = await w.browser.ask(departure.location ?? '');
    w.browser.cookies.delete('refresh_token'); // its path is not that of the callback
    return answer.location ?? new URL('about:blank');
  }

  test('the way back leads to that page; the pair goes on as it was, and no cookie is given', async ({
    w,
  }) => {
    const { user, sessionId } = await withTokens(w);
    const callback = await leave(w);
    for (const answer of [await w.browser.ask(callback), await w.browser.ask(callback)]) {
      expect(answer.location?.href).toBe('http://localhost:5173/account/security');
      expect(answer.setCookies.join()).not.toMatch(/gatehouse=|refresh_token=/);
    }
    expect(await w.sql('select ended_at from sessions where id = $1', [sessionId])).toEqual([
      { ended_at: null },
    ]);
    w.clock.advance(11_000);
    expect(await w.browser.ask(callback)).toBeRefusedWith('attempt_invalid');
    expect((await meOf(await signInAs(w, 'github', 'grace'))).user.id).toBe(user.id);
  });

  test('L-07 a pair that is over by then adds nothing', async ({ w }) => {
    const { sessionId } = await withTokens(w);
    const callback = await leave(w);
    await w.sql(`update sessions set ended_at = now(), ended_because = 'revoked' where id = $1`, [sessionId]);
    expect(await w.browser.get(callback)).toBeProblem(409, 'session_changed');
    expect(await w.count('identities')).toBe(1);
  });
});
