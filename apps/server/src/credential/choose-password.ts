import { AppError } from '../kernel/errors.ts';
import type { BreachedList } from './breached-list.ts';
import { contextOf, judgeScore, judgeShape, wordsFor } from './password-rules.ts';
import type { PasswordOwner } from './password-rules.ts';
import type { PasswordHashes } from './password-hashes.ts';
import type { StrengthMeter } from './strength-meter.ts';

type Choosing = {
  readonly hashes: PasswordHashes;
  readonly meter: StrengthMeter;
  readonly breached: BreachedList;
};

/** Judges a password that somebody chose, and answers its hash. */
export type ChoosePassword = (password: string, owner: PasswordOwner) => Promise<string>;

/** What it makes throws `password_unacceptable` with a sentence that says why, or `overloaded`. */
export function choosePasswords({ hashes, meter, breached }: Choosing): ChoosePassword {
  return async (password, owner) => {
    const why =
      judgeShape(password, owner) ??
      judgeScore(await meter.score(password, contextOf(owner))) ??
      ((await breached.has(password)) ? 'breached' : undefined);
    if (why !== undefined)
      throw new AppError('password_unacceptable', { finding: why, detail: wordsFor(why, owner) });
    return await hashes.hash(password);
  };
}
