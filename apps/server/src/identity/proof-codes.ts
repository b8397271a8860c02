import type { Secret } from '../kernel/secret.ts';
import { equalInConstantTime, mac } from '../kernel/tokens.ts';

/** The one-time codes that prove a mailbox. None is stored: each follows from the id of its proof and a key. */
export type ProofCodes = {
  /** Six digits. */
  codeOf(proofId: string): string;
  /** Whether this is the code of that proof, made with any of the keys. Spaces are no part of a code. */
  matches(proofId: string, code: string): boolean;
};

const digits = 6;

/** The first key makes codes, all are tried: a rotation in between spoils nobody's code. */
export function proofCodes(keys: readonly Secret[]): ProofCodes {
  const [current] = keys;
  if (current === undefined) throw new Error('no key for codes is configured');
  return {
    codeOf: (proofId) => codeOf(current, proofId),
    matches(proofId, code) {
      const given = Buffer.from(code.replaceAll(/\s/gu, ''));
      const matching = keys.filter((key) => equalInConstantTime(Buffer.from(codeOf(key, proofId)), given));
      return matching.length > 0;
    },
  };
}

/** 48 bits are so many that no code is noticeably likelier than another. */
function codeOf(key: Secret, proofId: string): string {
  const number = mac(key.reveal(), 'cloud/email-proof/v1', [proofId]).readUIntBE(0, 6);
  return String(number % 10 ** digits).padStart(digits, '0');
}
