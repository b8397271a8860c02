import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { sql } from 'kysely';
import type { SystemTx } from '../db/scopes.ts';
import type { Row } from '../db/tables.ts';
import { after, dayMs, minuteMs } from '../kernel/clock.ts';
import type { Secret } from '../kernel/secret.ts';
import { openSealer } from './sealing.ts';
import type { Place, Sealer } from './sealing.ts';

/** No token may live longer: a retired key goes once its last token must be dead. */
export const longestTokenMs = dayMs;
/** How old what a process knows of the keys may be while it signs with them; it asks far oftener. */
export const longestUnreadMs = 60 * minuteMs;
/** More than what caches may hold of the published keys, and what a process may have missed, together. */
const publishedAheadMs = 15 * minuteMs;
const signsForMs = 30 * dayMs;
const keptOnMs = longestTokenMs + longestUnreadMs;
/** One maker of keys at a time. Any number, never changed. */
const keyLock = 7_236_417;

export type SigningKeyRow = Row<'signing_keys'>;

export type KeyMaking = {
  readonly masterKeys: readonly Secret[];
  readonly now: Date;
};

export type NewSigningKey = { readonly keyId: string; readonly signsFrom: Date };

export function sealerOf(masterKeys: readonly Secret[]): Sealer {
  return openSealer(masterKeys, 'cloud/signing-key/v1');
}

/** The id is a digest of the public key (RFC 7638), so the private half is bound to that too. */
export function placeOf(keyId: string): Place {
  return ['signing_keys', 'sealed_private_key', keyId];
}

/** In the order in which they sign. */
export async function readSigningKeys(tx: SystemTx): Promise<SigningKeyRow[]> {
  return await tx.selectFrom('signing_keys').selectAll().orderBy('signs_from').orderBy('id').execute();
}

/** Of keys in their order: the last whose time has come. A clock that runs behind the maker's still finds the first. */
export function signerOf<Key extends { readonly signs_from: Date }>(
  keys: readonly Key[],
  now: Date,
): Key | undefined {
  return keys.findLast((key) => key.signs_from <= now) ?? keys[0];
}

/** All keys; where there is none, one is made that signs at once. Any number may ask at once, and get the same. */
export async function ensureSigningKeys(tx: SystemTx, making: KeyMaking): Promise<SigningKeyRow[]> {
  const rows = await readSigningKeys(tx);
  if (rows.length > 0) return rows;
  await takeLock(tx);
  const madeMeanwhile = await readSigningKeys(tx);
  if (madeMeanwhile.length > 0) return madeMeanwhile;
  await makeKey(tx, making, making.now);
  return await readSigningKeys(tx);
}

/** Makes the next key where the newest has signed for thirty days. Leaves it to another process that is at it. */
export async function rotateWhenDue(tx: SystemTx, making: KeyMaking): Promise<NewSigningKey | undefined> {
  if (!(await tryLock(tx))) return undefined;
  const newest = (await ensureSigningKeys(tx, making)).at(-1);
  if (newest === undefined || after(newest.signs_from, signsForMs) > making.now) return undefined;
  return await makeKey(tx, making, later(after(making.now, publishedAheadMs), newest));
}

export type Rotation =
  | ({ readonly outcome: 'made' } & NewSigningKey)
  /** A key that has been published and does not sign yet: it is the next one. */
  | ({ readonly outcome: 'already_waiting' } & NewSigningKey);

/** Makes the next key now. `atOnce` lets it sign before the caches of those who verify have heard of it. */
export async function rotateSigningKey(
  tx: SystemTx,
  { atOnce, ...making }: KeyMaking & { readonly atOnce: boolean },
): Promise<Rotation> {
  await takeLock(tx);
  const rows = await readSigningKeys(tx);
  const newest = rows.at(-1);
  if (!atOnce && newest !== undefined && newest.signs_from > making.now)
    return { outcome: 'already_waiting', keyId: newest.id, signsFrom: newest.signs_from };
  const isAtOnce = atOnce || newest === undefined;
  const signsFrom = isAtOnce ? making.now : after(making.now, publishedAheadMs);
  const signer = signerOf(rows, making.now);
  return { outcome: 'made', ...(await makeKey(tx, making, later(signsFrom, signer))) };
}

