import { sql } from 'kysely';
import type { Database } from '../db/scopes.ts';

/** Who we are at the database, and what it is; asked outside every scope. */
export type ServerFacts = {
  readonly login: string;
  /** As people say it, such as `18.4`. */
  readonly version: string;
  readonly versionNumber: number;
  /** Of the connection that the database sees, which may be a pooler's; null without TLS. */
  readonly tls: string | null;
  readonly isSuperuser: boolean;
  readonly bypassesPolicies: boolean;
  readonly mayMakeRoles: boolean;
  readonly mayMakeSchema: boolean;
  readonly hasSchema: boolean;
};

export async function readServer(db: Database): Promise<ServerFacts> {
  const { rows } = await sql<ServerFacts>`select session_user::text as login,
      split_part(current_setting('server_version'), ' ', 1) as version,
      current_setting('server_version_num')::int as "versionNumber",
      (select version from pg_stat_ssl where pid = pg_backend_pid() and ssl) as tls,
      rolsuper as "isSuperuser", rolbypassrls as "bypassesPolicies", rolcreaterole as "mayMakeRoles",
      has_database_privilege(current_database(), 'CREATE') as "mayMakeSchema",
      exists(select from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'gatehouse' and c.relname = 'migrations') as "hasSchema"
    from pg_roles where rolname = session_user`.execute(db);
  const [facts] = rows;
  if (facts === undefined) throw new Error('the database does not know its own session');
  return facts;
}

export async function readTime(db: Database): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db);
  return rows[0]?.now ?? new Date(Number.NaN);
}

/** Which of the roles are missing or out of reach for a login that is to make them, or to grant them to `worker`. */
export async function rolesOutOfReach(db: Database, roles: RolesWanted): Promise<readonly string[]> {
  const wanted = [
    { name: roles.owner, holder: null },
    ...roles.scopes.map((name) => ({ name, holder: roles.worker })),
  ];
  const { rows } = await sql<{ name: string }>`
    select wanted.name
      from unnest(${wanted.map(({ name }) => name)}::text[], ${wanted.map(({ holder }) => holder)}::text[]) as wanted(name, holder)
      join pg_roles me on me.rolname = session_user
      left join pg_roles role on role.rolname = wanted.name
     where not me.rolsuper
       and case when role.oid is null then not me.rolcreaterole
           else not pg_has_role(coalesce(wanted.holder, session_user), role.oid, 'SET')
            and not pg_has_role(session_user, role.oid, 'MEMBER WITH ADMIN OPTION') end`.execute(db);
  return rows.map(({ name }) => name);
}

export type RolesWanted = {
  readonly owner: string;
  readonly scopes: readonly string[];
  /** The login that works in the scopes. */
  readonly worker: string;
};

/** Those of the tables that are there and whose row-level security is off, or passes their owner by. */
export async function unguardedTables(db: Database, tables: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`select c.relname as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'gatehouse' and c.relname = any(${tables}::text[])
      and not (c.relrowsecurity and c.relforcerowsecurity) order by 1`.execute(db);
  return rows.map(({ name }) => name);
}

/** Whether the login by itself, in no scope, may read who is in which company. */
export async function readsWithoutScope(db: Database): Promise<boolean> {
  try {
    await sql`select from gatehouse.members limit 1`.execute(db);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '42501') return false; // insufficient_privilege
    throw error;
  }
}
