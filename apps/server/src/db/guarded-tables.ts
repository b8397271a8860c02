import type { MigrationList } from './migrations/lists.ts';

/** The tables on which these migrations force row-level security. */
export function guardedTables(migrations: MigrationList): readonly string[] {
  const forced = Object.values(migrations).flatMap((statements) => [
    ...statements.matchAll(/alter table (?<table>\w+) force row level security/g),
  ]);
  return forced.flatMap(({ groups }) => groups?.['table'] ?? []);
}
