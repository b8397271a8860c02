import { randomBytes, randomUUID } from 'node:crypto';
import { Secret } from '../../apps/server/src/kernel/secret.ts';
import { hashToken } from '../../apps/server/src/kernel/tokens.ts';
import { sealSessionToken } from '../../apps/server/src/session/session-token.ts';
import { sessionSecret } from './programs/gatehouse.ts';
import type { Database } from './postgres.ts';

/** How much there is: a company of so many members, beside companies of ten. */
export type Size = { readonly members: number; readonly companies: number };

const membersOfOthers = 10;
const projects = 20;

/**
 * Fills a database that has Gatehouse's tables and its one company `acme`. People have one of a hundred first and one of
 * a thousand last names, and an address made of both; every tenth member of `acme` is in one of its projects. Returns
 * session cookies of so many of its members; the first administers the company.
 */
export async function fillWithCompanies(database: Database, size: Size, sessions: number): Promise<string[]> {
  await database.query('set search_path = gatehouse');
  await addPeople(database, size);
  await addProjects(database);
  const cookies = await startSessions(database, sessions);
  await database.query('vacuum analyze');
  return cookies;
}

async function addPeople(database: Database, { members, companies }: Size): Promise<void> {
  const everybody = members + (companies - 1) * membersOfOthers;
  await database.query(
    `insert into users (id, display_name, status, created_at)
     select ('02000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid,
       'First' || n % 100 || ' Last' || (n / 100) % 1000, 'active', now() from generate_series(1, $1::int) n`,
    [everybody],
  );
  await database.query(
    `insert into user_emails (address, user_id, is_primary, verified_at)
     select lower(replace(display_name, ' ', '.')) || '.' || right(id::text, 12)::int || '@mail.example', id, true, now()
     from users where id >= '02000000-0000-7000-8000-000000000001'`,
  );
  await database.query(
    `insert into companies (id, slug, name, status, created_at)
     select ('03000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'other-' || n, 'Other ' || n, 'active', now()
     from generate_series(1, $1::int - 1) n`,
    [companies],
  );
  await database.query(`insert into company_slugs select slug, id from companies on conflict do nothing`);
  await database.query(
    `insert into members (company_id, user_id, role, joined_at)
     select case when n <= $1 then (select id from companies where slug = 'acme')
         else ('03000000-0000-7000-8000-' || lpad(((n - $1 - 1) / $2 + 1)::text, 12, '0'))::uuid end,
       ('02000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, case when n = 1 then 'admin' else 'user' end, now()
     from generate_series(1, $3::int) n`,
    [members, membersOfOthers, everybody],
  );
}

async function addProjects(database: Database): Promise<void> {
  await database.query(
    `insert into projects (company_id, id, slug, name, status, created_at)
     select id, gen_random_uuid(), 'project-' || n, 'Project ' || n, 'active', now()
     from companies, generate_series(1, $1::int) n where companies.slug = 'acme'`,
    [projects],
  );
  await database.query(
    `insert into project_members (company_id, project_id, user_id, role)
     select m.company_id, p.id, m.user_id, 'editor' from members m
     join projects p on p.company_id = m.company_id and p.slug = 'project-' || (right(m.user_id::text, 12)::int / 10) % $1 + 1
     where right(m.user_id::text, 12)::int % 10 = 2`,
    [projects],
  );
}

async function startSessions(database: Database, count: number): Promise<string[]> {
  const tokens = Array.from({ length: count }, () => randomBytes(32).toString('base64url'));
  const rows = tokens.map((token, place) => ({
    id: randomUUID(),
    place: place + 1,
    hash: hashToken('cloud/session/v1', token).toString('hex'),
  }));
  await database.query(
    `insert into sessions (id, lineage_id, token_hash, user_id, connection_id, signed_in_with,
       created_at, expires_at, last_seen_at)
     select id, id, decode(hash, 'hex'), ('02000000-0000-7000-8000-' || lpad(place::text, 12, '0'))::uuid,
       'google', 'Google', now(), now() + interval '8 hours', now()
     from json_to_recordset($1::json) as s(id uuid, place int, hash text)`,
    [JSON.stringify(rows)],
  );
  const secrets = [new Secret(sessionSecret)];
  return tokens.map((token) => `gatehouse=${sealSessionToken(token, secrets)}`);
}
