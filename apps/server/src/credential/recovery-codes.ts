import { randomInt } from 'node:crypto';
import type { SystemTx } from '../db/scopes.ts';
import { hashToken } from '../kernel/tokens.ts';

const codesAtOnce = 10;
/** 120 bits: nothing slower than SHA-256 is needed to keep them (ASVS 6.5.2). */
const length = 24;
const group = 6;
/** Base32 (RFC 4648 §6): no character looks like another one. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Makes codes in the place of all that there were. They are known to whoever gets this answer and to nobody afterwards. */
export async function renewRecoveryCodes(tx: SystemTx, userId: string): Promise<string[]> {
  const codes = Array.from({ length: codesAtOnce }, newCode);
  await tx.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
  const rows = codes.map((code) => ({ user_id: userId, code_hash: hashOf(code) }));
  await tx.insertInto('recovery_codes').values(rows).execute();
  return codes.map(inGroups);
}

/** Uses a code. Of many at once one uses it. */
export async function useRecoveryCode(
  tx: SystemTx,
  { userId, code, now }: { userId: string; code: string; now: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('recovery_codes')
    .set({ used_at: now })
    .where('user_id', '=', userId)
    .where('code_hash', '=', hashOf(code.toUpperCase()))
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function removeRecoveryCodes(tx: SystemTx, userId: string): Promise<void> {
  await tx.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
}

function newCode(): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

function inGroups(code: string): string {
  return code.replaceAll(new RegExp(`.{${String(group)}}(?=.)`, 'g'), '$&-');
}

function hashOf(code: string): Buffer {
  return hashToken('cloud/recovery-code/v1', code);
}
