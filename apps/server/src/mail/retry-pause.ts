import { after, minuteMs } from '../kernel/clock.ts';

const longestPauseMs = 6 * 60 * minuteMs;
/** Mails that failed together do not all come back in the same second. */
const jitter = 0.2;

export type Retry = {
  /** How often it has failed so far. */
  readonly failures: number;
  readonly baseMs: number;
  /** Six hours unless told. */
  readonly longestMs?: number;
  /** From 0 to 1. */
  readonly random: () => number;
};

/** When to try again: each pause is twice the one before, up to the longest, and then up to a fifth longer. */
export function nextTryAt(at: Date, { failures, baseMs, longestMs = longestPauseMs, random }: Retry): Date {
  const pauseMs = Math.min(longestMs, baseMs * 2 ** (failures - 1));
  return after(at, Math.round(pauseMs * (1 + jitter * random())));
}
