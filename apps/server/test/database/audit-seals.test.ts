import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recordEvent, sealEvents, verifySeals } from '../../src/audit/index.ts';
import { inCompany, inSystem } from '../../src/db/scopes.ts';
import { after, minuteMs } from '../../src/kernel/clock.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { openHouse } from '../support/house.ts';
import type { House } from '../support/house.ts';

const first = { key: new Secret('k'.repeat(32)), keyId: 'first' };
const second = { key: new Secret('l'.repeat(32)), keyId: 'second' };
const keys = new Map([first, second].map(({ key, keyId }) => [keyId, key]));
const start = new Date('2025-06-30T23:59:00.000Z');

let house: House;
let companyId: string;

beforeEach(async () => {
  house = await openHouse();
  companyId = await house.company('acme');
});
afterEach(async () => {
  await house.close();
});

async function record(seconds: number, details = {}): Promise<void> {
  await inSystem(house.db, (tx) =>
    recordEvent(
      tx,
      { type: 'member.removed', actor: { kind: 'system' }, companyId, subjectId: 'somebody', details },
      after(start, seconds * 1000),
    ),
  );
}

const seal = (seconds: number, key = first) =>
  inSystem(house.db, (tx) => sealEvents(tx, key, after(start, seconds * 1000)));
const verify = (seconds = 10_000) =>
  inSystem(house.db, (tx) => verifySeals(tx, keys, after(start, seconds * 1000)));

describe('K-06: the trail cannot be changed by those who write it', () => {
  test.each(['audit_events', 'audit_seals'])(
    '%s: updating, deleting and truncating are denied',
    async (table) => {
      await record(0);
      await seal(10);
      for (const statement of [
        sql`update ${sql.table(table)} set ${sql.ref(table === 'audit_events' ? 'type' : 'key_id')} = 'x'`,
        sql`delete from ${sql.table(table)}`,
        sql`truncate ${sql.table(table)}`,
      ]) {
        await expect(inSystem(house.db, (tx) => statement.execute(tx))).rejects.toThrow(/permission denied/);
        await expect(inCompany(house.db, companyId, (tx) => statement.execute(tx))).rejects.toThrow(
          /permission denied/,
        );
      }
      expect(await verify()).toMatchObject({ outcome: 'intact', events: 1 });
    },
  );
});

