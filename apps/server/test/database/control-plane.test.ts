import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  acceptInvitation,
  changeRole,
  claimFirstAdmin,
  countMemberships,
  ensureCompany,
  findCompanyId,
  isFirstAdminClaimed,
  lockCompany,
  pendingInvitationsFor,
} from '../../src/control-plane/index.ts';
import { migrate } from '../../src/db/migrate.ts';
import { cloudMigrations } from '../../src/db/migrations/lists.ts';
import { isReady, openDatabase } from '../../src/db/open-database.ts';
import { enterCompany, enterPerson, inCompany, inSystem } from '../../src/db/scopes.ts';
import type { CompanyTx } from '../../src/db/scopes.ts';
import { parseEmailAddress } from '../../src/kernel/email-address.ts';
import type { EmailAddress } from '../../src/kernel/email-address.ts';
import { pageOfMembers } from '../../src/members/members-view.ts';
import { asAdmin, connectionTo, dropDatabase } from '../support/databases.ts';
import { openHouse } from '../support/house.ts';
import type { House } from '../support/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => {
  await house.close();
});

const now = () => new Date();

function address(text: string): EmailAddress {
  const parsed = parseEmailAddress(text);
  if (parsed === undefined) throw new Error(`not an address: ${text}`);
  return parsed;
}

describe('the company of a deployment', () => {
  test('is made once, however many processes start at once', async () => {
    const made = await Promise.all(
      Array.from({ length: 12 }, () =>
        inSystem(house.db, (tx) => ensureCompany(tx, { slug: 'only', name: 'Only' }, now())),
      ),
    );
    expect(made.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(made.map(({ companyId }) => companyId)).size).toBe(1);
    expect(await house.sql(`select slug, status from companies where slug = 'only'`)).toEqual([
      { slug: 'only', status: 'active' },
    ]);
    expect(await inSystem(house.db, (tx) => findCompanyId(tx, 'only'))).toBe(made[0]?.companyId);
    expect(await inSystem(house.db, (tx) => findCompanyId(tx, 'unknown'))).toBeUndefined();
  });

  test('that exists keeps its state', async () => {
    const id = await house.company('paused', 'suspended');
    const found = await inSystem(house.db, (tx) =>
      ensureCompany(tx, { slug: 'paused', name: 'Other' }, now()),
    );
    expect(found).toEqual({ companyId: id, isNew: false });
    expect(await house.sql('select status, name from companies where id = $1', [id])).toEqual([
      { status: 'suspended', name: 'The company paused' },
    ]);
  });
});

describe('whether the first administrator is still to come', () => {
  const isClaimed = (id: string) => inCompany(house.db, id, (tx) => isFirstAdminClaimed(tx, id));

  test('yes for an empty company; no once claimed, and also after that person has gone', async () => {
    const id = await house.company('first-1');
    const ada = await house.user('Ada');
    expect(await isClaimed(id)).toBe(false);
    await inCompany(house.db, id, (tx) => claimFirstAdmin(tx, { companyId: id, userId: ada }, now()));
    expect(await isClaimed(id)).toBe(true);
    await house.sql('delete from members where company_id = $1', [id]);
    expect(await isClaimed(id)).toBe(true);
  });

  test('no for a company that has members by another way, or had', async () => {
    const [withMember, withHistory] = [await house.company('first-2'), await house.company('first-3')];
    await house.member(withMember, await house.user('Ada'));
    expect(await isClaimed(withMember)).toBe(true);
    const invitation = await house.invitation(withHistory, 'gone@acme.example');
    await house.sql(`update invitations set status = 'accepted', accepted_at = now() where id = $1`, [
      invitation,
    ]);
    expect(await isClaimed(withHistory)).toBe(true);
  });

  test('while it is open, the next one waits for the first one’s decision', async () => {
    const id = await house.company('first-4');
    const people = [await house.user('Ada'), await house.user('Bob'), await house.user('Cy')];
    const outcomes = await Promise.all(
      people.map((userId) =>
        inCompany(house.db, id, async (tx) => {
          if (await isFirstAdminClaimed(tx, id)) return 'too late';
          await new Promise((resolve) => setTimeout(resolve, 30));
          return (await claimFirstAdmin(tx, { companyId: id, userId }, now())).outcome;
        }),
      ),
    );
    expect(outcomes.toSorted()).toEqual(['claimed', 'too late', 'too late']);
  });

  test('once it is closed nobody waits: it is read while somebody else holds the company', async () => {
    const id = await house.company('first-5');
    await house.member(id, await house.user('Ada'), 'admin');
    await inCompany(house.db, id, async (tx) => {
      await lockCompany(tx, id);
      expect(await isClaimed(id)).toBe(true);
    });
  });
});

