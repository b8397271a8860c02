import { AuditFilter } from '@gatehouse/contract';

const periodMs = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000, month: 30 * 86_400_000 } as const;

export const periods = ['hour', 'day', 'week', 'month', 'always', 'custom'] as const;
export type Period = (typeof periods)[number];

const usualPeriod: Period = 'month';

/** What the address of the page asks for. What is missing is not asked for; a period that is missing is the usual one. */
export type TrailWish = {
  readonly period?: Period;
  /** Of a custom period. */
  readonly from?: string;
  readonly until?: string;
  readonly actor?: string;
  readonly type?: string;
  readonly result?: 'succeeded' | 'refused';
  readonly query?: string;
};

type Search = Readonly<Record<string, unknown>>;

const isPeriod = (value: unknown): value is Period => periods.some((one) => one === value);

/** Reads the address. What the server would refuse is as good as absent. */
export function readTrailWish(search: Search): TrailWish {
  const { period } = search;
  const { from, until, actor, type, result, query } = AuditFilter.shape;
  return {
    ...(isPeriod(period) && period !== usualPeriod && { period }),
    ...(period === 'custom' && { ...only('from', from, search), ...only('until', until, search) }),
    ...only('actor', actor, search),
    ...only('type', type, search),
    ...only('result', result, search),
    ...only('query', query, search),
  };
}

type Shape<Value> = { safeParse: (value: unknown) => { success: true; data: Value } | { success: false } };

function only<Name extends string, Value>(
  name: Name,
  shape: Shape<Value | undefined>,
  search: Search,
): { readonly [name in Name]?: Value } {
  const parsed = shape.safeParse(search[name]);
  const isThere = parsed.success && parsed.data !== undefined && parsed.data !== '';
  // A computed name is known to the compiler as any text.
  return isThere ? ({ [name]: parsed.data } as { readonly [name in Name]: Value }) : {};
}

export const periodOf = ({ period }: TrailWish): Period => period ?? usualPeriod;

/** The query of the API that finds it; periods that end now are counted back from `now`. */
export function trailQuery(wish: TrailWish, now: Date): URLSearchParams {
  const period = periodOf(wish);
  const from =
    period === 'custom' || period === 'always'
      ? undefined
      : new Date(now.getTime() - periodMs[period]).toISOString();
  const query = new URLSearchParams({ ...(from && { from }), ...wish });
  query.delete('period');
  return query;
}

/** Whether anything but the period leaves events out. */
export const isNarrowed = ({ actor, type, result, query }: TrailWish): boolean =>
  [actor, type, result, query].some((one) => one !== undefined);
