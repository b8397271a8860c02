import { sql } from 'kysely';
import { Client } from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { enterPerson, inCompany, inSystem } from '../../src/db/scopes.ts';
import { houseOfThisFile } from '../support/house.ts';
import { connectionTo } from '../support/databases.ts';

const companyTables = [
  'companies',
  'members',
  'projects',
  'project_members',
  'invitations',
  'invitation_grants',
] as const;
const guardedTables = [
  ...companyTables,
  'member_words',
  'invitation_addresses',
  'audit_events',
  'users',
  'user_emails',
] as const;

const house = await houseOfThisFile();
let acme: string;
let zeta: string;
let acmeProject: string;
let zetaProject: string;
let ada: string;
let zoe: string;

beforeAll(async () => {
  acme = await house.company('acme');
  zeta = await house.company('zeta');
  ada = await house.user('Ada', 'ada@acme.example');
  zoe = await house.user('Zoe', 'zoe@zeta.example');
  await house.member(acme, ada, 'admin');
  await house.member(zeta, zoe, 'admin');
  acmeProject = await house.project(acme, 'apollo');
  zetaProject = await house.project(zeta, 'gemini');
  await house.projectRole(acmeProject, ada, 'viewer');
  await house.projectRole(zetaProject, zoe, 'viewer');
  for (const [companyId, projectId] of [
    [acme, acmeProject],
    [zeta, zetaProject],
  ] as const) {
    const id = await house.invitation(companyId, 'guest@acme.example');
    await house.grant(id, projectId, 'viewer');
  }
  for (const [slug, who] of [
    ['acme', zoe],
    ['zeta', ada],
  ] as const) {
    await house.by(who).GET(`/api/v1/companies/${slug}/members`); // refused, which is recorded
  }
});

const keyOf = (table: string) => (table === 'companies' ? 'id' : 'company_id');

describe('N-03: whoever names no company gets nothing', () => {
  test.each(companyTables)(
    '%s is closed to the login itself, to the system and to writing as a person',
    async (table) => {
      const name = sql.table(`gatehouse.${table}`);
      await expect(sql`select from ${name}`.execute(house.db)).rejects.toThrow(/permission denied/);
      await expect(inSystem(house.db, (tx) => sql`select from ${name}`.execute(tx))).rejects.toThrow(
        /permission denied/,
      );
      const deleting = inSystem(house.db, (tx) =>
        enterPerson(tx, ada, (person) => sql`delete from ${name}`.execute(person)),
      );
      await expect(deleting).rejects.toThrow(/permission denied/);
    },
  );

  test.each(companyTables)(
    '%s shows no row, and takes none, in the company role without a company',
    async (table) => {
      const seen = await inCompany(house.db, '', (tx) => sql`select from ${sql.table(table)}`.execute(tx));
      expect(seen.rows).toEqual([]);
      const changed = await inCompany(house.db, '', (tx) =>
        sql`update ${sql.table(table)} set ${sql.ref(keyOf(table))} = ${sql.ref(keyOf(table))}`.execute(tx),
      );
      expect(changed.numAffectedRows).toBe(0n);
      const inserting = inCompany(house.db, '', (tx) =>
        tx
          .insertInto('projects')
          .values({
            company_id: acme,
            id: zeta,
            slug: 'x-1',
            name: 'X',
            status: 'active',
            created_at: new Date(),
          })
          .execute(),
      );
      await expect(inserting).rejects.toThrow(/row-level security/);
    },
  );

  test.each(guardedTables)('%s shows one company its own rows and no others', async (table) => {
    if (table === 'users' || table === 'user_emails') {
      const column = table === 'users' ? 'id' : 'user_id';
      const { rows } = await inCompany(house.db, acme, (tx) =>
        sql<{ id: string }>`select ${sql.ref(column)} as id from ${sql.table(table)}`.execute(tx),
      );
      expect(rows.map(({ id }) => id)).toEqual([ada]);
      return;
    }
    const { rows } = await inCompany(house.db, acme, (tx) =>
      sql<{ id: string }>`select ${sql.ref(keyOf(table))} as id from ${sql.table(table)}`.execute(tx),
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ id }) => id === acme)).toBe(true);
  });

  test('a person sees their own memberships and the invitations to their own addresses', async () => {
    const guest = await house.user('Guest', 'guest@acme.example');
    const see = (userId: string) =>
      inSystem(house.db, (tx) =>
        enterPerson(tx, userId, async (person) => ({
          members: (await person.selectFrom('members').selectAll().execute()).map((row) => row.company_id),
          companies: (await person.selectFrom('companies').select('slug').orderBy('slug').execute()).map(
            (row) => row.slug,
          ),
          projects: (await person.selectFrom('projects').select('slug').orderBy('slug').execute()).map(
            (row) => row.slug,
          ),
          invitations: (await person.selectFrom('invitations').selectAll().execute()).length,
          users: (await person.selectFrom('users').select('id').execute()).map((row) => row.id),
        })),
      );
    expect(await see(ada)).toEqual({
      members: [acme],
      companies: ['acme'],
      projects: ['apollo'],
      invitations: 0,
      users: [ada],
    });
    expect(await see(guest)).toEqual({
      members: [],
      companies: ['acme', 'zeta'],
      projects: ['apollo', 'gemini'],
      invitations: 2,
      users: [guest],
    });
  });
});