describe('what a sign-in asks', () => {
  test('which invitations wait for these addresses, in all companies', async () => {
    const [one, two] = [await house.company('asks-1'), await house.company('asks-2')];
    const live = await house.invitation(one, 'hedy@asks.example');
    const other = await house.invitation(two, 'hedy2@asks.example');
    const late = await house.invitation(two, 'hedy@asks.example', { expiresAt: new Date(Date.now() - 1) });
    await house.invitation(two, 'somebody@asks.example');
    const gone = await house.invitation(await house.company('asks-3'), 'hedy@asks.example');
    await house.sql(`update invitations set status = 'revoked' where id = $1`, [gone]);
    const addresses = [address('hedy@asks.example'), address('hedy2@asks.example')];
    const found = await inSystem(house.db, (tx) => pendingInvitationsFor(tx, addresses, now()));
    expect(found).toEqual([
      { id: live, companyId: one, isExpired: false },
      { id: other, companyId: two, isExpired: false },
      { id: late, companyId: two, isExpired: true },
    ]);
    expect(await inSystem(house.db, (tx) => pendingInvitationsFor(tx, [], now()))).toEqual([]);
  });

  test('in how many companies somebody is', async () => {
    const ada = await house.user('Ada');
    const count = () =>
      inSystem(house.db, (tx) => enterPerson(tx, ada, (person) => countMemberships(person, ada)));
    expect(await count()).toBe(0);
    for (const slug of ['counts-1', 'counts-2']) await house.member(await house.company(slug), ada);
    expect(await count()).toBe(2);
  });

  test('an invitation is accepted in the transaction that made the account, and not if that fails', async () => {
    const companyId = await house.company('atomic');
    const invitationId = await house.invitation(companyId, 'new@atomic.example');
    const userId = await house.user('New');
    const signIn = (fails: boolean) =>
      inSystem(house.db, async (tx) => {
        const acceptance = { companyId, invitationId, userId, addresses: [address('new@atomic.example')] };
        const accepted = await enterCompany(tx, companyId, (company) =>
          acceptInvitation(company, acceptance, now()),
        );
        if (fails) throw new Error('the sign-in fails later on');
        return accepted.outcome;
      });
    await expect(signIn(true)).rejects.toThrow('later on');
    expect(await house.sql('select from members where company_id = $1', [companyId])).toEqual([]);
    expect(await signIn(false)).toBe('done');
    expect(await signIn(false)).toBe('refused');
    expect(await house.sql('select from members where company_id = $1', [companyId])).toHaveLength(1);
  });
});

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
    const changeInOrder = (order: readonly string[]) =>
      inCompany(house.db, companyId, async (tx: CompanyTx) => {
        runs += 1;
        for (const userId of order) {
          await sql`update members set joined_at = joined_at where user_id = ${userId}`.execute(tx);
          await new Promise((resolve) => setTimeout(resolve, 50));
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
  beforeAll(async () => {
    big = await house.company('big');
    await house.member(big, await house.user('Boss'), 'admin');
    await house.sql(`
      with made as (
        insert into users select ('02000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Person ' || n, 'active', now()
        from generate_series(1, 40000) n returning id, display_name
      )
      insert into user_emails select replace(lower(display_name), ' ', '.') || '@big.example', id, true, null, now() from made`);
    const other = await house.company('other-big');
    await house.sql(
      `insert into members select case when right(id::text, 12)::int <= 20000 then $1::uuid else $2::uuid end, id, 'user', now()
       from users where display_name like 'Person %'`,
      [big, other],
    );
    await house.sql('analyze');
  });

  test.each([undefined, '02000000-0000-7000-8000-000000015000'])(
    'a page after %s is read by index alone',
    async (key) => {
      const cursor = key && Buffer.from(`${big}/${key}`).toString('base64url');
      const plan = await inCompany(house.db, big, async (tx) => {
        const query = pageOfMembers(tx, big, { limit: 50, cursor }).compile();
        return await tx.executeQuery<{ 'QUERY PLAN': string }>({
          ...query,
          sql: `explain (analyze, costs off) ${query.sql}`,
        });
      });
      const lines = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(lines).not.toMatch(/Seq Scan on (?:members|users|user_emails)/);
      expect(lines).toMatch(/Index (?:Only )?Scan using members_pkey/);
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
