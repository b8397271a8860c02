import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '../kernel/secret.ts';

const keyBytes = 32;
const fileName = 'secrets.key';

/**
 * The master key that an embedded database brings along: drawn once, 32 bytes in base64, in a file that its owner
 * alone reads. Without this file what it wraps is lost, so it is never written over.
 * @throws Error where the file holds no such key
 */
export async function keepMasterKey(dataDir: string): Promise<Secret> {
  await mkdir(dataDir, { recursive: true });
  const file = join(dataDir, fileName);
  try {
    await writeFile(file, `${randomBytes(keyBytes).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  return await readMasterKey(file);
}

/**
 * The key that `keepMasterKey` keeps; undefined where it has kept none yet. Makes nothing.
 * @throws Error where the file holds no such key
 */
export async function findMasterKey(dataDir: string): Promise<Secret | undefined> {
  try {
    return await readMasterKey(join(dataDir, fileName));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

async function readMasterKey(file: string): Promise<Secret> {
  const kept = (await readFile(file, 'utf8')).trim();
  if (Buffer.from(kept, 'base64').length !== keyBytes)
    throw new Error(`${file} holds no key of ${String(keyBytes)} bytes`);
  return new Secret(kept);
}

/** What a derived key is for. The label is part of the derivation: one purpose's key is of no use to another. */
export type KeyPurpose =
  | 'cloud/audit-seal/v2'
  | 'cloud/email-proof/v1'
  | 'cloud/one-time-link/v1'
  | 'cloud/rate-limit/v1'
  | 'cloud/refresh-successor/v1'
  | 'cloud/signing-key/v1'
  | 'cloud/totp/v1';

/** A key for one purpose, and the name under which what it made is found again after a rotation. */
export type PurposeKey = { readonly keyId: string; readonly key: Secret };

/** One key of this purpose for each master key, the current one first (HKDF-SHA-256, RFC 5869). */
export function deriveKeys(masterKeys: readonly Secret[], purpose: KeyPurpose): PurposeKey[] {
  return masterKeys.map((master) => {
    const bytes = Buffer.from(master.reveal(), 'base64');
    const key = Buffer.from(hkdfSync('sha256', bytes, '', purpose, keyBytes)).toString('base64');
    const keyId = createHash('sha256').update(`${purpose}\0id\0`).update(key).digest('base64url').slice(0, 8);
    return { keyId, key: new Secret(key) };
  });
}
