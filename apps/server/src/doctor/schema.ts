import type { Database } from '../db/scopes.ts';
import type { Check } from './check.ts';
import { openGroup } from './check.ts';
import { databaseTrouble } from './database-trouble.ts';
import { readServer, rolesOutOfReach } from './database-view.ts';
import type { ServerFacts } from './database-view.ts';

export type SchemaDeps = {
  readonly db: Database;
  /** The login of `DATABASE_MIGRATION_URL`, where there is one; else the working login migrates. */
  readonly migrator?: { readonly db: Database; readonly where: string };
  /** Whether the migrating login comes to the database by another address. */
  readonly migratesElsewhere: boolean;
  readonly ownerRole: string;
  readonly scopeRoles: readonly string[];
  mayTakeRoles(login: string): Promise<boolean>;
  isUpToDate(): Promise<boolean>;
};

type Schema = {
  readonly checks: readonly Check[];
  /** Whether everything is in that a server of this release works with. */
  readonly isCurrent: boolean;
};

const group = openGroup('database');

/** Migrations and roles: there, or about to be made by the next start, which then has to be able to. */
export async function schemaChecks(facts: ServerFacts, deps: SchemaDeps): Promise<Schema> {
  if (!facts.hasSchema) {
    const none = group.ok('migrations', 'none yet: the first start makes them');
    return { isCurrent: false, checks: [none, await migratorCheck(facts, deps)] };
  }
  if (!(await deps.mayTakeRoles(facts.login))) {
    return { isCurrent: false, checks: [rolesMissing(facts, deps), await migratorCheck(facts, deps)] };
  }
  const roles = group.ok('roles', `${facts.login} may take ${deps.scopeRoles.join(', ')}`);
  if (await deps.isUpToDate()) {
    const current = group.ok('migrations', 'all of this release are in');
    const migrator = deps.migrator === undefined ? [] : [await migratorCheck(facts, deps)];
    return { isCurrent: true, checks: [current, roles, ...migrator] };
  }
  const behind = group.warning('migrations', {
    found: 'some of this release are not in yet',
    why: 'The next start makes them. Servers of the release before work on meanwhile.',
    mend: 'Back the database up, then start a server of this release.',
  });
  return { isCurrent: false, checks: [behind, roles, await migratorCheck(facts, deps)] };
}

function rolesMissing({ login }: ServerFacts, { scopeRoles }: SchemaDeps): Check {
  return group.failed('roles', {
    found: `${login} may not take every scope`,
    why: 'Every transaction of a server runs as one of these roles.',
    mend: `grant ${scopeRoles.join(', ')} to ${login} with inherit false, set true;`,
  });
}

/** Whether the login that migrates can be reached, and can make what is missing. */
async function migratorCheck(worker: ServerFacts, deps: SchemaDeps): Promise<Check> {
  const { migrator, ownerRole: owner, scopeRoles: scopes } = deps;
  const db = migrator?.db ?? deps.db;
  try {
    const facts = await readServer(db);
    const missing = await rolesOutOfReach(db, { owner, scopes, worker: worker.login });
    return judgeMigrator(facts, missing, worker);
  } catch (error) {
    const asked = { where: migrator?.where ?? 'the database', variable: 'DATABASE_MIGRATION_URL' } as const;
    return group.failed('migrating', databaseTrouble(error, asked));
  }
}

function judgeMigrator(
  { login, hasSchema, mayMakeSchema, isSuperuser }: ServerFacts,
  missingRoles: readonly string[],
  worker: ServerFacts,
): Check {
  const why = 'The next start could not bring the schema up to date.';
  const guide = 'docs/guides/running.md, “A database of your own”, has every statement.';
  if (missingRoles.length > 0) {
    const found = `${login} may neither make nor grant ${missingRoles.join(', ')}`;
    const mend = `alter role ${login} createrole; or make the roles and grant them to ${login} and ${worker.login}: ${guide}`;
    return group.failed('migrating', { found, why, mend });
  }
  if (hasSchema || mayMakeSchema || isSuperuser)
    return group.ok('migrating', `${login} may make what is missing`);
  const found = `${login} may make no schema in this database`;
  return group.failed('migrating', { found, why, mend: `grant create on database … to ${login}; ${guide}` });
}
