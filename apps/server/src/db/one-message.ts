import { escapeLiteral } from 'pg';
import type { QueryResult } from 'pg';

export type Statement = { readonly text: string; readonly values?: readonly unknown[] };

/**
 * A statement and what prepares its transaction, as one message: one round trip, one transaction, and nothing left for
 * whoever is given the connection next. Such a message takes no parameters beside its text, so values stand in it.
 */
export function oneMessage(preparing: string, { text, values = [] }: Statement): string {
  return `${preparing}; ${text.replace(/\$(\d+)/g, (_, place: string) => toLiteral(values[Number(place) - 1]))}`;
}

/** The driver answers a message of several statements with as many results, which its types do not know. */
export function lastResult<Row extends object>(answer: unknown): QueryResult<Row> {
  const result = (answer as readonly QueryResult<Row>[]).at(-1);
  if (result === undefined) throw new Error('the database answered nothing');
  return result;
}

function toLiteral(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'number' && Number.isFinite(value)) return `(${value})`;
  if (typeof value === 'string') return escapeLiteral(value);
  if (value instanceof Date) return `'${value.toISOString()}'::timestamptz`;
  if (Buffer.isBuffer(value)) return `decode('${value.toString('hex')}', 'hex')`;
  throw new Error('a message takes texts, numbers, times and bytes');
}
