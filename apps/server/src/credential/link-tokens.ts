import { uuidBytes, uuidFrom } from '../kernel/ids.ts';
import type { Secret } from '../kernel/secret.ts';
import { equalInConstantTime, mac } from '../kernel/tokens.ts';

/** The tokens of mailed links. None is stored: each follows from the id of its link and a key. */
export type LinkTokens = {
  tokenOf(linkId: string): string;
  /** The link of a token that was made with any of the keys. */
  idOf(token: string): string | undefined;
};

const idBytes = 16;
const macBytes = 32;

/** The first key makes tokens, all are tried: a rotation in between spoils nobody's link. */
export function linkTokens(keys: readonly Secret[]): LinkTokens {
  const [current] = keys;
  if (current === undefined) throw new Error('no key for links is configured');
  return {
    tokenOf: (linkId) => Buffer.concat([uuidBytes(linkId), macOf(linkId, current)]).toString('base64url'),
    idOf(token) {
      const bytes = Buffer.from(token, 'base64url');
      if (bytes.length !== idBytes + macBytes) return undefined;
      const linkId = uuidFrom(bytes.subarray(0, idBytes));
      const given = bytes.subarray(idBytes);
      return keys.some((key) => equalInConstantTime(macOf(linkId, key), given)) ? linkId : undefined;
    },
  };
}

function macOf(linkId: string, key: Secret): Buffer {
  return mac(key.reveal(), 'cloud/one-time-link/v1', [linkId]);
}
