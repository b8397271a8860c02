import type { SystemTx } from '../db/scopes.ts';
import { placeOf, publishedUntil, readSigningKeys, sealerOf, signerOf } from './signing-keys.ts';
import type { KeyMaking } from './signing-keys.ts';

/** What an operator may know of a signing key. */
export type SigningKeyFacts = {
  readonly keyId: string;
  readonly state: 'waiting' | 'signing' | 'retired';
  readonly createdAt: Date;
  readonly signsFrom: Date;
  /** For a retired key alone. */
  readonly publishedUntil?: Date;
  /** Under which key of `SECRETS_KEY` it is sealed; `unreadable` where the list has it not. */
  readonly sealedUnder: 'first' | 'older' | 'unreadable';
};

/** All signing keys, in the order in which they sign. */
export async function listSigningKeys(
  tx: SystemTx,
  { masterKeys, now }: KeyMaking,
): Promise<SigningKeyFacts[]> {
  const sealer = sealerOf(masterKeys);
  const rows = await readSigningKeys(tx);
  const signer = signerOf(rows, now);
  return rows.map((row) => {
    const stateIfOther = row.signs_from > now ? 'waiting' : 'retired';
    const state = row === signer ? 'signing' : stateIfOther;
    const until = publishedUntil(rows, row);
    const isReadable = sealer.open(row.sealed_private_key, placeOf(row.id)) !== undefined;
    const sealedUnder = sealer.isCurrent(row.sealed_private_key) ? 'first' : 'older';
    return {
      keyId: row.id,
      state,
      createdAt: row.created_at,
      signsFrom: row.signs_from,
      ...(state === 'retired' && until !== undefined && { publishedUntil: until }),
      sealedUnder: isReadable ? sealedUnder : 'unreadable',
    };
  });
}
