import { secondMs } from '../kernel/clock.ts';

/** One question to somebody else. */
export const probeMs = 5 * secondMs;
/** Everything of one group; the groups run at once. */
const groupMs = 17 * secondMs;

/** @throws Error where `work` is not done in time; it is not stopped. */
export async function withinLimit<T>(work: Promise<T>, ms = groupMs): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new Error(`no end within ${ms / secondMs} s`));
  }, ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
