import { randomBytes, randomUUID } from 'node:crypto';
import { hashToken } from '../../apps/server/src/kernel/tokens.ts';
import { Secret } from '../../apps/server/src/kernel/secret.ts';
import { sealSessionToken } from '../../apps/server/src/session/session-token.ts';
import { betterAuthCookie } from './programs/peer.ts';
import { sessionSecret } from './programs/gatehouse.ts';
import type { Database } from './postgres.ts';

const rowsAtOnce = 5_000;
const token = () => randomBytes(32).toString('base64url');

type Person = { readonly id: string; readonly sessionId: string; readonly token: string };

function makePeople(count: number): Person[] {
  return Array.from({ length: count }, () => ({ id: randomUUID(), sessionId: randomUUID(), token: token() }));
}

function* portions<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += rowsAtOnce) yield all.slice(from, from + rowsAtOnce);
}

/** So many people with a session each, members of the one company; their session cookies. */
export async function crowdOfGatehouse(database: Database, count: number): Promise<string[]> {
  const people = makePeople(count);
  const secrets = [new Secret(sessionSecret)];
  for (const some of portions(people)) {
    const rows = some.map((person) => ({
      ...person,
      hash: hashToken('cloud/session/v1', person.token).toString('hex'),
    }));
    await database.query(
      `with p as (select * from json_to_recordset($1::json) as p(id uuid, "sessionId" uuid, hash text)),
      u as (insert into gatehouse.users (id, display_name, status, created_at)
        select id, 'Somebody', 'active', now() from p returning id),
      e as (insert into gatehouse.user_emails (address, user_id, is_primary, verified_at)
        select id || '@example.com', id, true, now() from p),
      m as (insert into gatehouse.members (company_id, user_id, role, joined_at)
        select c.id, p.id, 'user', now() from p, gatehouse.companies c)
      insert into gatehouse.sessions (id, lineage_id, token_hash, user_id, connection_id, signed_in_with,
        created_at, expires_at, last_seen_at)
      select "sessionId", "sessionId", decode(hash, 'hex'), id, 'google', 'Google', now(), now() + interval '8 hours', now()
      from p`,
      [JSON.stringify(rows)],
    );
  }
  return people.map((person) => `gatehouse=${sealSessionToken(person.token, secrets)}`);
}

/** The same for Better Auth, whose database has been brought up to date by its server. */
export async function crowdOfBetterAuth(database: Database, count: number): Promise<string[]> {
  const people = makePeople(count);
  for (const some of portions(people)) {
    await database.query(
      `with p as (select * from json_to_recordset($1::json) as p(id text, "sessionId" text, token text)),
      u as (insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
        select id, 'Somebody', id || '@example.com', true, now(), now() from p)
      insert into session (id, "expiresAt", token, "createdAt", "updatedAt", "userId")
      select "sessionId", now() + interval '7 days', token, now(), now(), id from p`,
      [JSON.stringify(some)],
    );
  }
  return people.map((person) => betterAuthCookie(person.token));
}
