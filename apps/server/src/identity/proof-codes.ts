import type { Secret } from '../kernel/secret.ts';
import { equalInConstantTime, mac } from '../kernel/tokens.ts';

/** The codes that prove a mailbox: worked out from the id of the proof whenever they are needed, and kept nowhere. */
export type ProofCodes = {
  /** Six digits. */
  codeOf(proofId: string): string;
  /** Whether this is the code, spaces aside, whichever of the keys it was made with. */
  matches(proofId: string, typed: string): boolean;
};

const digits = 6;

/** The first key makes codes, all of them know theirs: who rotates keys makes no code in somebody's mailbox void. */
export function openProofCodes(keys: readonly Secret[]): ProofCodes {
  const [current] = keys;
  if (current === undefined) throw new Error('no key for the codes that prove a mailbox');
  return {
    codeOf: (proofId) => codeBy(current, proofId),
    matches(proofId, typed) {
      const bare = Buffer.from(typed.replaceAll(/\s/g, ''));
      // All are compared, so that the time tells nothing of which key fits.
      const fits = keys.map((key) => equalInConstantTime(Buffer.from(codeBy(key, proofId)), bare));
      return fits.includes(true);
    },
  };
}

function codeBy(key: Secret, proofId: string): string {
  const number = mac(key.reveal(), 'cloud/email-proof/v1', [proofId]).readUIntBE(0, 6);
  return String(number % 10 ** digits).padStart(digits, '0');
}
