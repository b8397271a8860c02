import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { breakConnections } from '../../src/db/open-pool.ts';
import { poolOf } from '../../src/db/pool-of.ts';
import { enterCompany, enterPerson, inSystem, readAsPerson } from '../../src/db/scopes.ts';
import type { SystemTx } from '../../src/db/scopes.ts';
import { storageErrorCode } from '../../src/db/storage-errors.ts';
import { houseOfThisFile } from '../support/house.ts';

const house = await houseOfThisFile();
const { db } = house;

const roleIn = async (tx: SystemTx) => {
  const { rows } = await sql<{ role: string }>`select current_user::text as role`.execute(tx);
  return rows[0]?.role;
};
const codeOf = async (failing: Promise<unknown>) => {
  const error: unknown = await failing.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return storageErrorCode(error) ?? String(error);
};
const fail = (tx: SystemTx) => sql`select 1 / 0`.execute(tx);
const insertCompany = (tx: SystemTx, slug: string) =>
  sql`insert into company_slugs values (${slug}, gen_random_uuid())`.execute(tx);
const slugs = async () => (await house.sql('select slug from company_slugs')).map(({ slug }) => slug);

describe('statements that do not wait for each other', () => {
  test('are carried out in the order in which they are asked for', async () => {
    const seen = await inSystem(db, async (tx) => {
      const inserted = insertCompany(tx, 'ordered');
      const [{ rows }] = await Promise.all([sql`select from company_slugs`.execute(tx), inserted]);
      return rows.length;
    });
    expect(seen).toBe(1);
  });

  test('one of them fails: its error is told, whoever hears of it first, and nothing stays', async () => {
    const before = await slugs();
    const failing = inSystem(db, async (tx) => {
      const failed = fail(tx).then(() => sql`select 1`.execute(tx));
      await Promise.all([insertCompany(tx, 'half'), failed, insertCompany(tx, 'other-half')]);
    });
    expect(await codeOf(failing)).toBe('22012');
    expect(await slugs()).toEqual(before);
  });

  test('one of them fails and nobody waits for it: that is told at the end, and nothing stays', async () => {
    const before = await slugs();
    const failing = inSystem(db, async (tx) => {
      await insertCompany(tx, 'unheard');
      fail(tx).catch(() => undefined);
    });
    expect(await codeOf(failing)).toBe('22012');
    expect(await slugs()).toEqual(before);
  });

  test('a transaction that is over takes no more of them', async () => {
    const kept = await inSystem(db, (tx) => Promise.resolve(tx));
    expect(await codeOf(roleIn(kept))).toContain('the transaction is over');
  });
});

describe('a scope', () => {
  test('is entered before what is asked in it, and left before what is asked next', async () => {
    const companyId = await house.company('scoped');
    const roles = await inSystem(db, async (tx) => {
      const inside = await enterCompany(tx, companyId, () => roleIn(tx));
      return [inside, await roleIn(tx)];
    });
    expect(roles).toEqual(['gatehouse_in_company', 'gatehouse_system']);
  });

  test('is left as well where what was asked in it is refused', async () => {
    const companyId = await house.company('left');
    const role = await inSystem(db, async (tx) => {
      await enterCompany(tx, companyId, () => Promise.reject(new Error('refused'))).catch(() => undefined);
      return await roleIn(tx);
    });
    expect(role).toBe('gatehouse_system');
  });

  test('is never entered beside another one', async () => {
    const [companyId, userId] = [await house.company('beside'), await house.user('Ada')];
    const mixing = inSystem(db, (tx) =>
      Promise.all([enterCompany(tx, companyId, () => roleIn(tx)), enterPerson(tx, userId, () => roleIn(tx))]),
    );
    expect(await codeOf(mixing)).toContain('one scope at a time');
  });
});

describe('a connection to a server that is the primary no more', () => {
  const backend = () =>
    inSystem(db, async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
      return rows[0]?.pid;
    });

  test('is left once it has refused to write', async () => {
    const before = await backend();
    expect(await backend(), 'the pool gives the same one').toBe(before);
    const writing = inSystem(db, async (tx) => {
      await sql`set transaction read only`.execute(tx);
      await insertCompany(tx, 'read-only');
    });
    await expect(writing).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(await backend()).not.toBe(before);
  });

  test('is left when another server is found; what runs there is not answered', async () => {
    const before = await backend();
    const running = inSystem(db, (tx) => sql`select pg_sleep(5)`.execute(tx));
    const answer = expect(running).rejects.toMatchObject({ code: 'storage_unavailable' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    breakConnections(poolOf(db));
    await answer;
    expect(await backend()).not.toBe(before);
  });
});

test('what a person reads in one message is what they may see, whatever they are called', async () => {
  const name = `Robert'); drop table users; -- \\ $1 \\x41`;
  const [bobby, other] = [await house.user(name), await house.user('Other')];
  const query = db.selectFrom('users').select('display_name').where('display_name', 'in', [name, 'Other']);
  expect(await readAsPerson(db, bobby, query.compile())).toEqual([{ display_name: name }]);
  expect(await readAsPerson(db, other, query.compile())).toEqual([{ display_name: 'Other' }]);
});
