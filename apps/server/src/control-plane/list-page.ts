import { AppError } from '../kernel/errors.ts';
import { isUuid } from '../kernel/ids.ts';
import { fingerprint } from '../kernel/tokens.ts';

/** Which part of a list is asked for. */
export type PageRequest = {
  readonly query?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
};

export type Page<Item> = { readonly items: Item[]; readonly nextCursor: string | null };

/** What a list is sorted by: ids, which are unique within the company and in the order of time, or what a search says. */
type Keyed = { readonly key: string };

type List = {
  readonly companyId: string;
  /** What was asked for, where the order depends on it: its cursors are of no use to other questions. */
  readonly narrowedBy?: string | undefined;
};

/**
 * Where the next page begins: the list and the last key. Unsigned, because it grants nothing: the query that uses it
 * sees one company. It is bound to that company all the same, so that a cursor that strayed is refused, not misread.
 */
function writeCursor(list: List, key: string): string {
  return Buffer.from(beginningOf(list) + key).toString('base64url');
}

function beginningOf({ companyId, narrowedBy }: List): string {
  return narrowedBy === undefined ? `${companyId}/` : `${companyId}/${fingerprint(narrowedBy).slice(0, 16)}/`;
}

/** @throws AppError `request_invalid` where the cursor was not given out for a list of this company */
export function readCursor(companyId: string, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  return readKey({ companyId }, cursor, (key) => (isUuid(key) ? key : undefined));
}

/** @throws AppError `request_invalid` where the cursor was not given out for this list */
export function readKey<Key>(list: List, cursor: string, parse: (key: string) => Key | undefined): Key {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const beginning = beginningOf(list);
  const key = text.startsWith(beginning) ? parse(text.slice(beginning.length)) : undefined;
  if (key !== undefined) return key;
  throw new AppError('request_invalid', { detail: 'cursor: not one that this list gave out' });
}

/** Cuts a page from rows of which one more than `limit` was read. */
export function pageOf<Row extends Keyed, Item>(
  rows: readonly Row[],
  { limit, ...list }: List & { readonly limit: number },
  toItem: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { items: shown.map(toItem), nextCursor: hasMore ? writeCursor(list, last.key) : null };
}

/** A LIKE pattern for text that contains `query` as typed: its wildcards mean themselves. */
export function containing(query: string): string {
  return `%${query.trim().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