test('N-03 and N-07: the words of members are seen by their company alone, and written by triggers alone', async () => {
  await expect(inSystem(house.db, (tx) => sql`select from member_words`.execute(tx))).rejects.toThrow(
    /permission denied/,
  );
  const nobodys = await inCompany(house.db, '', (tx) => sql`select from member_words`.execute(tx));
  expect(nobodys.rows).toEqual([]);
  for (const writing of [
    sql`insert into member_words values (${acme}, 'x', ${ada}, '')`,
    sql`update member_words set company_id = ${zeta}`,
    sql`delete from member_words`,
  ]) {
    await expect(inCompany(house.db, acme, (tx) => writing.execute(tx))).rejects.toThrow(/permission denied/);
  }
});

describe('N-04: the roles that we work in are weak', () => {
  test('none may log in, is a superuser, bypasses row-level security or owns a table', async () => {
    const roles = await house.sql(
      `select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin, rolinherit,
         exists (select from pg_class c where c.relowner = r.oid) as owns
       from pg_roles r where rolname in ('gatehouse_system', 'gatehouse_in_company', 'gatehouse_in_person') order by 1`,
    );
    const weak = {
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolcanlogin: false,
      rolinherit: false,
      owns: false,
    };
    expect(roles).toEqual(
      ['gatehouse_in_company', 'gatehouse_in_person', 'gatehouse_system'].map((rolname) => ({
        rolname,
        ...weak,
      })),
    );
  });

  test('every table with a company in it forces row-level security, on its owner too', async () => {
    const open = await house.sql(
      `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'gatehouse' and c.relkind in ('r', 'p') and not c.relispartition
         and (c.relname = 'companies' or exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'company_id'))
         and not (c.relrowsecurity and c.relforcerowsecurity)`,
    );
    expect(open).toEqual([{ relname: 'company_slugs' }]); // a directory: slugs and ids, read by the system before the company is known
  });

  test('a partition of the trail cannot be read past its policy', async () => {
    const reading = inCompany(house.db, acme, (tx) => sql`select from audit_events_rest`.execute(tx));
    await expect(reading).rejects.toThrow(/permission denied/);
  });
});

describe('N-07 and N-08: no row changes sides, and none points across', () => {
  test.each(companyTables)('a row of %s cannot be moved to another company', async (table) => {
    const moving = inCompany(house.db, acme, (tx) =>
      sql`update ${sql.table(table)} set ${sql.ref(keyOf(table))} = ${zeta}`.execute(tx),
    );
    await expect(moving).rejects.toThrow(/row-level security|violates/);
    expect(await house.sql(`select from ${table} where ${keyOf(table)} = $1`, [acme])).not.toEqual([]);
  });

  test('a row cannot be written for another company', async () => {
    const writing = inCompany(house.db, acme, (tx) =>
      tx
        .insertInto('members')
        .values({ company_id: zeta, user_id: ada, role: 'admin', joined_at: new Date() })
        .execute(),
    );
    await expect(writing).rejects.toThrow(/row-level security/);
    const indexing = inCompany(house.db, acme, (tx) =>
      tx
        .insertInto('invitation_addresses')
        .values({ invitation_id: ada, company_id: zeta, address: 'x@y.example' as never })
        .execute(),
    );
    await expect(indexing).rejects.toThrow(/row-level security/);
  });

  test('a foreign key does not reach into another company, even for the administrator of the database', async () => {
    const pointing = [
      ['insert into project_members values ($1, $2, $3, $4)', [acme, zetaProject, ada, 'viewer']],
      ['insert into project_members values ($1, $2, $3, $4)', [acme, acmeProject, zoe, 'viewer']],
      [
        `insert into invitation_grants select $1, id, $2, 'viewer', 'pending' from invitations where company_id = $1`,
        [acme, zetaProject],
      ],
    ] as const;
    for (const [text, values] of pointing)
      await expect(house.sql(text, values)).rejects.toThrow(/foreign key/);
  });
});

test('the login cannot take the owner’s role in a transaction of ours by accident', async () => {
  const client = new Client(connectionTo(house.database));
  await client.connect();
  const { rows } = await client.query<{ inherits: boolean }>(
    `select bool_or(inherit_option) as inherits from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname = current_user`,
  );
  await client.end();
  expect(rows).toEqual([{ inherits: false }]);
});