describe('K-06: the chain of seals', () => {
  test('is intact over months, batches, details of every kind and a change of key', async () => {
    const details = [{}, { a: 1, b: [true, null, 'é\n'] }, { nested: { z: 1, a: 1.5 } }];
    for (let n = 0; n < 120; n += 1) await record(n, details[n % 3]);
    expect((await seal(60)).sealed).toBe(59);
    expect((await seal(1_000, second)).sealed).toBe(61);
    expect((await seal(1_000, second)).sealed).toBe(0);
    const { head } = await seal(1_000);
    expect(await verify()).toEqual({ outcome: 'intact', events: 120, head });
    expect(head?.position).toBe(120n);
  });

  test('an empty trail is intact', async () => {
    expect((await seal(0)).sealed).toBe(0);
    expect(await verify()).toEqual({ outcome: 'intact', events: 0, head: undefined });
  });

  test('grows one event at a time however many processes seal at once', async () => {
    for (let n = 0; n < 50; n += 1) await record(n);
    const sealed = await Promise.all(Array.from({ length: 8 }, () => seal(1_000)));
    expect(sealed.reduce((sum, round) => sum + round.sealed, 0)).toBe(50);
    expect(await verify()).toMatchObject({ outcome: 'intact', events: 50 });
  });

  test('an event that commits after younger ones were sealed is sealed all the same', async () => {
    await record(10);
    await seal(100);
    await record(5); // it began before, and took its time
    expect((await seal(101)).sealed).toBe(1);
    expect(await verify()).toMatchObject({ outcome: 'intact', events: 2 });
  });

  test('a process whose clock is an hour ahead keeps nobody else from sealing, and raises no alarm', async () => {
    await record(3_600);
    expect((await seal(3_610)).sealed).toBe(1);
    await record(10);
    expect(await verify(11)).toMatchObject({ outcome: 'intact', events: 1 });
    expect((await seal(20)).sealed).toBe(1);
    expect(await verify(20)).toMatchObject({ outcome: 'intact', events: 2 });
  });

  const tampering: readonly (readonly [string, string, string])[] = [
    [
      'the type of an event was changed',
      `update audit_events set type = 'member.added'`,
      'event_or_seal_changed',
    ],
    ['who did it was changed', `update audit_events set actor_id = company_id`, 'event_or_seal_changed'],
    ['the company was changed', `update audit_events set company_id = null`, 'event_or_seal_changed'],
    ['details were changed', `update audit_events set details = '{"a": 2}'`, 'event_or_seal_changed'],
    ['the time was changed', `update audit_events set at = at + interval '1 microsecond'`, 'event_gone'],
    ['an event was removed', 'delete from audit_events', 'event_gone'],
  ];

  test.each(tampering)('%s: found, and where', async (_, statement, finding) => {
    for (let n = 0; n < 5; n += 1) await record(n);
    await seal(100);
    const [third] = await house.sql<{ event_id: string }>(
      'select event_id from audit_seals where position = 3',
    );
    await house.sql(`${statement} where id = $1`, [third?.event_id]);
    expect(await verify()).toEqual({ outcome: 'broken', position: 3n, eventId: third?.event_id, finding });
  });

  test('an event and its seal were removed: found', async () => {
    for (let n = 0; n < 5; n += 1) await record(n);
    await seal(100);
    await house.sql(
      'delete from audit_events where id = (select event_id from audit_seals where position = 3)',
    );
    await house.sql('delete from audit_seals where position = 3');
    expect(await verify()).toEqual({ outcome: 'broken', position: 3n, finding: 'seal_gone' });
    await house.sql('update audit_seals set position = position - 1 where position > 3');
    expect(await verify()).toMatchObject({
      outcome: 'broken',
      position: 3n,
      finding: 'event_or_seal_changed',
    });
  });

  test('two events were swapped: found', async () => {
    for (let n = 0; n < 5; n += 1) await record(n);
    await seal(100);
    await house.sql('update audit_seals set position = position + 100');
    await house.sql('update audit_seals set position = 106 - position');
    expect(await verify()).toMatchObject({ outcome: 'broken', position: 1n });
  });

  test('an event was slipped in long ago: found', async () => {
    await record(3_600);
    await seal(4_000);
    await record(10);
    await seal(4_000);
    expect(await verify()).toMatchObject({ outcome: 'broken', finding: 'event_never_sealed' });
  });

  test('a seal by a key that nobody knows is no seal', async () => {
    await record(0);
    await seal(100);
    const verdict = await inSystem(house.db, (tx) =>
      verifySeals(tx, new Map([['second', second.key]]), start),
    );
    expect(verdict).toMatchObject({ outcome: 'broken', position: 1n, finding: 'key_unknown' });
    const forged = await inSystem(house.db, (tx) => verifySeals(tx, new Map([['first', second.key]]), start));
    expect(forged).toMatchObject({ outcome: 'broken', position: 1n, finding: 'event_or_seal_changed' });
  });

  test('the end was cut off: it shows against the head that was kept elsewhere', async () => {
    for (let n = 0; n < 3; n += 1) await record(n);
    const kept = (await seal(after(start, 2 * minuteMs).getTime() - start.getTime())).head;
    await house.sql(
      'delete from audit_events where id = (select event_id from audit_seals where position = 3)',
    );
    await house.sql('delete from audit_seals where position = 3');
    const verdict = await verify();
    expect(verdict).toMatchObject({ outcome: 'intact', events: 2 });
    expect(verdict.outcome === 'intact' && verdict.head?.position === kept?.position).toBe(false);
  });
});
