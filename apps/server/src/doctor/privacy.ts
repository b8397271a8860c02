import type { Database } from '../db/scopes.ts';
import type { Check, Group } from './check.ts';
import { readsWithoutScope, unguardedTables } from './database-view.ts';
import type { ServerFacts } from './database-view.ts';

export type PrivacyDeps = { readonly db: Database; readonly guardedTables: readonly string[] };

/** Whether the database itself keeps companies apart, and refuses whoever forgot to say which one is meant. */
export async function privacyChecks(
  group: Group,
  facts: ServerFacts,
  { db, guardedTables }: PrivacyDeps,
): Promise<readonly Check[]> {
  return [
    guardCheck(group, guardedTables, await unguardedTables(db, guardedTables)),
    await scopeCheck(group, facts, db),
  ];
}

function guardCheck(group: Group, tables: readonly string[], open: readonly string[]): Check {
  if (open.length === 0)
    return group.ok('row-level security', `forced on all ${tables.length} tables that need it`);
  const [table = ''] = open;
  return group.failed('row-level security', {
    found: `not forced on ${open.join(', ')}`,
    why: 'Rows of one company can be read by another.',
    mend: `alter table gatehouse.${table} enable row level security, force row level security; the same for each.`,
  });
}

async function scopeCheck(group: Group, { login, isSuperuser }: ServerFacts, db: Database): Promise<Check> {
  if (isSuperuser) return group.skipped('without a scope', 'a superuser is refused nothing');
  if (!(await readsWithoutScope(db)))
    return group.ok('without a scope', `${login} is refused on the table of members`);
  return group.failed('without a scope', {
    found: `${login} may read the table of members`,
    why: 'A query that forgets its scope would be answered instead of refused.',
    mend: `revoke all on all tables in schema gatehouse from ${login}, public; and grant no role to it with inherit.`,
  });
}
