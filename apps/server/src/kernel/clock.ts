/** The one source of time. Tests hand in their own. */
export type Clock = {
  /** Wall-clock time, for whatever is stored or shown. */
  now(): Date;
  /** Milliseconds that never jump back, for durations and limits. */
  monotonicMs(): number;
};

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};

export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const dayMs = 24 * 60 * minuteMs;

export function after(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}
