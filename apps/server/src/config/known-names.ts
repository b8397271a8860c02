import { fileNameOf } from './reading.ts';
import type { Reading } from './reading.ts';
import { closestTo } from './spelling.ts';
import type { VariableTable } from './variable.ts';

/** Names of this prefix are ours alone, so an unknown one is a mistake whatever it resembles. */
const ownPrefix = 'CLOUDGRID_';
const farthestHint = 4;

/** Names that other programs use too; only what looks like a misspelling of ours is a mistake. */
const sharedPrefixes = ['MS_', 'AUTH_', 'OTEL_'];
const misspelling = 2;

/** Finds the variables that would otherwise be passed over in silence: a lock with a misspelt name is none. */
export function refuseUnknownNames(reading: Reading<never>, table: VariableTable): void {
  const known = everyName(table);
  for (const name of reading.givenNames().filter((one) => !known.includes(one))) {
    const isOwn = name.startsWith(ownPrefix);
    if (!isOwn && !sharedPrefixes.some((prefix) => name.startsWith(prefix))) continue;
    const hint = closestTo(name, known, isOwn ? farthestHint : misspelling);
    if (isOwn || hint !== undefined) reading.mistake(printable(name), sentenceFor(name, hint, table));
  }
}

function sentenceFor(name: string, hint: string | undefined, table: VariableTable): string {
  const base = name.replace(/_FILE$/, '');
  if (base !== name && base in table)
    return `is unknown: only secrets are read from files. Expected: ${base}.`;
  return hint === undefined ? 'is unknown.' : `is unknown. Did you mean ${hint}?`;
}

function everyName(table: VariableTable): readonly string[] {
  return Object.entries(table).flatMap(([name, { secret }]) =>
    secret === true ? [name, fileNameOf(name)] : [name],
  );
}

/** A name comes from outside and is about to be printed on a terminal. */
export function printable(name: string): string {
  return name.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 100);
}
