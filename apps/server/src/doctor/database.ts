import type { Database } from '../db/scopes.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Check } from './check.ts';
import { openGroup } from './check.ts';
import { clockCheck, databaseClock } from './clock.ts';
import { readServer, readTime } from './database-view.ts';
import type { ServerFacts } from './database-view.ts';
import { databaseTrouble } from './database-trouble.ts';
import { privacyChecks } from './privacy.ts';
import { schemaChecks } from './schema.ts';
import type { SchemaDeps } from './schema.ts';

/** The oldest that knows `grant … with inherit false, set true`, which the scopes rest on. */
const oldestVersion = 160_000;

export type DatabaseDeps = SchemaDeps & {
  readonly db: Database;
  /** Whether a pooler lends connections by the transaction. */
  readonly isPooled: () => Promise<boolean>;
  readonly clock: Clock;
  /** Without credentials. */
  readonly where: string;
  /** Whether what travels leaves this machine. */
  readonly isRemote: boolean;
  /** Whether it is the operator's own, by `DATABASE_URL`. */
  readonly isGiven: boolean;
  /** The tables on which the migrations force row-level security. */
  readonly guardedTables: readonly string[];
};

const group = openGroup('database');

export type LookedAt = {
  readonly checks: readonly Check[];
  /** `empty`: no server has been started on it yet. */
  readonly state: 'unreached' | 'empty' | 'used';
};

/** From reaching it to what its policies let through. What makes no sense after a failure is left out. */
export async function lookAtDatabase(deps: DatabaseDeps): Promise<LookedAt> {
  let facts: ServerFacts;
  try {
    facts = await readServer(deps.db);
  } catch (error) {
    const trouble = databaseTrouble(error, { where: deps.where, variable: 'DATABASE_URL' });
    return { checks: [group.failed('reached', trouble)], state: 'unreached' };
  }
  const reached = [reachedCheck(facts, deps), versionCheck(facts)];
  const isTooOld = facts.versionNumber < oldestVersion;
  const more = isTooOld ? [] : await lookInside(facts, deps);
  return { checks: [...reached, ...more], state: facts.hasSchema ? 'used' : 'empty' };
}

async function lookInside(facts: ServerFacts, deps: DatabaseDeps): Promise<readonly Check[]> {
  const session = [loginCheck(facts, deps), await timeCheck(deps), await poolingCheck(deps)];
  const schema = await schemaChecks(facts, deps);
  const privacy = schema.isCurrent ? await privacyChecks(group, facts, deps) : [];
  return [...session, ...schema.checks, ...privacy];
}

function reachedCheck({ login, tls }: ServerFacts, { where, isRemote }: DatabaseDeps): Check {
  const who = `${where} as ${login}`;
  if (tls !== null) return group.ok('reached', `${who}, over ${tls}`);
  if (!isRemote) return group.ok('reached', who);
  const why = 'The login and everything that is asked and answered can be read on the way.';
  return group.warning('reached', {
    found: `${who}, without TLS`,
    why,
    mend: 'DATABASE_URL: add ?sslmode=verify-full.',
  });
}

function versionCheck({ version, versionNumber }: ServerFacts): Check {
  const found = `PostgreSQL ${version}`;
  if (versionNumber >= oldestVersion) return group.ok('version', found);
  const why = 'Grants that a login holds without inheriting them came with PostgreSQL 16.';
  return group.failed('version', { found, why, mend: 'Move the database to PostgreSQL 16 or newer.' });
}

function loginCheck({ login, isSuperuser, bypassesPolicies }: ServerFacts, { isGiven }: DatabaseDeps): Check {
  if (!isSuperuser && !bypassesPolicies) return group.ok('login', `${login} is no superuser`);
  return group.warning('login', {
    found: isSuperuser ? `${login} is a superuser` : `${login} passes row-level security by`,
    why: 'A query that forgets its scope would read every company instead of being refused.',
    mend: isGiven
      ? 'Make a login of its own (create role gatehouse_app login password …) and put it into DATABASE_URL.'
      : 'alter role … nosuperuser nobypassrls, as its administrator.',
  });
}

async function timeCheck({ db, clock }: DatabaseDeps): Promise<Check> {
  const askedAtMs = clock.now().getTime();
  const theirsMs = (await readTime(db)).getTime();
  const oursMs = (askedAtMs + clock.now().getTime()) / 2;
  const why = 'Attempts, sessions and invitations would end too early or too late.';
  const sight = {
    aheadMs: theirsMs - oursMs,
    whose: 'the clock of the database',
    why,
    limits: databaseClock,
  };
  return clockCheck(group, sight);
}

async function poolingCheck({ isPooled, migratesElsewhere }: DatabaseDeps): Promise<Check> {
  if (!(await isPooled())) return group.ok('sessions', 'are kept, so that changes can be listened for');
  const found = 'are shared by a pooler, transaction by transaction: changes are polled, not listened for';
  if (migratesElsewhere) return group.ok('sessions', found);
  const why = 'The lock that lets one server migrate while others wait needs a session.';
  const mend = 'DATABASE_MIGRATION_URL: the address of the database itself, past the pooler.';
  return group.warning('sessions', { found, why, mend });
}
