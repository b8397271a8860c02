import { sql } from 'kysely';
import { containing } from '../control-plane/index.ts';
import type { CompanyTx } from '../db/scopes.ts';
import { isUuid } from '../kernel/ids.ts';
import type { Json } from '../kernel/json.ts';
import { parseReference } from '../kernel/references.ts';

export type TrailFilter = {
  readonly actor?: string | undefined;
  /** A type, or the family before its dot. */
  readonly type?: string | undefined;
  readonly result?: 'succeeded' | 'refused' | undefined;
  readonly from?: Date | undefined;
  /** Not included. */
  readonly until?: Date | undefined;
  /** A reference, or part of the id of what was acted upon. */
  readonly query?: string | undefined;
};

/** An event's place in the trail. The time is in microseconds since 1970, which a Date does not hold. */
export type Place = { readonly atMicroseconds: string; readonly id: string };

export type TrailEvent = {
  readonly place: Place;
  readonly at: Date;
  readonly type: string;
  readonly result: 'succeeded' | 'refused';
  readonly actor: {
    readonly kind: 'user' | 'system' | 'nobody';
    readonly userId: string | null;
    readonly displayName: string | null;
  };
  readonly subject: { readonly id: string; readonly name: string | null } | null;
  readonly reference: string | null;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly reason: string | null;
  readonly details: Record<string, Json>;
};

type Asked = {
  readonly companyId: string;
  readonly filter: TrailFilter;
  /** Only what is older than this. */
  readonly before?: Place | undefined;
  readonly limit: number;
};

/** The newest events that the filter finds, with names. */
export async function readEvents(tx: CompanyTx, asked: Asked): Promise<TrailEvent[]> {
  const [, rows] = await Promise.all([readInOrder(tx), eventsOf(tx, asked).execute()]);
  const names = await namesIn(tx, asked.companyId, rows);
  return rows.map((row) => ({
    place: { atMicroseconds: row.atMicroseconds, id: row.id },
    at: row.at,
    type: row.type,
    result: row.result,
    actor: {
      kind: row.actor_kind,
      userId: row.actor_id,
      displayName: row.actor_id === null ? null : (names.get(row.actor_id) ?? null),
    },
    subject: row.subject_id === null ? null : { id: row.subject_id, name: names.get(row.subject_id) ?? null },
    reference: row.reference,
    address: row.address,
    userAgent: row.user_agent,
    reason: row.reason,
    details: row.details,
  }));
}

/**
 * Until the end of the transaction nothing is sorted that an index has in order. Events that were written since the
 * database last counted are few in its eyes, and it would read all of a company's to show some.
 */
export async function readInOrder(tx: CompanyTx): Promise<void> {
  await sql`select set_config('enable_sort', 'off', true)`.execute(tx);
}

export function eventsOf(tx: CompanyTx, { companyId, filter, before, limit }: Asked) {
  const { actor, type, result, from, until, query = '' } = filter;
  let rows = tx.selectFrom('audit_events').where('company_id', '=', companyId);
  if (actor !== undefined) rows = rows.where('actor_id', '=', actor);
  if (type?.includes('.') === true) rows = rows.where('type', '=', type);
  else if (type !== undefined) rows = rows.where(sql<boolean>`starts_with(type, ${`${type}.`})`);
  if (result !== undefined) rows = rows.where('result', '=', result);
  if (from !== undefined) rows = rows.where('at', '>=', from);
  if (until !== undefined) rows = rows.where('at', '<', until);
  if (query.trim() !== '') {
    rows = rows.where((row) =>
      row.or([
        row('reference', '=', parseReference(query) ?? query.trim()),
        row('subject_id', 'ilike', containing(query)),
      ]),
    );
  }
  if (before !== undefined) {
    const at = sql<Date>`(timestamptz 'epoch' + ${before.atMicroseconds}::bigint * interval '1 microsecond')`;
    // The first tells which partitions need not be looked at, the second where to begin in one.
    rows = rows.where('at', '<=', at).where(sql<boolean>`(at, id) < (${at}, ${before.id}::uuid)`);
  }
  return rows
    .select(['id', 'at', 'type', 'result', 'actor_kind', 'actor_id', 'subject_id', 'reference'])
    .select(['address', 'user_agent', 'reason', 'details'])
    .select(sql<string>`(extract(epoch from at) * 1000000)::bigint::text`.as('atMicroseconds'))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
}

type Named = { readonly actor_id: string | null; readonly subject_id: string | null };

/** What the company calls whom and what these events are about. Of people it sees those who are members now. */
async function namesIn(
  tx: CompanyTx,
  companyId: string,
  events: readonly Named[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(events.flatMap(({ actor_id, subject_id }) => [actor_id ?? '', subject_id ?? '']))];
  const uuids = ids.filter(isUuid);
  if (uuids.length === 0) return new Map();
  const listed = sql<string>`any(${uuids}::uuid[])`;
  const found = await Promise.all([
    tx
      .selectFrom('members')
      .innerJoin('users', 'users.id', 'members.user_id')
      .select(['users.id', 'users.display_name as name'])
      .where('members.company_id', '=', companyId)
      .where('members.user_id', '=', listed)
      .execute(),
    tx
      .selectFrom('projects')
      .select(['id', 'name'])
      .where('company_id', '=', companyId)
      .where('id', '=', listed)
      .execute(),
    tx
      .selectFrom('invitations')
      .select(['id', sql<string>`email`.as('name')])
      .where('company_id', '=', companyId)
      .where('id', '=', listed)
      .execute(),
    tx
      .selectFrom('join_requests')
      .select(['id', 'display_name as name'])
      .where('company_id', '=', companyId)
      .where('id', '=', listed)
      .execute(),
  ]);
  return new Map(found.flat().map(({ id, name }) => [id, name]));
}
