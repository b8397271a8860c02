import { after, secondMs } from '../kernel/clock.ts';

/**
 * How young a refresh token is that is answered with itself; and for how long, from its first use, everybody who brings
 * it is answered with the same successor.
 */
export const refreshGraceMs = 10 * secondMs;

/** How a refresh token was found, and whether the look itself rotated it. */
export type RefreshFacts = {
  readonly createdAt: Date;
  /** Null where nobody had used it. */
  readonly rotatedAt: Date | null;
  readonly didRotate: boolean;
};

export type RefreshJudgement =
  /** Answered with the successor that was just made. */
  | 'rotated'
  /** Too young to be replaced: answered with itself. */
  | 'itself'
  /** Answered with the successor of its first use, as long as nobody has used that one: two generations back is a replay. */
  | 'successor'
  | 'replayed'
  /** Old enough, unused, and yet not rotated: another caller was faster. A second look finds it rotated. */
  | 'overtaken';

/** What a refresh token is answered with, while its session is alive. */
export function judgeRefresh({ createdAt, rotatedAt, didRotate }: RefreshFacts, now: Date): RefreshJudgement {
  if (didRotate) return 'rotated';
  if (rotatedAt === null) return mayRotate(createdAt, now) ? 'overtaken' : 'itself';
  return mayRotate(rotatedAt, now) ? 'replayed' : 'successor';
}

/** The youngest moment whose tokens are old enough to be replaced. */
export function rotatableSince(now: Date): Date {
  return after(now, -refreshGraceMs);
}

function mayRotate(since: Date, now: Date): boolean {
  return since <= rotatableSince(now);
}
