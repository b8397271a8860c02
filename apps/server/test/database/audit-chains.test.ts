import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chainOfNoCompany } from '../../src/audit/index.ts';
import { inCompany, inSystem } from '../../src/db/scopes.ts';
import { openHouse } from '../support/house.ts';
import type { House } from '../support/house.ts';
import { sealingKeys, trailOf, trailStart } from '../support/trail-of-companies.ts';

let house: House;
let acme: string;
let zeta: string;
let trail: ReturnType<typeof trailOf>;

beforeEach(async () => {
  house = await openHouse();
  [acme, zeta] = [await house.company('acme'), await house.company('zeta')];
  trail = trailOf(house);
});
afterEach(async () => {
  await house.close();
});

describe('K-06: the trail cannot be changed by those who write it', () => {
  test.each([
    ['audit_events', 'type'],
    ['audit_chain_seals', 'key_id'],
  ])('%s: updating, deleting and truncating are denied', async (table, column) => {
    await trail.record(0, acme);
    await trail.seal(10);
    for (const statement of [
      sql`update ${sql.table(table)} set ${sql.ref(column)} = 'x'`,
      sql`delete from ${sql.table(table)}`,
      sql`truncate ${sql.table(table)}`,
    ]) {
      const denied = /permission denied/;
      await expect(inSystem(house.db, (tx) => statement.execute(tx))).rejects.toThrow(denied);
      await expect(inCompany(house.db, acme, (tx) => statement.execute(tx))).rejects.toThrow(denied);
    }
    expect(await trail.verify(10)).toMatchObject({ findings: [], heads: [{ position: 1n }] });
  });

  test('nobody but the trigger says that an event waits, and a company sees neither seals nor what waits', async () => {
    const denied = /permission denied/;
    const waits = sql`insert into audit_unsealed values (now(), ${acme}, ${acme})`;
    await expect(inSystem(house.db, (tx) => waits.execute(tx))).rejects.toThrow(denied);
    for (const table of ['audit_chain_seals', 'audit_unsealed']) {
      const reading = sql`select from ${sql.table(table)}`;
      await expect(inCompany(house.db, acme, (tx) => reading.execute(tx))).rejects.toThrow(denied);
    }
  });
});

describe('K-06: each company has a chain of its own', () => {
  test('and what happened outside of companies has one; intact over months, details of every kind and a change of key', async () => {
    const details = [{}, { a: 1, b: [true, null, 'é\n'] }, { nested: { z: 1, a: 1.5 } }];
    for (let n = 0; n < 120; n += 1) await trail.record(n, [acme, zeta, undefined][n % 3], details[n % 2]);
    expect(await trail.seal(60)).toEqual({ count: 59, refused: [] });
    expect(await trail.verify(60)).toMatchObject({ findings: [], waiting: 61 });
    expect((await trail.seal(1_000, sealingKeys.second)).count).toBe(61);
    expect((await trail.seal(1_000, sealingKeys.second)).count).toBe(0);
    const { findings, heads, waiting } = await trail.verify(1_000);
    expect({ findings, waiting }).toEqual({ findings: [], waiting: 0 });
    expect(new Map(heads.map(({ chain, position }) => [chain, position]))).toEqual(
      new Map([chainOfNoCompany, acme, zeta].map((chain) => [chain, 40n])),
    );
    const one = await trail.verify(1_000, { chain: zeta });
    expect(one).toEqual({ findings: [], waiting: 0, heads: heads.filter(({ chain }) => chain === zeta) });
  });

  test('an empty trail is intact', async () => {
    expect((await trail.seal(0)).count).toBe(0);
    expect(await trail.verify(0)).toEqual({ findings: [], heads: [], waiting: 0 });
  });

  test('events of before the chains are sealed like any other', async () => {
    await trail.record(0, acme);
    await house.sql('delete from audit_unsealed');
    await house.sql(`insert into audit_unsealed select at, id, company_id from audit_events`); // as the migration does
    expect((await trail.seal(100)).count).toBe(1);
    expect(await trail.verify(100)).toMatchObject({ findings: [], heads: [{ chain: acme, position: 1n }] });
  });

  test('grows one event at a time however many processes seal at once', async () => {
    for (let n = 0; n < 50; n += 1) await trail.record(n, n % 2 === 0 ? acme : zeta);
    const rounds = await Promise.all(Array.from({ length: 8 }, () => trail.seal(1_000)));
    expect(rounds.reduce((sum, { count }) => sum + count, 0)).toBe(50);
    const { findings, heads } = await trail.verify(1_000);
    expect([findings, heads.map(({ position }) => position)]).toEqual([[], [25n, 25n]]);
  });

  test('an event that commits after younger ones were sealed is sealed all the same', async () => {
    await trail.record(10, acme);
    await trail.seal(100);
    await trail.record(5, acme); // it began before, and took its time
    expect(await trail.seal(101)).toEqual({ count: 1, refused: [] });
    expect(await trail.verify(101)).toMatchObject({ findings: [], heads: [{ position: 2n }] });
  });

  test('sealing that stood still for a day goes on where it was', async () => {
    await trail.record(0, acme);
    await trail.seal(10);
    for (const hour of [1, 5, 20]) await trail.record(hour * 3_600, acme);
    expect(await trail.seal(86_400)).toEqual({ count: 3, refused: [] });
    expect((await trail.verify(86_400)).findings).toEqual([]);
  });

  test('a process whose clock is an hour ahead keeps nobody else from sealing, and raises no alarm', async () => {
    await trail.record(3_600, acme);
    expect((await trail.seal(3_610)).count).toBe(1);
    await trail.record(10, acme);
    expect(await trail.verify(11)).toMatchObject({ findings: [], waiting: 1 });
    expect(await trail.seal(20)).toEqual({ count: 1, refused: [] });
    expect(await trail.verify(20)).toMatchObject({ findings: [], heads: [{ position: 2n }] });
  });

  test('a transaction that fails leaves its events waiting', async () => {
    await trail.record(0, acme);
    await house.sql('alter table audit_chain_seals rename to away');
    await expect(trail.seal(100)).rejects.toThrow(/audit_chain_seals/);
    await house.sql('alter table away rename to audit_chain_seals');
    expect((await trail.seal(100)).count).toBe(1);
  });
});

describe('ten thousand companies with an event each, and one with many', () => {
  test('are sealed a bounded part at a time, and no chain is read but those that grow', async () => {
    await house.sql(
      `insert into audit_events (id, at, type, result, actor_kind, company_id, details)
       select gen_random_uuid(), $1::timestamptz + n * interval '1 millisecond', 'project.created', 'succeeded', 'system',
         case when n % 2 = 0 then $2::uuid else gen_random_uuid() end, '{}'
       from generate_series(1, 20000) n`,
      [trailStart, acme],
    );
    await house.sql('analyze audit_events, audit_unsealed');
    const took: number[] = [];
    for (let batch = 0; batch < 10; batch += 1) {
      const began = performance.now();
      expect((await trail.seal(100)).count).toBe(2_000);
      took.push(performance.now() - began);
    }
    expect((await trail.seal(100)).count).toBe(0);
    // The last batch, before which lie 19,000 seals in 9,000 chains, takes no longer than the first ones.
    expect(Math.min(...took.slice(-3))).toBeLessThan(4 * Math.min(...took.slice(0, 3)) + 50);
    const { findings, heads } = await trail.verify(100);
    expect([findings, heads.length]).toEqual([[], 10_001]);
    expect(heads.find(({ chain }) => chain === acme)?.position).toBe(10_000n);
  }, 60_000);
});
