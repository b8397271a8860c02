import { randomBytes, randomUUID } from 'node:crypto';
import { hashToken } from '../../apps/server/src/kernel/tokens.ts';
import type { Database } from './postgres.ts';

export type Families = {
  readonly people: number;
  readonly each: number;
  /** Before now; a token that is born ahead of now stays young for so long. */
  readonly bornSecondsAgo: number;
};

const rowsAtOnce = 5_000;
const hourSeconds = 3_600;

/** Tokens that are old enough to be rotated, and tokens that stay too young for it as long as a run lasts. */
export const old = { bornSecondsAgo: hourSeconds };
export const young = { bornSecondsAgo: -hourSeconds };

/** So many members of the one company who hold so many token pairs each; their refresh tokens, mixed. */
export async function familiesOfGatehouse(
  database: Database,
  { people, each, bornSecondsAgo }: Families,
): Promise<string[]> {
  const ids = Array.from({ length: people }, () => randomUUID());
  await addPeople(database, ids);
  const tokens = Array.from({ length: people * each }, () => randomBytes(32).toString('base64url'));
  for (let from = 0; from < tokens.length; from += rowsAtOnce) {
    const rows = tokens.slice(from, from + rowsAtOnce).map((token, place) => ({
      session: randomUUID(),
      person: ids[(from + place) % people],
      hash: hashToken('cloud/refresh/v1', token).toString('hex'),
    }));
    await addFamilies(database, rows, bornSecondsAgo);
  }
  await database.query('vacuum analyze');
  return tokens;
}

async function addPeople(database: Database, ids: readonly string[]): Promise<void> {
  await database.query(
    `with p as (select unnest($1::uuid[]) as id),
    u as (insert into gatehouse.users (id, display_name, status, created_at)
      select id, 'Somebody', 'active', now() from p),
    e as (insert into gatehouse.user_emails (address, user_id, is_primary, verified_at)
      select id || '@example.com', id, true, now() from p)
    insert into gatehouse.members (company_id, user_id, role, joined_at)
    select c.id, p.id, 'user', now() from p, gatehouse.companies c`,
    [ids],
  );
}

async function addFamilies(
  database: Database,
  rows: readonly object[],
  bornSecondsAgo: number,
): Promise<void> {
  await database.query(
    `with f as (select * from json_to_recordset($1::json) as f(session uuid, person uuid, hash text)),
    s as (insert into gatehouse.sessions (id, lineage_id, kind, user_id, connection_id, signed_in_with,
        created_at, expires_at, last_seen_at)
      select session, session, 'tokens', person, 'google', 'Google', now(), now() + interval '7 days', now() from f)
    insert into gatehouse.refresh_tokens (token_hash, session_id, created_at)
    select decode(hash, 'hex'), session, now() - $2::int * interval '1 second' from f`,
    [JSON.stringify(rows), bornSecondsAgo],
  );
}

export function refreshCookie(token: string): string {
  return `refresh_token=${token}`;
}
