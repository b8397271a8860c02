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
  read(key: string, load: () => Promise<Value | undefined>): Promise<Value | undefined>;
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
  const loading = new Map<
    string,
    { promise: Promise<Value | undefined>; moment: number; startedMs: number }
  >();
  let hits = 0;
  let misses = 0;

  function peek(key: string): Value | undefined {
    const entry = entries.get(key);
    if (entry === undefined || !freshness.holds(entry.moment, entry.subjects)) return undefined;
    if (clock.monotonicMs() - entry.readMs > mostAgeMs) return undefined;
    hits += 1;
    return entry.value;
  }
  async function loadInTime(key: string, load: () => Promise<Value | undefined>): Promise<Value | undefined> {
    for (let tried = 0; tried < 2; tried += 1) {
      const moment = freshness.moment();
      const startedMs = clock.monotonicMs();
      const value = await load();
      if (clock.monotonicMs() - startedMs > mostLoadMs) continue;
      if (value === undefined) entries.delete(key);
      else entries.set(key, { value, moment, subjects: options.subjectsOf(value), readMs: startedMs });
      return value;
    }
    throw new AppError('storage_unavailable', { finding: 'too_slow' });
  }
  /** One who comes later joins only if nothing was forgotten since: what is being read may be what changed. */
  function join(key: string): Promise<Value | undefined> | undefined {
    const running = loading.get(key);
    if (running === undefined || running.moment !== freshness.moment()) return undefined;
    return clock.monotonicMs() - running.startedMs <= mostJoinMs ? running.promise : undefined;
  }
  async function readAnew(key: string, load: () => Promise<Value | undefined>): Promise<Value | undefined> {
    misses += 1;
    const promise = loadInTime(key, load);
    const own = { promise, moment: freshness.moment(), startedMs: clock.monotonicMs() };
    loading.set(key, own);
    try {
      return await promise;
    } finally {
      if (loading.get(key) === own) loading.delete(key);
    }
  }
  return {
    peek,
    read: async (key, load) => peek(key) ?? (await (join(key) ?? readAnew(key, load))),
    stats: () => ({ hits, misses, entries: entries.size() }),
  };
}
