import { hash, parseOptions, verify } from '@node-rs/argon2';
import type { WorkQueue } from '../kernel/work-queue.ts';

/** argon2id as the OWASP Password Storage Cheat Sheet asks for it: 19 MiB, two passes, one lane. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1, algorithm: 2, outputLen: 32 } as const;

/** Of a password that nobody knows: made once with our parameters, so that who is not known costs as much as who is. */
const nobodysHash =
  '$argon2id$v=19$m=19456,t=2,p=1$Y4XhgPDwWqsEXx39GCTybw$Vm9s7NV/DcPrFGmnlVVG84lqPaeAAM6bmiaT7JEW0OQ';

/** `fits_old`: it fits, and the hash was made with other parameters than today's. */
export type Comparison = 'fits' | 'fits_old' | 'wrong';

/** The threads that Node hashes in serve files and look-ups of names too: one of the four stays theirs. */
const mostThreads = 3;

/** One processor stays with everybody who only wants to be recognised. */
export function hashesAtOnce(processors: number): number {
  return Math.min(mostThreads, Math.max(1, processors - 1));
}

export type PasswordHashes = {
  /** Of the password exactly as it was typed, all of it. */
  hash(password: string): Promise<string>;
  /** No hash takes as long as one and never fits. */
  compare(password: string, hash: string | undefined): Promise<Comparison>;
};

/** Both work off the event loop and throw `overloaded` where too many wait. */
export function passwordHashes(queue: WorkQueue): PasswordHashes {
  return {
    hash: (password) => queue.run(() => hash(password, parameters)),
    async compare(password, known) {
      const fits = await queue.run(() => verify(known ?? nobodysHash, password));
      if (!fits || known === undefined) return 'wrong';
      return isOfToday(known) ? 'fits' : 'fits_old';
    },
  };
}

function isOfToday(known: string): boolean {
  const { memoryCost, timeCost, parallelism, algorithm, outputLen } = parseOptions(known);
  const found = { memoryCost, timeCost, parallelism, algorithm, outputLen };
  return JSON.stringify(found) === JSON.stringify(parameters);
}
