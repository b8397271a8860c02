import type { Clock } from '../kernel/clock.ts';
import { dayMs, minuteMs, secondMs } from '../kernel/clock.ts';
import { providerBudgetMs, waitUntil, withinDeadline } from './deadline.ts';

const freshMs = 60 * minuteMs;
const staleMs = dayMs;
/** Nobody waits longer than this for a newer copy of what is at hand. */
const renewalBudgetMs = 3 * secondMs;
const pauseAfterFailureMs = minuteMs;

/** A document of the provider: fetched on first use, once for all who wait, and kept. */
export type Kept<Document> = {
  /**
   * The document. One older than an hour is fetched anew; while that fails the old one serves, for a day at most.
   * @throws what `load` throws, where nothing usable is at hand
   */
  read(deadline: AbortSignal): Promise<Document>;
  /**
   * Fetches it now, or joins a fetch under way. A failure leaves the old document in place.
   * @throws what `load` throws
   */
  renew(deadline: AbortSignal): Promise<Document>;
  /** Seconds since the document came; 0 while there is none. */
  ageSeconds(): number;
};

/** `load` throws on whatever must not take the place of a good document. */
export function keep<Document>(
  load: (deadline: AbortSignal) => Promise<Document>,
  clock: Clock,
): Kept<Document> {
  let kept: { readonly document: Document; readonly atMs: number } | undefined;
  let loading: Promise<Document> | undefined;
  let pausedUntilMs = 0;

  const loadOnce = async (budgetMs: number): Promise<Document> => {
    try {
      const document = await withinDeadline(budgetMs, load);
      kept = { document, atMs: clock.monotonicMs() };
      return document;
    } catch (error) {
      pausedUntilMs = clock.monotonicMs() + pauseAfterFailureMs;
      throw error;
    } finally {
      loading = undefined;
    }
  };
  const renew = (deadline: AbortSignal, budgetMs = providerBudgetMs) => {
    loading ??= loadOnce(budgetMs);
    return waitUntil(deadline, loading);
  };
  const ageMs = () => (kept === undefined ? Infinity : clock.monotonicMs() - kept.atMs);

  return {
    read: async (deadline) => {
      const old = ageMs() < staleMs ? kept : undefined;
      if (old === undefined) return renew(deadline);
      if (ageMs() < freshMs || clock.monotonicMs() < pausedUntilMs) return old.document;
      // A stale copy is better than none: keys and endpoints outlive a failing provider.
      return renew(deadline, renewalBudgetMs).catch(() => old.document);
    },
    renew: (deadline) => renew(deadline),
    ageSeconds: () => (kept === undefined ? 0 : Math.round(ageMs() / secondMs)),
  };
}
