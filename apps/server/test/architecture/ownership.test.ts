import { describe, expect, test } from 'vitest';
import { cloudMigrations } from '../../src/db/migrations/lists.ts';
import { tableOwners } from '../../src/db/ownership.ts';
import { tableWritesIn } from './table-writes.ts';
import type { TableWrite } from './table-writes.ts';
import { filesBelow, productCode } from './tree.ts';
import type { SourceFile } from './tree.ts';

const src = 'apps/server/src';
const owners: Readonly<Record<string, string>> = tableOwners;

/** Migrations make tables for every room. */
const code = productCode(src).filter(({ path }) => !path.startsWith(`${src}/db/migrations/`));

function writesOfOthers(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap(tableWritesIn).filter(isForeign).map(sentenceOf);
}

function roomOf(path: string): string {
  return path.slice(src.length + 1).split('/')[0] ?? '';
}

function isForeign({ file, table }: TableWrite): boolean {
  return table === undefined || owners[table] !== roomOf(file);
}

function sentenceOf({ file, line, table }: TableWrite): string {
  if (table === undefined) return `${file}:${line} writes a table that it does not name`;
  const owner = owners[table];
  return `${file}:${line} writes ${table}, which ${owner === undefined ? 'nobody owns' : `${owner}/ owns`}`;
}

describe('a table is written by the room that owns it', () => {
  test('no room writes a table of another', () => {
    expect(writesOfOthers(code)).toEqual([]);
  });

  test('every table has a place that writes it, so that the check has read them all', () => {
    const written = new Set(code.flatMap(tableWritesIn).map(({ table }) => table));
    const byTriggersAlone = ['member_words'];
    expect(
      Object.keys(owners).filter((table) => !written.has(table) && !byTriggersAlone.includes(table)),
    ).toEqual([]);
  });

  test('an owner is a room that exists', () => {
    const rooms = new Set(filesBelow(src).map(roomOf));
    expect(Object.values(owners).filter((owner) => !rooms.has(owner))).toEqual([]);
  });

  test.each([
    ["await tx.insertInto('users').values(row).execute();", 'users'],
    ["await tx.updateTable('users as u').set({ name }).execute();", 'users'],
    ["await tx\n  .deleteFrom('user_emails')\n  .execute();", 'user_emails'],
    ["await tx.mergeInto('identities').execute();", 'identities'],
    ['await sql`insert into users (id) values (${id})`.execute(tx);', 'users'],
    [
      'await sql<Row>`with gone as (delete from identities returning id) select id from gone`.execute(tx);',
      'identities',
    ],
    ['await sql`update only gatehouse.users set name = ${name}`.execute(tx);', 'users'],
    ["await client.query('truncate table users');", 'users'],
    ['await sql.raw(\'DELETE FROM "users"\').execute(tx);', 'users'],
  ])('a foreign write is seen: %s', (statement, table) => {
    const planted = { path: `${src}/session/planted.ts`, content: statement };
    const [found, ...others] = writesOfOthers([planted]);
    expect(others).toEqual([]);
    expect(found).toMatch(
      new RegExp(String.raw`^${src}/session/planted\.ts:\d writes ${table}, which identity/ owns$`),
    );
  });

  test.each([
    'await tx.insertInto(table).execute();',
    'await sql`update ${sql.table(name)} set x = 1`.execute(tx);',
  ])('a write that hides its table is refused: %s', (content) => {
    const found = writesOfOthers([{ path: `${src}/session/planted.ts`, content }]);
    expect(found).toEqual([`${src}/session/planted.ts:1 writes a table that it does not name`]);
  });

  test.each([
    "await tx.insertInto('sessions').execute();",
    "await tx.selectFrom('users').forUpdate().execute();",
    'await sql`select from users for no key update`.execute(tx);',
    'await sql`insert into sessions (id) values (1) on conflict (id) do update set x = 2`.execute(tx);',
    "// tx.insertInto('users')",
  ])('what is its own, or only read, is not: %s', (content) => {
    expect(writesOfOthers([{ path: `${src}/session/planted.ts`, content }])).toEqual([]);
  });
});

describe('the types of the tables are those of the migrations', () => {
  const statements = Object.values(cloudMigrations).join('\n');
  // Partitions are parts of their table; a function may make them with a name that it computes.
  const made = [
    ...statements.matchAll(/create (?:unlogged )?table (?:if not exists )?([a-z_]+)(?! partition of)\b/g),
  ].flatMap(([, name]) => name ?? []);

  /** Kept for processes of the release before, and dropped in a later one. */
  const superseded = ['audit_seals'];

  test('every table that is made has an owner and a type, and the reverse', () => {
    expect(made.filter((name) => !superseded.includes(name)).toSorted()).toEqual(
      Object.keys(owners).toSorted(),
    );
  });

  test('every table that belongs to a company is closed to whoever forgot a scope', () => {
    const ofCompanies = made.filter((name) =>
      tableText(statements, name).includes('company_id uuid not null'),
    );
    const open = ofCompanies.filter(
      (name) => !statements.includes(`alter table ${name} force row level security`),
    );
    // The directory of short names is asked before any company is known; it holds ids and nothing else.
    expect(open).toEqual(['company_slugs']);
    expect(ofCompanies.length).toBeGreaterThan(5);
  });
});

function tableText(statements: string, name: string): string {
  const start = statements.indexOf(`create table ${name} (`);
  return statements.slice(start, statements.indexOf('\n);', start));
}
