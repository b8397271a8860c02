import type { EmailAddress } from '../kernel/email-address.ts';
import { domainOf } from '../kernel/email-address.ts';

/** The least, in characters: a password that stands alone, and one beside an authenticator app (NIST SP 800-63B-4 §3.1.1). */
export const shortest = { alone: 15, besideApp: 8 };
/** The most; every character counts up to it. */
export const longest = 256;
const leastScore = 3;
/** Of what is left of a password once the words are taken out of it that anybody would try. */
const leastOwnCharacters = 8;
/** Shorter words are in too many others. */
const shortestWord = 3;

/** Whose password it is to be. */
export type PasswordOwner = {
  readonly address?: EmailAddress;
  readonly displayName?: string;
  readonly hasSecondFactor: boolean;
};

export function minLengthFor({ hasSecondFactor }: Pick<PasswordOwner, 'hasSecondFactor'>): number {
  return hasSecondFactor ? shortest.besideApp : shortest.alone;
}

/** The words that anybody tries first for this person, here. */
export function contextOf({ address, displayName }: PasswordOwner): readonly string[] {
  const named = [displayName ?? '', ...(address === undefined ? [] : [address, domainOf(address)])];
  const words = named.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)]);
  const lowered = ['gatehouse', ...words].map((word) => word.trim().toLowerCase());
  return [...new Set(lowered)].filter((word) => word.length >= shortestWord);
}

/** Why a password is no good, in the words for whoever chose it; no rule asks for kinds of characters. */
export type Unacceptable = 'too_short' | 'too_long' | 'names_you' | 'easily_guessed' | 'breached';

/** What can be told of a password before anybody is asked. */
export function judgeShape(password: string, owner: PasswordOwner): Unacceptable | undefined {
  const { length } = Array.from(password); // code points
  if (length < minLengthFor(owner)) return 'too_short';
  if (length > longest) return 'too_long';
  return isMadeOf(password, contextOf(owner)) ? 'names_you' : undefined;
}

export function judgeScore(score: number): Unacceptable | undefined {
  return score >= leastScore ? undefined : 'easily_guessed';
}

/** Whether little else is in a password than these words. */
function isMadeOf(password: string, words: readonly string[]): boolean {
  const lowered = password.toLowerCase();
  const longestFirst = words.toSorted((one, other) => other.length - one.length);
  const rest = longestFirst.reduce((left, word) => left.replaceAll(word, ' '), lowered);
  return rest !== lowered && rest.replaceAll(/[^\p{L}\p{N}]/gu, '').length < leastOwnCharacters;
}

export function wordsFor(why: Unacceptable, owner: PasswordOwner): string {
  switch (why) {
    case 'too_short':
      return `A password has at least ${String(minLengthFor(owner))} characters. A few unrelated words make a good one.`;
    case 'too_long':
      return `A password has at most ${String(longest)} characters.`;
    case 'names_you':
      return 'This password is little more than a name or an address that anybody would try first.';
    case 'easily_guessed':
      return 'This password is easily guessed. A few unrelated words make a good one.';
    case 'breached':
      return 'This password stands in a list of known ones, so others try it. Choose another.';
  }
}
