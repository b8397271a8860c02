import { AppError } from '../kernel/errors.ts';
import { isUuid } from '../kernel/ids.ts';
import type { Place } from './trail-view.ts';

/**
 * Where the next page begins: the company, and the place of the last event shown. Unsigned, because it grants nothing:
 * the query that uses it sees one company.
 */
export function writeTrailCursor(companyId: string, { atMicroseconds, id }: Place): string {
  return Buffer.from(`${companyId}/${atMicroseconds}/${id}`).toString('base64url');
}

/** Sixteen digits reach the year 2286. */
const microseconds = /^\d{1,16}$/;

/** @throws AppError `request_invalid` where the cursor was not given out for the trail of this company */
export function readTrailCursor(companyId: string, cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const parts = Buffer.from(cursor, 'base64url').toString('utf8').split('/');
  const [ofCompany, atMicroseconds = '', id = '', ...more] = parts;
  const isOurs = ofCompany === companyId && microseconds.test(atMicroseconds) && isUuid(id);
  if (isOurs && more.length === 0) return { atMicroseconds, id };
  throw new AppError('request_invalid', { detail: 'cursor: not one that this list gave out' });
}
