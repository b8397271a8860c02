import { hash } from '@node-rs/argon2';
import { Secret, TOTP } from 'otpauth';
import { expect } from 'vitest';
import { hashToken, randomToken } from '../../src/kernel/tokens.ts';
import type { Answer, Browser } from './browser.ts';
import { meOf, signInAs } from './people.ts';
import type { World } from './world.ts';

/** Passwords are a way in, and mail is queued. */
export const withPasswords = {
  AUTH_POLICY: 'standard',
  CLOUDGRID_INVITATION_EMAIL_SMTP_HOST: '127.0.0.1',
  CLOUDGRID_INVITATION_EMAIL_SMTP_PORT: '1',
  CLOUDGRID_INVITATION_EMAIL_SMTP_TLS: 'none',
  CLOUDGRID_INVITATION_EMAIL_FROM: 'gate@acme.example',
};

export const password = 'nine quiet herons over the weir';
/** Of it, made so that a test waits for nothing. */
const passwordHash = hash(password, { memoryCost: 64, timeCost: 1, parallelism: 1 });

/** Whoever is signed in here has this password from now on. */
export async function givePassword(w: World, browser: Browser): Promise<string> {
  const { id } = (await meOf(browser)).user;
  await w.sql('insert into passwords (user_id, hash, set_at) values ($1, $2, now())', [
    id,
    await passwordHash,
  ]);
  return id;
}

/** Ada, signed in at Google, who has a password too. */
export async function adaWithPassword(w: World): Promise<{ ada: Browser; userId: string }> {
  const ada = await signInAs(w, 'google', 'ada');
  return { ada, userId: await givePassword(w, ada) };
}

/** The code that an app shows at the world's time, some steps from now. */
export function codeOf(w: World, secret: string, stepsAway = 0): string {
  const timestamp = w.clock.now().getTime() + stepsAway * 30_000;
  return TOTP.generate({ secret: Secret.fromBase32(secret), timestamp });
}

/** Sets an app up and types its code back. The world's time moves on by a step, so that the next code is another one. */
export async function enrol(
  w: World,
  browser: Browser,
): Promise<{ secret: string; recoveryCodes: string[] }> {
  const begun = await browser.post('/api/v1/me/mfa/totp');
  expect(begun.status, begun.body).toBe(201);
  // Both are as the contract says: the server holds its answers to it.
  const { secret } = begun.json() as { secret: string };
  const confirmed = await browser.post('/api/v1/me/mfa/totp/confirm', { code: codeOf(w, secret) });
  expect(confirmed.status, confirmed.body).toBe(200);
  w.clock.advance(30_000);
  return { secret, ...(confirmed.json() as { recoveryCodes: string[] }) };
}

/** As somebody does who is told to come back: what judges passwords takes a while to wake up on a busy machine. */
export async function insist(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tried = 1; ; tried += 1) {
    const answer = await ask();
    if (answer.status !== 503 || tried === 5) return answer;
  }
}

/** A sign-in whose password fitted just now. */
export async function challenge(w: World, userId: string): Promise<string> {
  const token = randomToken();
  const now = w.clock.now();
  await w.sql(
    `insert into mfa_challenges (token_hash, user_id, address, created_at, expires_at)
     values ($1, $2, 'ada@acme.example', $3, $3::timestamptz + interval '5 minutes')`,
    [hashToken('cloud/mfa-challenge/v1', token), userId, now],
  );
  return token;
}

export async function verify(browser: Browser, mfaToken: string, code: string): Promise<Answer> {
  return await browser.post('/api/v1/auth/mfa/verify', { mfaToken, code });
}

/** What the mailbox of the account was told, in order. */
export async function told(w: World): Promise<string[]> {
  const rows = await w.sql<{ what: string }>(
    `select facts->>'what' as what from mails where kind = 'account_notice' order by id`,
  );
  return rows.map(({ what }) => what);
}

export async function eventsOf(w: World, type: string): Promise<{ result: string; reason: string | null }[]> {
  return await w.sql('select result, reason from audit_events where type = $1 order by id', [type]);
}
