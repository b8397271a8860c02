import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Secret } from '../kernel/secret.ts';
import { deriveKeys } from './master-keys.ts';
import type { KeyPurpose } from './master-keys.ts';

/** Whose secret it is: table, column and every id of the row. What was sealed for one place opens at no other. */
export type Place = readonly string[];

export type Sealer = {
  seal(secret: Buffer, place: Place): Buffer;
  /** Undefined where it was sealed for another place or under a key that is not in the list, or was changed since. */
  open(sealed: Buffer, place: Place): Buffer | undefined;
  /** Whether it was sealed under the first master key. */
  isCurrent(sealed: Buffer): boolean;
};

/** The first byte. A form with another layout or another cipher gets another number. */
const version = 1;
const keyIdBytes = 8;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + keyIdBytes + nonceBytes;
const cipherName = 'aes-256-gcm';

/**
 * Seals secrets at rest with AES-256-GCM under a key of this purpose: version, key id, nonce, ciphertext, tag. The
 * first master key seals, every one of the list opens.
 * @throws Error where the list is empty
 */
export function openSealer(masterKeys: readonly Secret[], purpose: KeyPurpose): Sealer {
  const keys = deriveKeys(masterKeys, purpose).map(({ keyId, key }) => ({
    keyId,
    bytes: Buffer.from(key.reveal(), 'base64'),
  }));
  const [current] = keys;
  if (current === undefined) throw new Error('no master key is configured');
  const prefix = Buffer.concat([Buffer.from([version]), Buffer.from(current.keyId)]);
  return {
    seal(secret, place) {
      const head = Buffer.concat([prefix, randomBytes(nonceBytes)]);
      const cipher = createCipheriv(cipherName, current.bytes, head.subarray(-nonceBytes));
      cipher.setAAD(boundTo(head, purpose, place));
      return Buffer.concat([head, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, place) {
      if (sealed[0] !== version || sealed.length < headBytes + tagBytes) return undefined;
      const keyId = sealed.toString('latin1', 1, 1 + keyIdBytes);
      const key = keys.find((one) => one.keyId === keyId);
      return key && decrypt(sealed, key.bytes, boundTo(sealed.subarray(0, headBytes), purpose, place));
    },
    isCurrent: (sealed) => sealed.subarray(0, prefix.length).equals(prefix),
  };
}

function decrypt(sealed: Buffer, key: Buffer, bound: Buffer): Buffer | undefined {
  const nonce = sealed.subarray(headBytes - nonceBytes, headBytes);
  const decipher = createDecipheriv(cipherName, key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(bound).setAuthTag(sealed.subarray(-tagBytes));
  const begun = decipher.update(sealed.subarray(headBytes, -tagBytes));
  try {
    return Buffer.concat([begun, decipher.final()]);
  } catch {
    return undefined; // the tag does not fit: not this key, not this place, or not what was sealed
  }
}

/** The additional data: the head, the purpose and the place, each part with its length. */
function boundTo(head: Buffer, purpose: KeyPurpose, place: Place): Buffer {
  const parts = [purpose, ...place].map((part) => `${String(Buffer.byteLength(part))}:${part}`);
  return Buffer.concat([head, Buffer.from(parts.join(''))]);
}
