import type { Clock } from '../kernel/clock.ts';
import { minuteMs } from '../kernel/clock.ts';
import { openBoundedMap } from '../kernel/bounded-map.ts';
import { AppError } from '../kernel/errors.ts';
import type { Freshness } from './changes.ts';

export type CacheStats = { readonly hits: number; readonly misses: number; readonly entries: number };

export type LeasedCache<Value> = {
  /** What is known and certain; asks nobody. */
  peek(key: string): Value | undefined;
  /**
   * The same, or what `load` answers, asked once for all who want it at the same time. Nothing found is not kept.
   * @throws AppError `storage_unavailable` where answers come too late to be true, and whatever `load` throws
   */
  read(key: string, load: Load<Value>): Promise<Value | undefined>;
  /** The next one to want it reads it anew. */
  drop(key: string): void;
  stats(): CacheStats;
};

export type LeasedCacheOptions<Value> = {
  readonly freshness: Freshness;
  readonly clock: Clock;
  readonly mostEntries: number;
  /** What the value depends on, as the notes name it. */
  readonly subjectsOf: (value: Value) => readonly string[];
};

type Entry<Value> = {
  readonly value: Value;
  readonly moment: number;
  readonly subjects: readonly string[];
  readonly readMs: number;
};

/** Whatever went wrong with notes heals after so long. */
const mostAgeMs = 5 * minuteMs;
/** An answer that took longer may not be true any more; a second one is asked for, a third is not. */
const mostLoadMs = 700;
const mostJoinMs = 250;

export function openLeasedCache<Value>(options: LeasedCacheOptions<Value>): LeasedCache<Value> {
  const { freshness, clock } = options;
  const entries = openBoundedMap<string, Entry<Value>>(options.mostEntries);
  const counts = { hits: 0, misses: 0 };

  function peek(key: string): Value | undefined {
    const entry = entries.get(key);
    if (entry === undefined || !freshness.holds(entry.moment, entry.subjects)) return undefined;
    if (clock.monotonicMs() - entry.readMs > mostAgeMs) return undefined;
    counts.hits += 1;
    return entry.value;
  }
  async function loadInTime(key: string, load: Load<Value>): Promise<Value | undefined> {
    counts.misses += 1;
    for (let tried = 0; tried < 2; tried += 1) {
      const moment = freshness.moment();
      const readMs = clock.monotonicMs();
      const value = await load();
      if (clock.monotonicMs() - readMs > mostLoadMs) continue;
      if (value === undefined) entries.delete(key);
      else entries.set(key, { value, moment, subjects: options.subjectsOf(value), readMs });
      return value;
    }
    throw new AppError('storage_unavailable', { finding: 'too_slow' });
  }
  const loadOnce = shareLoads(options, loadInTime);
  return {
    peek,
    read: async (key, load) => peek(key) ?? (await loadOnce(key, load)),
    drop: entries.delete,
    stats: () => ({ ...counts, entries: entries.size() }),
  };
}

type Load<Value> = () => Promise<Value | undefined>;
type LoadByKey<Value> = (key: string, load: Load<Value>) => Promise<Value | undefined>;
type Timing = Pick<LeasedCacheOptions<never>, 'freshness' | 'clock'>;

/**
 * Whoever wants what is being read already waits for that. One who comes after a note does not: what is being read may
 * be what changed.
 */
function shareLoads<Value>({ freshness, clock }: Timing, loadByKey: LoadByKey<Value>): LoadByKey<Value> {
  const running = new Map<string, { promise: Promise<Value | undefined>; moment: number; sinceMs: number }>();
  return async (key, load) => {
    const known = running.get(key);
    const moment = freshness.moment();
    const sinceMs = clock.monotonicMs();
    if (known?.moment === moment && sinceMs - known.sinceMs <= mostJoinMs) return await known.promise;
    const own = { promise: loadByKey(key, load), moment, sinceMs };
    running.set(key, own);
    try {
      return await own.promise;
    } finally {
      if (running.get(key) === own) running.delete(key);
    }
  };
}
