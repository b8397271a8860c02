import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT, calculateJwkThumbprint } from 'jose';
import type { CryptoKey, JWTPayload } from 'jose';
import { inSystem } from '../db/scopes.ts';
import type { Database } from '../db/scopes.ts';
import type { Clock } from '../kernel/clock.ts';
import { secondMs } from '../kernel/clock.ts';
import type { Secret } from '../kernel/secret.ts';
import type { Sealer } from './sealing.ts';
import {
  ensureSigningKeys,
  longestTokenMs,
  longestUnreadMs,
  placeOf,
  sealerOf,
  signerOf,
} from './signing-keys.ts';
import type { SigningKeyRow } from './signing-keys.ts';
import { algorithm, verifyToken } from './verify-token.ts';
import type { VerifiedToken } from './verify-token.ts';

const rereadMs = 30 * secondMs;
const retryMs = secondMs;
/** How long a database may take before what is known has to do. */
const patienceMs = 2 * secondMs;

export type PublicJwk = {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: 'ES256';
  readonly use: 'sig';
};

export type TokenKind = {
  /** The header `typ`, which keeps one kind of token from being taken for another (RFC 8725 §3.11). */
  readonly typ: string;
  readonly issuer: string;
  readonly audience: string;
  /** A day at most: a retired key is published no longer than its tokens may live. */
  readonly lifetimeSeconds: number;
};

export type KeyRing = {
  /** A compact JWT. Asks the database only where this process has not known the keys for an hour. */
  sign(claims: Readonly<Record<string, unknown>>, kind: TokenKind): Promise<string>;
  /**
   * What a token of this kind says, where one of the keys signed it and its time has not run out. Undefined for anything
   * else, whatever it is.
   */
  verify(token: string, kind: Omit<TokenKind, 'lifetimeSeconds'>): Promise<VerifiedToken | undefined>;
  /** Whether the key is one that this process still takes tokens of. */
  isHeld(keyId: string): boolean;
  /** The keys that sign now, will soon, or have signed what may still be alive: as they were 30 s ago at most. */
  publicKeys(): Promise<{ readonly keys: readonly PublicJwk[] }>;
};

export type KeyRingDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly masterKeys: readonly Secret[];
  /** Told what did not keep the ring from going on: keys that could not be read again, a key that does not open. */
  readonly onError: (error: unknown) => void;
};

/** A key that this process can sign with. Nothing else is published: a row that somebody slipped in opens for nobody. */
type HeldKey = {
  readonly id: string;
  readonly signs_from: Date;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly published: PublicJwk;
};

/** The signing keys in memory. The first to ask finds them in the database, or makes the first of them. */
export function openKeyRing({ db, clock, masterKeys, onError }: KeyRingDeps): KeyRing {
  const hold = openHold({ clock, onError, read: keyReader({ db, clock, masterKeys, onError }) });
  const { current } = hold;
  const find = async (keyId: string): Promise<CryptoKey | undefined> => {
    const isIt = ({ id }: HeldKey) => id === keyId;
    // One that was made a moment ago may not have been read yet.
    const key = (await current(rereadMs)).find(isIt) ?? (await current(retryMs)).find(isIt);
    return key?.publicKey;
  };
  return {
    async sign(claims, { typ, issuer, audience, lifetimeSeconds }) {
      if (lifetimeSeconds * secondMs > longestTokenMs) throw new Error('a token lives for a day at most');
      const now = clock.now();
      const key = signerOf(await current(longestUnreadMs), now);
      if (key === undefined) throw new Error('there is no signing key');
      const issuedAt = Math.floor(now.getTime() / secondMs);
      return await new SignJWT({ ...claims } satisfies JWTPayload)
        .setProtectedHeader({ alg: algorithm, kid: key.id, typ })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds)
        .sign(key.privateKey);
    },
    verify: (token, { typ, issuer, audience }) =>
      verifyToken(token, { typ, issuer, audience, find, now: clock.now() }),
    isHeld: (keyId) => hold.known().some(({ id }) => id === keyId),
    publicKeys: async () => ({ keys: (await current(rereadMs)).map(({ published }) => published) }),
  };
}

