import { AppError } from '../kernel/errors.ts';

/**
 * All calls of one departure, or of one return, together. A provider is given up after ten seconds, and the rest of
 * the return wants its share of them.
 */
export const providerBudgetMs = 9_500;

/** Runs `work` with a signal that is aborted when the budget is used up. The work has to heed it. */
export async function withinDeadline<Result>(
  budgetMs: number,
  work: (deadline: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const giveUp = new AbortController();
  const timer = setTimeout(() => {
    giveUp.abort();
  }, budgetMs);
  try {
    return await work(giveUp.signal);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits for what others may wait for too, so that it cannot be aborted, but no longer than the deadline.
 * @throws AppError `provider_unavailable` with the finding `timeout`
 */
export async function waitUntil<Result>(deadline: AbortSignal, shared: Promise<Result>): Promise<Result> {
  const expired = Promise.withResolvers<never>();
  const expire = () => {
    expired.reject(new AppError('provider_unavailable', { finding: 'timeout' }));
  };
  if (deadline.aborted) expire();
  deadline.addEventListener('abort', expire, { once: true });
  try {
    return await Promise.race([shared, expired.promise]);
  } finally {
    deadline.removeEventListener('abort', expire);
  }
}
