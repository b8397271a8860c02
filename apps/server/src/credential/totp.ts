import { Secret, TOTP } from 'otpauth';
import type { SystemTx } from '../db/scopes.ts';
import { after, dayMs, minuteMs } from '../kernel/clock.ts';

/** What authenticator apps take unless they are told otherwise (RFC 6238 §4): nothing else is understood by all of them. */
const form = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** How many steps a code may be early or late. */
const window = 1;
const secretBytes = 20;
/** How long an app that was set up may take until a code of it is typed back. */
const enrolmentMs = 30 * minuteMs;

/** Seals a secret for one place in the database, and opens it there alone. */
export type SecretSealer = {
  seal(secret: Buffer, place: readonly string[]): Buffer;
  open(sealed: Buffer, place: readonly string[]): Buffer | undefined;
  /** Whether it was sealed under the key that seals now. */
  isCurrent(sealed: Buffer): boolean;
};

/** In base32, as authenticator apps read it. */
export function newTotpSecret(): string {
  return new Secret({ size: secretBytes }).base32;
}

/** For a QR code. `account` is what tells it from others of the same issuer in the app. */
export function totpUri(secret: string, { issuer, account }: { issuer: string; account: string }): string {
  return new TOTP({ ...form, issuer, label: account, secret: Secret.fromBase32(secret) }).toString();
}

/** The step whose code this is, one of three around now; undefined where it is none of theirs. */
export function stepOf(secret: string, code: string, now: Date): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const timestamp = now.getTime();
  const asked = { ...form, secret: Secret.fromBase32(secret), timestamp };
  const delta = TOTP.validate({ ...asked, token: code, window });
  return delta === null ? undefined : TOTP.counter({ period: form.period, timestamp }) + delta;
}

type Typed = { readonly userId: string; readonly code: string; readonly now: Date };

/** Sets an app up, which counts for nothing yet. Undefined where one counts already; one that waited gives way. */
export async function beginTotp(
  tx: SystemTx,
  sealer: SecretSealer,
  { userId, now }: { userId: string; now: Date },
): Promise<string | undefined> {
  const secret = newTotpSecret();
  const sealed_secret = sealer.seal(Buffer.from(secret), placeOf(userId));
  const begun = await tx
    .insertInto('totp_secrets')
    .values({ user_id: userId, sealed_secret, created_at: now })
    .onConflict((conflict) =>
      conflict
        .column('user_id')
        .doUpdateSet({ sealed_secret, created_at: now })
        .where('totp_secrets.enabled_at', 'is', null),
    )
    .returning('user_id')
    .executeTakeFirst();
  return begun && secret;
}

/** From the first code that was typed back an app counts; that code is used by it. */
export async function confirmTotp(
  tx: SystemTx,
  sealer: SecretSealer,
  { userId, code, now }: Typed,
): Promise<boolean> {
  const secret = await readSecret(tx, sealer, { userId, isEnabled: false });
  const step = secret && stepOf(secret, code, now);
  if (step === undefined) return false;
  const { numUpdatedRows } = await tx
    .updateTable('totp_secrets')
    .set({ enabled_at: now, last_step: step })
    .where('user_id', '=', userId)
    .where('enabled_at', 'is', null)
    .where('created_at', '>', after(now, -enrolmentMs))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Uses a code. Of many at once one uses it, and with it every one that came before it (RFC 6238 §5.2). */
export async function useTotp(
  tx: SystemTx,
  sealer: SecretSealer,
  { userId, code, now }: Typed,
): Promise<boolean> {
  const secret = await readSecret(tx, sealer, { userId, isEnabled: true });
  const step = secret && stepOf(secret, code, now);
  if (step === undefined) return false;
  const { numUpdatedRows } = await tx
    .updateTable('totp_secrets')
    .set({ last_step: step })
    .where('user_id', '=', userId)
    .where('enabled_at', 'is not', null)
    .where('last_step', '<', String(step))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Returns whether there was one that counted. */
export async function removeTotp(tx: SystemTx, userId: string): Promise<boolean> {
  const removed = await tx
    .deleteFrom('totp_secrets')
    .where('user_id', '=', userId)
    .where('enabled_at', 'is not', null)
    .returning('user_id')
    .executeTakeFirst();
  return removed !== undefined;
}

/** Deletes apps that were set up a day ago and whose code was never typed back. */
export async function forgetUnconfirmedTotp(tx: SystemTx, now: Date): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('totp_secrets')
    .where('enabled_at', 'is', null)
    .where('created_at', '<=', after(now, -dayMs))
    .executeTakeFirst();
  return Number(numDeletedRows);
}

const batchSize = 100;

/** Seals anew what an older master key sealed. What none of them opens stays as it is. */
export async function resealTotpSecrets(tx: SystemTx, sealer: SecretSealer): Promise<number> {
  const rows = await tx.selectFrom('totp_secrets').select(['user_id', 'sealed_secret']).execute();
  const old = rows.flatMap(({ user_id: userId, sealed_secret: sealed }) => {
    const opened = sealer.isCurrent(sealed) ? undefined : sealer.open(sealed, placeOf(userId));
    return opened === undefined ? [] : [{ userId, sealed, opened }];
  });
  for (const { userId, sealed, opened } of old.slice(0, batchSize)) {
    await tx
      .updateTable('totp_secrets')
      .set({ sealed_secret: sealer.seal(opened, placeOf(userId)) })
      .where('user_id', '=', userId)
      .where('sealed_secret', '=', sealed) // another app may have been set up meanwhile
      .execute();
  }
  return Math.min(old.length, batchSize);
}

async function readSecret(
  tx: SystemTx,
  sealer: SecretSealer,
  { userId, isEnabled }: { userId: string; isEnabled: boolean },
): Promise<string | undefined> {
  const row = await tx
    .selectFrom('totp_secrets')
    .select('sealed_secret')
    .where('user_id', '=', userId)
    .where('enabled_at', isEnabled ? 'is not' : 'is', null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const opened = sealer.open(row.sealed_secret, placeOf(userId));
  if (opened === undefined)
    throw new Error(`the authenticator secret of ${userId} does not open with any key of SECRETS_KEY`);
  return opened.toString();
}

function placeOf(userId: string): readonly string[] {
  return ['totp_secrets', 'sealed_secret', userId];
}
