import { createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { calculateJwkThumbprint } from 'jose';
import type { JWK } from 'jose';

const KEYS_KEPT = 3;
const makePair = promisify(generateKeyPair);

export type SigningKey = {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** As published: with `kid`, `use` and `alg`. */
  readonly jwk: JWK;
};

export type KeyRing = {
  /** The key that signs: the newest. */
  readonly current: () => SigningKey;
  /** Oldest first; only the current one while the ring is narrowed. */
  readonly published: () => readonly SigningKey[];
  /** Publishes the current key alone, or all of them again. */
  readonly narrow: (isNarrow: boolean) => void;
  readonly isNarrowed: () => boolean;
  readonly rotate: () => Promise<void>;
};

export async function makeSigningKey(): Promise<SigningKey> {
  const { privateKey } = await makePair('rsa', { modulusLength: 2048 });
  return signingKeyFrom(privateKey);
}

async function signingKeyFrom(privateKey: KeyObject): Promise<SigningKey> {
  const publicKey = createPublicKey(privateKey);
  const { kty, n, e } = publicKey.export({ format: 'jwk' });
  if (kty === undefined || n === undefined || e === undefined) throw new Error('Not an RSA key');
  const bare: JWK = { kty, n, e };
  const kid = await calculateJwkThumbprint(bare);
  return { kid, privateKey, publicKey, jwk: { ...bare, kid, use: 'sig', alg: 'RS256' } };
}

/**
 * One ring for each name. With a `stateFile` the keys outlive the process, so that whoever cached the
 * published keys still knows them after a restart.
 */
export async function openKeyRings<Name extends string>(
  sizes: Readonly<Record<Name, number>>,
  stateFile?: string,
): Promise<(name: Name) => KeyRing> {
  const kept = await readKept(stateFile);
  const rings = new Map<string, SigningKey[]>();
  const save = async () => {
    if (stateFile === undefined) return;
    const keys = [...rings].map(([name, ring]) => [
      name,
      ring.map((key) => key.privateKey.export({ format: 'jwk' })),
    ]);
    // In one step: whoever is killed half-way leaves the old file whole.
    const draft = `${stateFile}.new`;
    await writeFile(draft, JSON.stringify(Object.fromEntries(keys)), { mode: 0o600 });
    await rename(draft, stateFile);
  };
  for (const [name, size] of Object.entries<number>(sizes)) {
    const old = (kept[name] ?? []).map((key) => signingKeyFrom(createPrivateKey({ key, format: 'jwk' })));
    const fresh = Array.from({ length: Math.max(0, size - old.length) }, makeSigningKey);
    rings.set(name, await Promise.all([...old, ...fresh]));
  }
  await save();
  const opened = new Map([...rings].map(([name, keys]) => [name, keyRing(keys, save)]));
  return (name) => {
    const ring = opened.get(name);
    if (ring === undefined) throw new Error(`No key ring ${name}`);
    return ring;
  };
}

async function readKept(stateFile: string | undefined): Promise<Record<string, JsonWebKey[]>> {
  if (stateFile === undefined) return {};
  try {
    return JSON.parse(await readFile(stateFile, 'utf8')) as Record<string, JsonWebKey[]>; // written by `save` alone
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}

/** `keys` is shared with whoever saves it. */
function keyRing(keys: SigningKey[], save: () => Promise<void>): KeyRing {
  let isNarrowed = false;
  const current = () => {
    const key = keys.at(-1);
    if (key === undefined) throw new Error('A key ring is never empty');
    return key;
  };
  return {
    current,
    published: () => (isNarrowed ? [current()] : [...keys]),
    narrow: (isNarrow) => {
      isNarrowed = isNarrow;
    },
    isNarrowed: () => isNarrowed,
    rotate: async () => {
      keys.push(await makeSigningKey());
      if (keys.length > KEYS_KEPT) keys.shift();
      await save();
    },
  };
}
