import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { storageErrorCode } from './storage-errors.ts';

/** What every transaction of ours runs as; none may log in, bypass row-level security or own a table. */
export const scopeRoles = ['gatehouse_system', 'gatehouse_in_company', 'gatehouse_in_person'] as const;
export const ownerRole = 'gatehouse_owner';

/**
 * Makes the cluster-wide roles and the schema where they are missing. Runs as the migrating login, which needs
 * CREATEROLE unless somebody made the roles and granted them to it. Safe to run from many processes at once.
 */
export async function ensureRoles(db: Kysely<unknown>, workingLogin: string): Promise<void> {
  for (const role of [ownerRole, ...scopeRoles]) await ensureRole(db, role);
  await grantRole(db, ownerRole, await currentLogin(db));
  for (const role of scopeRoles) await grantRole(db, role, workingLogin);
  await tolerating(concurrently, () =>
    sql`create schema if not exists gatehouse authorization ${sql.id(ownerRole)}`.execute(db),
  );
}

/** Whether transactions of this login may take every scope's role. */
export async function holdsRoles<Schema>(db: Kysely<Schema>, login: string): Promise<boolean> {
  const { rows } = await sql<{ held: string }>`select count(*) as held from pg_roles
    where rolname in (${sql.join(scopeRoles)}) and pg_has_role(${login}, oid, 'SET')`.execute(db);
  return Number(rows[0]?.held) === scopeRoles.length;
}

export async function becomeOwner(db: Kysely<unknown>): Promise<void> {
  await sql`select set_config('role', ${ownerRole}, false), set_config('search_path', 'gatehouse', false),
    set_config('lock_timeout', '10s', false)`.execute(db);
}

async function ensureRole(db: Kysely<unknown>, role: string): Promise<void> {
  const { rows } = await sql`select from pg_roles where rolname = ${role}`.execute(db);
  if (rows.length > 0) return;
  await tolerating(concurrently, () => sql`create role ${sql.id(role)} nologin noinherit`.execute(db));
}

async function grantRole(db: Kysely<unknown>, role: string, login: string): Promise<void> {
  const { rows } = await sql<{ held: boolean }>`
    select pg_has_role(${login}, ${role}, 'SET') and not rolsuper as held from pg_roles where rolname = ${login}
  `.execute(db);
  if (rows[0]?.held === true) return;
  await tolerating(concurrently, () =>
    sql`grant ${sql.id(role)} to ${sql.id(login)} with inherit false, set true`.execute(db),
  );
}

async function currentLogin(db: Kysely<unknown>): Promise<string> {
  const { rows } = await sql<{ login: string }>`select session_user::text as login`.execute(db);
  const login = rows[0]?.login;
  if (login === undefined) throw new Error('the database names no session user');
  return login;
}

/** Another process did the same thing at the same time: duplicate_object, unique_violation, duplicate_schema, tuple concurrently updated. */
const concurrently = new Set(['42710', '23505', '42P06', 'XX000']);

async function tolerating(codes: ReadonlySet<string>, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!codes.has(storageErrorCode(error) ?? '')) throw error;
  }
}
