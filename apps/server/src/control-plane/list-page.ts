import { AppError } from '../kernel/errors.ts';
import { isUuid } from '../kernel/ids.ts';

/** Which part of a list is asked for. */
export type PageRequest = {
  readonly query?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
};

export type Page<Item> = { readonly items: Item[]; readonly nextCursor: string | null };

/** What a list is sorted by: ids, which are unique within the company and in the order of time. */
type Keyed = { readonly key: string };

/**
 * Where the next page begins: the company and the last key. Unsigned, because it grants nothing: the query that uses it
 * sees one company. It is bound to that company all the same, so that a cursor that strayed is refused, not misread.
 */
function writeCursor(companyId: string, key: string): string {
  return Buffer.from(`${companyId}/${key}`).toString('base64url');
}

/** @throws AppError `request_invalid` where the cursor was not given out for a list of this company */
export function readCursor(companyId: string, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const [ofCompany, key, ...more] = Buffer.from(cursor, 'base64url').toString('utf8').split('/');
  if (ofCompany === companyId && key !== undefined && isUuid(key) && more.length === 0) return key;
  throw new AppError('request_invalid', { detail: 'cursor: not one that this list gave out' });
}

/** Cuts a page from rows of which one more than `limit` was read. */
export function pageOf<Row extends Keyed, Item>(
  rows: readonly Row[],
  { companyId, limit }: { companyId: string; limit: number },
  toItem: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { items: shown.map(toItem), nextCursor: hasMore ? writeCursor(companyId, last.key) : null };
}

/** A LIKE pattern for text that contains `query` as typed: its wildcards mean themselves. */
export function containing(query: string): string {
  return `%${query.trim().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
