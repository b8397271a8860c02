import { hash } from '@node-rs/argon2';
import { linkTokens } from '../../src/credential/index.ts';
import { newId } from '../../src/kernel/ids.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { deriveKeys } from '../../src/keys/index.ts';
import type { Answer, Browser } from './browser.ts';
import { environmentOf, test as base } from './world.ts';
import type { World } from './world.ts';

const withPasswords = {
  AUTH_POLICY: 'standard',
  CLOUDGRID_INVITATION_EMAIL_SMTP_HOST: '127.0.0.1',
  CLOUDGRID_INVITATION_EMAIL_SMTP_PORT: '1',
  CLOUDGRID_INVITATION_EMAIL_SMTP_TLS: 'none',
  CLOUDGRID_INVITATION_EMAIL_FROM: 'gate@acme.example',
};

/** A world that knows passwords. Its mails are queued, and reach nobody. */
export const test = base.extend('environment', withPasswords);

export const goodPassword = 'violin tractor meadow';
export const otherPassword = 'copper lantern thistle';
/** A hash costs a tenth of a real one, and is made anew at the first sign-in. */
const cheap = { memoryCost: 2_048, timeCost: 1, parallelism: 1, algorithm: 2 } as const;

type Somebody = { readonly password?: string | undefined; readonly status?: 'active' | 'disabled' };

/** An account that somebody made earlier, in another browser. */
export async function addAccount(
  w: World,
  email: string,
  { password = goodPassword, status = 'active' }: Somebody = {},
): Promise<string> {
  const id = newId(new Date());
  await w.sql(`insert into users (id, display_name, status, created_at) values ($1, $2, $3, now())`, [
    id,
    email,
    status,
  ]);
  await w.sql(
    `insert into user_emails (address, user_id, is_primary, verified_at) values ($2, $1, true, now())`,
    [id, email],
  );
  await w.sql(`insert into passwords (user_id, hash, set_at) values ($1, $2, now())`, [
    id,
    await hash(password, cheap),
  ]);
  return id;
}

/** An authenticator app whose codes nobody here knows. */
export async function addApp(w: World, userId: string): Promise<void> {
  await w.sql(
    `insert into totp_secrets (user_id, sealed_secret, created_at, enabled_at) values ($1, 'sealed', now(), now())`,
    [userId],
  );
}

export const logIn = (browser: Browser, email: string, password = goodPassword): Promise<Answer> =>
  browser.post('/api/v1/auth/login', { email, password });

export const registerAs = (browser: Browser, email: string, more: object = {}): Promise<Answer> =>
  browser.post('/api/v1/auth/register', { email, ...more });

/** The token in the newest mail of this kind to the mailbox. */
export async function linkTo(
  w: World,
  email: string,
  kind: 'registration' | 'password_reset',
): Promise<string> {
  const [newest] = await w.sql<{ facts: { linkId: string } }>(
    `select facts from mails where kind = $2 and address = $1 order by id desc limit 1`,
    [email, kind],
  );
  if (newest === undefined) throw new Error(`no link was sent to ${email}`);
  const masterKey = new Secret(environmentOf(w, w.publicOrigin, w.database)['SECRETS_KEY'] ?? '');
  const keys = deriveKeys([masterKey], 'cloud/one-time-link/v1').map(({ key }) => key);
  return linkTokens(keys).tokenOf(newest.facts.linkId);
}

export async function eventsOf(w: World, ...types: readonly string[]) {
  return await w.sql<{ type: string; reason: string | null; subject_id: string | null }>(
    `select type, reason, subject_id from audit_events where type = any($1) order by at, id`,
    [types],
  );
}

/** What a caller can tell answers apart by; what differs with every request is left out. */
export function shapeOf({ status, headers, body }: Answer): unknown {
  return { status, headers: { ...headers, date: '' }, body: body.replace(/"reference":"[^"]+"/, '') };
}
