import { openDistribution } from './distribution.ts';
import type { Distribution, DistributionReading } from './distribution.ts';

/** What is counted of an answer. */
export type CountedAnswer = {
  readonly method: string;
  /** The pattern of the route, never an address; `none` where there is no route. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
  /** From the catalogue of errors. */
  readonly code?: string;
};

type RequestCount = {
  readonly route: string;
  readonly method: string;
  /** `2xx` */
  readonly status: string;
  readonly count: number;
};

export type RequestMeter = {
  record(answer: CountedAnswer): void;
  /** Counts a request that was refused before anything was known of it. */
  recordRefusal(code: string): void;
  read(): {
    readonly requests: readonly RequestCount[];
    readonly refusals: ReadonlyMap<string, number>;
    readonly seconds: ReadonlyMap<string, DistributionReading>;
  };
};

const upperBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.08, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'other'] as const;
const classes = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const;

type Entry = { readonly counts: Float64Array; readonly seconds: Distribution };

/**
 * Counts answers. What it distinguishes is bounded whatever callers send: routes are those of this server, methods and
 * statuses are told apart by the lists above, codes are those of the catalogue.
 */
export function openRequestMeter(): RequestMeter {
  const entries = new Map<string, Entry>();
  const refusals = new Map<string, number>();

  function entryOf(route: string): Entry {
    const known = entries.get(route);
    if (known !== undefined) return known;
    const counts = new Float64Array(methods.length * classes.length);
    const entry = { counts, seconds: openDistribution(upperBounds) };
    entries.set(route, entry);
    return entry;
  }
  function recordRefusal(code: string): void {
    refusals.set(code, (refusals.get(code) ?? 0) + 1);
  }
  return {
    record({ method, route, status, seconds, code }) {
      const entry = entryOf(route.startsWith(assets) ? `${assets}*` : route);
      const at = methodIndex(method) * classes.length + classIndex(status);
      entry.counts[at] = (entry.counts[at] ?? 0) + 1;
      entry.seconds.observe(seconds);
      if (code !== undefined) recordRefusal(code);
    },
    recordRefusal,
    read: () => ({
      requests: [...entries].flatMap(([route, entry]) => countsOf(route, entry)),
      refusals,
      seconds: new Map([...entries].map(([route, entry]) => [route, entry.seconds.read()])),
    }),
  };
}

/** One route for each file, named anew with each build. */
const assets = '/auth/assets/';

function countsOf(route: string, { counts }: Entry): RequestCount[] {
  return [...counts].flatMap((count, at) => {
    const method = methods[Math.floor(at / classes.length)] ?? 'other';
    const status = classes[at % classes.length] ?? '5xx';
    return count === 0 ? [] : { route, method, status, count };
  });
}

function methodIndex(method: string): number {
  // Only to look up: what is not in the list is the last.
  const at = methods.indexOf(method as (typeof methods)[number]);
  return at === -1 ? methods.length - 1 : at;
}

function classIndex(status: number): number {
  return Math.min(Math.max(Math.floor(status / 100), 1), classes.length) - 1;
}