/** This time, or right after that key's: the clock that gave it may have been ahead of ours. */
function later(at: Date, key: SigningKeyRow | undefined): Date {
  return key === undefined || key.signs_from < at ? at : after(key.signs_from, 1);
}

/** Takes a key back before its tokens are dead, so that nothing it signed is believed any more. */
export async function withdrawSigningKey(
  tx: SystemTx,
  keyId: string,
  now: Date,
): Promise<'withdrawn' | 'still_signs' | 'unknown'> {
  await takeLock(tx);
  const rows = await readSigningKeys(tx);
  if (!rows.some(({ id }) => id === keyId)) return 'unknown';
  if (signerOf(rows, now)?.id === keyId) return 'still_signs';
  await tx.deleteFrom('signing_keys').where('id', '=', keyId).execute();
  return 'withdrawn';
}

/** Until when a key is published; undefined while no later one has been given a time. */
export function publishedUntil(keys: readonly SigningKeyRow[], key: SigningKeyRow): Date | undefined {
  const successor = keys[keys.indexOf(key) + 1];
  return successor && after(successor.signs_from, keptOnMs);
}

/** Deletes the keys whose last token is dead. */
export async function forgetRetiredKeys(tx: SystemTx, now: Date): Promise<number> {
  const rows = await readSigningKeys(tx);
  const isOver = (until: Date | undefined) => until !== undefined && until <= now;
  const retired = rows.filter((row) => isOver(publishedUntil(rows, row))).map(({ id }) => id);
  if (retired.length > 0) await tx.deleteFrom('signing_keys').where('id', 'in', retired).execute();
  return retired.length;
}

/** Seals anew, under the first master key, what an older one sealed. What none of the list opens stays as it is. */
export async function resealSigningKeys(tx: SystemTx, masterKeys: readonly Secret[]): Promise<number> {
  const sealer = sealerOf(masterKeys);
  const rows = await tx.selectFrom('signing_keys').selectAll().forUpdate().skipLocked().execute();
  let resealed = 0;
  for (const { id, sealed_private_key: sealed } of rows) {
    if (sealer.isCurrent(sealed)) continue;
    const opened = sealer.open(sealed, placeOf(id));
    if (opened === undefined) continue;
    const renewed = { sealed_private_key: sealer.seal(opened, placeOf(id)) };
    await tx.updateTable('signing_keys').set(renewed).where('id', '=', id).execute();
    resealed += 1;
  }
  return resealed;
}

async function makeKey(
  tx: SystemTx,
  { masterKeys, now }: KeyMaking,
  signsFrom: Date,
): Promise<NewSigningKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const { kty = '', crv = '', x = '', y = '', d = '' } = await exportJWK(privateKey);
  const publicJwk = { kty, crv, x, y };
  const keyId = await calculateJwkThumbprint(publicJwk);
  const sealed = sealerOf(masterKeys).seal(Buffer.from(d, 'base64url'), placeOf(keyId));
  await tx
    .insertInto('signing_keys')
    .values({
      id: keyId,
      public_jwk: JSON.stringify(publicJwk),
      sealed_private_key: sealed,
      created_at: now,
      signs_from: signsFrom,
    })
    .execute();
  return { keyId, signsFrom };
}

/** Until the transaction ends. */
async function takeLock(tx: SystemTx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${keyLock})`.execute(tx);
}

async function tryLock(tx: SystemTx): Promise<boolean> {
  const { rows } = await sql<{
    taken: boolean;
  }>`select pg_try_advisory_xact_lock(${keyLock}) as taken`.execute(tx);
  return rows[0]?.taken === true;
}
