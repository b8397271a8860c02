import { sql } from 'kysely';
import type { SystemTx } from '../db/scopes.ts';
import { removeRecoveryCodes, renewRecoveryCodes, useRecoveryCode } from './recovery-codes.ts';
import { confirmTotp, removeTotp, useTotp } from './totp.ts';
import type { SecretSealer } from './totp.ts';

const appCodeLength = 6;

type Typed = { readonly userId: string; readonly code: string; readonly now: Date };

/**
 * One at a time has to do with the second factor of an account, until the transaction ends. Comes before every other lock.
 */
export async function lockSecondFactor(tx: SystemTx, userId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`second factor of ${userId}`}, 0))`.execute(tx);
}

/** Whether a code is asked for beside the password: an app counts once a code of it was typed back. */
export async function hasSecondFactor(tx: SystemTx, userId: string): Promise<boolean> {
  const found = await tx
    .selectFrom('totp_secrets')
    .select('user_id')
    .where('user_id', '=', userId)
    .where('enabled_at', 'is not', null)
    .executeTakeFirst();
  return found !== undefined;
}

/** What somebody has beside a password. */
export type SecondFactor = { readonly enabledAt: Date | null; readonly recoveryCodesLeft: number };

export async function readSecondFactor(tx: SystemTx, userId: string): Promise<SecondFactor> {
  const [app, codes] = await Promise.all([
    tx.selectFrom('totp_secrets').select('enabled_at').where('user_id', '=', userId).executeTakeFirst(),
    tx
      .selectFrom('recovery_codes')
      .select(({ fn }) => fn.countAll<string>().as('left'))
      .where('user_id', '=', userId)
      .where('used_at', 'is', null)
      .executeTakeFirstOrThrow(),
  ]);
  return { enabledAt: app?.enabled_at ?? null, recoveryCodesLeft: Number(codes.left) };
}

/** Uses a code of the app, or a recovery code in its place. Undefined where it is neither, or was used before. */
export async function useSecondFactor(
  tx: SystemTx,
  sealer: SecretSealer,
  typed: Typed,
): Promise<'code' | 'recovery_code' | undefined> {
  const asked = { ...typed, code: withoutGaps(typed.code) };
  if (asked.code.length === appCodeLength) return (await useTotp(tx, sealer, asked)) ? 'code' : undefined;
  return (await useRecoveryCode(tx, asked)) ? 'recovery_code' : undefined;
}

/** Uses a code of the app; a recovery code does not count. */
export async function useAppCode(tx: SystemTx, sealer: SecretSealer, typed: Typed): Promise<boolean> {
  return await useTotp(tx, sealer, { ...typed, code: withoutGaps(typed.code) });
}

/** The app counts from now on. Answers its recovery codes; undefined where the code does not fit. */
export async function enableSecondFactor(
  tx: SystemTx,
  sealer: SecretSealer,
  typed: Typed,
): Promise<string[] | undefined> {
  const isConfirmed = await confirmTotp(tx, sealer, { ...typed, code: withoutGaps(typed.code) });
  return isConfirmed ? await renewRecoveryCodes(tx, typed.userId) : undefined;
}

/** Returns whether there was one. */
export async function disableSecondFactor(tx: SystemTx, userId: string): Promise<boolean> {
  await removeRecoveryCodes(tx, userId);
  return await removeTotp(tx, userId);
}

function withoutGaps(code: string): string {
  return code.replaceAll(/[\s-]/g, '');
}
