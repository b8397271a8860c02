import { en } from '../messages/en.ts';
import { asProblem } from './api.ts';
import { problemText } from './problem-choice.ts';

/** Without an authenticator app; with one, fewer do. */
export const leastWithoutApp = 15;

/**
 * What is wrong with a new password before it is sent: it's missing or too short. Characters are counted as people do,
 * so that one from beyond the first plane is one. Whether it can be guessed, the server knows.
 */
export function complaintAbout(password: string, least: number): string | undefined {
  const length = Array.from(password).length;
  if (length === 0) return en.password.chooseMissing;
  return length < least ? en.password.tooShort(least, length) : undefined;
}

/** Why the server doesn't take a new password, in its own sentence; undefined for any other failure. */
export function refusalOf(error: unknown): string | undefined {
  const { code, detail } = asProblem(error);
  if (code !== 'password_unacceptable') return undefined;
  return detail ?? problemText(code).happened;
}
