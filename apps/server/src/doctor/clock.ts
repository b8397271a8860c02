import { secondMs } from '../kernel/clock.ts';
import type { Check, Group } from './check.ts';

export type ClockLimits = { readonly fineMs: number; readonly bearableMs: number };

/** Providers date to the second, and tokens are believed within sixty of them. */
export const providerClock: ClockLimits = { fineMs: 5 * secondMs, bearableMs: 60 * secondMs };
export const databaseClock: ClockLimits = { fineMs: 2 * secondMs, bearableMs: 60 * secondMs };

export type ClockSight = {
  /** How far the other clock is ahead of ours. */
  readonly aheadMs: number;
  readonly whose: string;
  readonly why: string;
  readonly limits: ClockLimits;
};

export function clockCheck(group: Group, { aheadMs, whose, why, limits }: ClockSight): Check {
  const apartMs = Math.abs(aheadMs);
  const seconds = (apartMs / secondMs).toFixed(apartMs < 10 * secondMs ? 1 : 0);
  const direction = aheadMs < 0 ? 'behind' : 'ahead of';
  const found = `${whose} is ${seconds} s ${direction} ours`;
  if (apartMs <= limits.fineMs) return group.ok('clock', found);
  const mend = 'Let this machine keep time (timedatectl set-ntp true), and the other one if it is yours.';
  const trouble = { found, why, mend };
  return apartMs <= limits.bearableMs ? group.warning('clock', trouble) : group.failed('clock', trouble);
}

export type Dated = {
  readonly headers: Headers;
  /** Ours, before the question and after the answer. */
  readonly askedAt: Date;
  readonly answeredAt: Date;
};

/**
 * How far the clock behind an answer is ahead of ours; undefined where the answer is not dated. `Date` is cut to the
 * second, and a cache hands it on with the `Age` of its copy (RFC 9111 §5.1).
 */
export function aheadMsOf({ headers, askedAt, answeredAt }: Dated): number | undefined {
  const atMs = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(atMs)) return undefined;
  const age = Number(headers.get('age') ?? 0);
  const ageMs = Number.isFinite(age) && age > 0 ? age * secondMs : 0;
  return atMs + ageMs + secondMs / 2 - (askedAt.getTime() + answeredAt.getTime()) / 2;
}
