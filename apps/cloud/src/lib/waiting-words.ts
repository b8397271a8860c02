import { en } from '../messages/en.ts';

/** How long a server that has had too many requests wants to be left alone, in words a person can plan with. */
export function waitingWords(seconds: number | undefined): string {
  if (seconds === undefined) return en.proof.waitUnknown;
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  return minutes < 90 ? en.proof.waitMinutes(minutes) : en.proof.waitHours(Math.ceil(minutes / 60));
}
