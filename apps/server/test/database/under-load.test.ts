import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { changeRole, planSearch } from '../../src/control-plane/index.ts';
import { migrate } from '../../src/db/migrate.ts';
import { cloudMigrations } from '../../src/db/migrations/lists.ts';
import { isReady, openDatabase } from '../../src/db/open-database.ts';
import { inCompany, inSystem } from '../../src/db/scopes.ts';
import { pageOfMembers } from '../../src/members/members-view.ts';
import { asAdmin, connectionTo, dropDatabase } from '../support/databases.ts';
import { houseOfThisFile } from '../support/house.ts';

const house = await houseOfThisFile();

describe('R-14: a deadlock or a serialization failure', () => {
  const injected = (code: string) => `
    create sequence if not exists injections; select setval('injections', 1, false); grant usage on injections to public;
    create or replace function inject_failure() returns trigger language plpgsql as $$
    begin
      if nextval('gatehouse.injections') <= 2 then raise exception 'injected' using errcode = '${code}'; end if;
      return new;
    end $$;
    drop trigger if exists inject_failure on audit_events;
    create trigger inject_failure before insert on audit_events for each row execute function inject_failure()`;

  test.each(['40P01', '40001'])('%s at the last statement: run again, done once', async (code) => {
    const companyId = await house.company(`retry-${code.toLowerCase()}`);
    const [ada, grace] = [await house.user('Ada'), await house.user('Grace')];
    await house.member(companyId, ada, 'admin');
    await house.member(companyId, grace);
    await house.sql(injected(code));
    try {
      const url = `/api/v1/companies/retry-${code.toLowerCase()}/members/${grace}`;
      expect((await house.by(ada).PATCH(url, { role: 'admin' })).status).toBe(200);
    } finally {
      await house.sql('drop trigger inject_failure on audit_events');
    }
    expect(
      (await house.events('member.role_changed')).filter((event) => event.company_id === companyId),
    ).toHaveLength(1);
  });

  test('two transactions that really block each other both get done', async () => {
    const companyId = await house.company('deadlock');
    const people = [await house.user('Ada'), await house.user('Grace')];
    for (const userId of people) await house.member(companyId, userId, 'admin');
    let runs = 0;
    let toCome = 2;
    const bothHoldOne = Promise.withResolvers<undefined>();
    const changeInOrder = (order: readonly string[]) =>
      inCompany(house.db, companyId, async (tx) => {
        runs += 1;
        for (const userId of order) {
          await sql`update members set joined_at = joined_at where user_id = ${userId}`.execute(tx);
          toCome -= 1;
          if (toCome <= 0) bothHoldOne.resolve(undefined);
          await bothHoldOne.promise;
        }
      });
    await Promise.all([changeInOrder(people), changeInOrder(people.toReversed())]);
    expect(runs).toBeGreaterThan(2);
    expect(
      await inCompany(house.db, companyId, (tx) =>
        changeRole(tx, { companyId, userId: people[0] ?? '' }, 'user'),
      ),
    ).toMatchObject({ outcome: 'done' });
  });
});

describe('D-11: a company of twenty thousand', () => {
  let big: string;
  let other: string;
  beforeAll(async () => {
    big = await house.company('big');
    await house.member(big, await house.user('Boss'), 'admin');
    await house.sql(`
      with made as (
        insert into users select ('02000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Person ' || n, 'active', now()
        from generate_series(1, 40000) n returning id, display_name
      )
      insert into user_emails select replace(lower(display_name), ' ', '.') || '@big.example', id, true, null, now() from made`);
    other = await house.company('other-big');
    await house.sql(
      `insert into members select case when right(id::text, 12)::int <= 20000 then $1::uuid else $2::uuid end, id, 'user', now()
       from users where display_name like 'Person %'`,
      [big, other],
    );
    await house.sql('analyze');
  });

  const everybody = (companyId: string) => ({
    companyId,
    groups: [sql`members person where person.company_id = ${companyId}`],
    isEverybody: true,
  });

  async function planOf(companyId: string, page: { query?: string; cursor?: string | undefined }) {
    const plan = await inCompany(house.db, companyId, async (tx) => {
      const found = await planSearch(tx, everybody(companyId), { limit: 50, ...page });
      const query = pageOfMembers(tx, found).compile();
      return await tx.executeQuery<{ 'QUERY PLAN': string }>({
        ...query,
        sql: `explain (analyze, costs off) ${query.sql}`,
      });
    });
    return plan.rows.map((row) => row['QUERY PLAN']).join('\n');
  }

  test.each([
    ['big', undefined],
    ['big', '02000000-0000-7000-8000-000000015000'],
    ['other-big', undefined],
  ])('a page of %s after %s reads what it shows and no more', async (slug, key) => {
    const companyId = slug === 'big' ? big : other;
    const cursor = key && Buffer.from(`${companyId}/${key}`).toString('base64url');
    const lines = await planOf(companyId, { cursor });
    expect(lines).not.toMatch(/Seq Scan on (?:members|users|user_emails)/);
    expect(lines).not.toMatch(/Rows Removed by Filter/);
    expect(lines).toMatch(/Index (?:Only )?Scan using members_pkey/);
  });

  test.each(['p', 'person', 'person 19', 'example big', 'person.19', 'nobody'])(
    'a search for %j reads along the words and stops',
    async (query) => {
      const lines = await planOf(big, { query });
      expect(lines).not.toMatch(/Seq Scan|Bitmap|Hash/);
      expect(lines).toMatch(/Index Only Scan using member_words_pkey on member_words w/);
      const read = [...lines.matchAll(/on member_words w .*rows=(?<rows>\d+)/g)].map(
        ({ groups }) => groups?.['rows'],
      );
      expect(
        read.map(Number).every((rows) => rows <= 51),
        lines,
      ).toBe(true);
    },
  );

  test('a page, and a search through all of them, answer in time', async () => {
    const boss = (
      await house.sql<{ user_id: string }>(
        `select user_id from members where company_id = $1 and role = 'admin'`,
        [big],
      )
    )[0];
    const times: number[] = [];
    for (const query of ['', '?query=person%2019999', '?query=nobody-at-all', '?limit=200']) {
      const startedMs = performance.now();
      const answer = await house.by(boss?.user_id).GET(`/api/v1/companies/big/members${query}`);
      times.push(performance.now() - startedMs);
      expect(answer.status).toBe(200);
    }
    expect(Math.max(...times)).toBeLessThan(1_000);
  });
});

describe('R-15: migrations', () => {
  test('ten processes that start together on an empty database all find it migrated once', async () => {
    const name = `migrations_${String(process.pid)}`;
    const connection = connectionTo(name);
    await asAdmin('postgres', async (client) => {
      await client.query(`drop database if exists ${name}`);
      await client.query(`create database ${name} owner ${String(connection.user)}`);
    });
    const options = { connection, workingLogin: String(connection.user), migrations: cloudMigrations };
    await Promise.all(Array.from({ length: 10 }, () => migrate(options)));
    const db = openDatabase({ connection, maxConnections: 1, onError: () => undefined });
    expect(await isReady(db, cloudMigrations)).toBe(true);
    const applied = await inSystem(db, (tx) =>
      sql<{ name: string }>`select name from migrations`.execute(tx),
    );
    expect(applied.rows.map((row) => row.name).toSorted()).toEqual(Object.keys(cloudMigrations).toSorted());
    await db.destroy();
    await dropDatabase(name);
  });
});