type Hold = {
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
  readonly read: (known: readonly HeldKey[]) => Promise<readonly HeldKey[]>;
};

/**
 * Answers the keys that are held, and has them read again every half minute. Only whose keys are older than `mostMs`
 * waits for that, and not for long. Measured by the wall clock: one that was set back counts as old.
 */
function openHold({ clock, onError, read }: Hold) {
  let held: readonly HeldKey[] = [];
  let readAt = new Date(0);
  let failedAt = new Date(0);
  let reading: Promise<void> | undefined;
  const since = (at: Date) => Math.abs(clock.now().getTime() - at.getTime());

  async function readAgain(): Promise<void> {
    const startedAt = clock.now();
    try {
      held = await read(held);
      readAt = startedAt;
    } catch (error) {
      failedAt = clock.now();
      throw error;
    } finally {
      reading = undefined;
    }
  }

  async function current(mostMs: number): Promise<readonly HeldKey[]> {
    if (held.length === 0) {
      await (reading ??= readAgain());
      return held;
    }
    if (since(readAt) < Math.min(rereadMs, mostMs) || since(failedAt) < retryMs) return held;
    const told = (reading ??= readAgain()).catch(onError);
    if (since(readAt) >= mostMs) await Promise.race([told, sleep(patienceMs, undefined, { ref: false })]);
    return held;
  }
  /** The same without waiting. */
  function known(): readonly HeldKey[] {
    if (since(readAt) >= rereadMs) current(longestUnreadMs).catch(() => undefined); // whoever waits for them hears of it
    return held;
  }
  return { current, known };
}

function keyReader({ db, clock, masterKeys, onError }: KeyRingDeps): Hold['read'] {
  const sealer = sealerOf(masterKeys);
  const mourned = new Set<string>();
  /** Each private key is opened once, and goes on even where another process has sealed it under a newer master key. */
  async function holdOf(row: SigningKeyRow, known: readonly HeldKey[]): Promise<HeldKey | undefined> {
    const before = known.find(({ id }) => id === row.id);
    const key = before ?? (await openKey(sealer, row));
    if (key === undefined && !mourned.has(row.id)) {
      mourned.add(row.id);
      onError(new Error(`the signing key ${row.id} does not open with any key of SECRETS_KEY`));
    }
    return key && { ...key, signs_from: row.signs_from };
  }
  return async (known) => {
    const rows = await inSystem(db, (tx) => ensureSigningKeys(tx, { masterKeys, now: clock.now() }));
    const keys = await Promise.all(rows.map((row) => holdOf(row, known)));
    const usable = keys.filter((key) => key !== undefined);
    if (usable.length === 0)
      throw new Error(
        'no signing key opens: put the key that sealed them back into SECRETS_KEY, or run `npm run keys -- rotate --now`',
      );
    return usable;
  };
}

/**
 * The private half is bound to the key id, which is a digest of the public one: neither opens with another's.
 */
async function openKey(sealer: Sealer, row: SigningKeyRow): Promise<HeldKey | undefined> {
  const opened = sealer.open(row.sealed_private_key, placeOf(row.id));
  const { x = '', y = '' } = row.public_jwk;
  const publicJwk = { kty: 'EC', crv: 'P-256', x, y } as const;
  if (opened === undefined || (await calculateJwkThumbprint(publicJwk)) !== row.id) return undefined;
  const privateJwk = { ...publicJwk, d: opened.toString('base64url') };
  const curve = { name: 'ECDSA', namedCurve: publicJwk.crv };
  const privateKey = await crypto.subtle.importKey('jwk', privateJwk, curve, false, ['sign']);
  const publicKey = await crypto.subtle.importKey('jwk', publicJwk, curve, false, ['verify']);
  const published: PublicJwk = { ...publicJwk, kid: row.id, alg: algorithm, use: 'sig' };
  return { id: row.id, signs_from: row.signs_from, privateKey, publicKey, published };
}
