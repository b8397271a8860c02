import { recordEvent } from '../audit/index.ts';
import type { SystemTx } from '../db/scopes.ts';
import type { Secret } from '../kernel/secret.ts';
import {
  forgetRetiredKeys,
  resealSigningKeys,
  rotateSigningKey,
  rotateWhenDue,
  withdrawSigningKey,
} from '../keys/index.ts';
import type { NewSigningKey, Rotation } from '../keys/index.ts';

/** Makes the next signing key in time, deletes those that are over, and seals all under the first master key. */
export async function tendSigningKeys(
  tx: SystemTx,
  masterKeys: readonly Secret[],
  now: Date,
): Promise<number> {
  const next = await rotateWhenDue(tx, { masterKeys, now });
  if (next !== undefined) await tellRotation(tx, next, { because: 'scheduled', now });
  const others = (await forgetRetiredKeys(tx, now)) + (await resealSigningKeys(tx, masterKeys));
  return others + (next === undefined ? 0 : 1);
}

/** An operator's rotation. */
export async function rotateByCommand(
  tx: SystemTx,
  making: { readonly masterKeys: readonly Secret[]; readonly now: Date; readonly atOnce: boolean },
): Promise<Rotation> {
  const rotation = await rotateSigningKey(tx, making);
  if (rotation.outcome === 'made')
    await tellRotation(tx, rotation, { because: 'commanded', now: making.now });
  return rotation;
}

/** An operator takes a key back; one that still signs stays. */
export async function withdrawByCommand(
  tx: SystemTx,
  keyId: string,
  now: Date,
): Promise<'withdrawn' | 'still_signs' | 'unknown'> {
  const outcome = await withdrawSigningKey(tx, keyId, now);
  const event = { type: 'signing_key.withdrawn', actor: { kind: 'system' }, subjectId: keyId } as const;
  if (outcome === 'withdrawn') await recordEvent(tx, event, now);
  return outcome;
}

type Occasion = { readonly because: 'scheduled' | 'commanded'; readonly now: Date };

async function tellRotation(tx: SystemTx, next: NewSigningKey, { because, now }: Occasion): Promise<void> {
  const details = { because, signsFrom: next.signsFrom.toISOString() };
  const event = { type: 'signing_key.rotated', actor: { kind: 'system' } } as const;
  await recordEvent(tx, { ...event, subjectId: next.keyId, details }, now);
}
