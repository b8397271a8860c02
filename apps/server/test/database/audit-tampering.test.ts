import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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

/** The events of a chain, in its order. */
async function chainOf(chain: string) {
  return await house.sql<{ event_id: string; event_at: Date }>(
    'select event_id, event_at from audit_chain_seals where chain = $1 order by position',
    [chain],
  );
}

async function fiveSealed(): Promise<readonly { event_id: string; event_at: Date }[]> {
  for (let n = 0; n < 5; n += 1)
    for (const company of [acme, zeta, undefined]) await trail.record(n, company);
  await trail.seal(100);
  expect((await trail.verify(100)).findings).toEqual([]);
  return await chainOf(acme);
}

describe('K-06: whoever holds the database and changes what happened is found, and where', () => {
  const changes = [
    [`set type = 'member.removee'`, 'event_or_seal_changed'],
    [`set actor_id = company_id`, 'event_or_seal_changed'],
    [`set details = '{"a": 2}'`, 'event_or_seal_changed'],
    [`set company_id = null`, 'event_or_seal_changed'],
    [`set at = at + interval '1 microsecond'`, 'event_or_seal_changed'],
  ] as const;

  test.each(changes)('one event was changed (%s)', async (change, finding) => {
    const [, , third] = await fiveSealed();
    await house.sql(`update audit_events ${change} where id = $1`, [third?.event_id]);
    const { findings } = await trail.verify(100);
    const at = third?.event_at;
    expect(findings).toEqual([{ finding, chain: acme, position: 3n, eventId: third?.event_id, at }]);
  });

  test('one byte of a seal was changed', async () => {
    const [, , third] = await fiveSealed();
    await house.sql(
      'update audit_chain_seals set seal = set_byte(seal, 0, get_byte(seal, 0) # 1) where event_id = $1',
      [third?.event_id],
    );
    expect((await trail.verify(100)).findings).toMatchObject([
      { finding: 'event_or_seal_changed', chain: acme, position: 3n, eventId: third?.event_id },
    ]);
  });

  test('one event was deleted', async () => {
    const [, , third] = await fiveSealed();
    await house.sql('delete from audit_events where id = $1', [third?.event_id]);
    expect((await trail.verify(100)).findings).toEqual([
      { finding: 'event_gone', chain: acme, position: 3n, eventId: third?.event_id, at: third?.event_at },
    ]);
  });

  test('one was deleted before it had its seal, and remains a hole', async () => {
    await trail.record(0, zeta);
    await house.sql('delete from audit_events');
    expect((await trail.verify(1)).findings).toMatchObject([{ finding: 'event_gone', chain: zeta }]);
    await trail.seal(100);
    expect((await trail.verify(100)).findings).toMatchObject([{ finding: 'event_gone', position: 1n }]);
  });

  test('one was slipped in among others, before and after the next sealing', async () => {
    await trail.record(3_600, acme);
    await trail.record(3_600, zeta);
    await trail.seal(3_700);
    await trail.record(10, acme);
    const [slipped] = await house.sql<{ event_id: string }>('select event_id from audit_unsealed');
    const found = { finding: 'event_never_sealed', chain: acme, eventId: slipped?.event_id };
    expect((await trail.verify(3_700)).findings).toMatchObject([found]);
    expect(await trail.seal(3_700)).toEqual({ count: 1, refused: [slipped?.event_id] });
    expect((await trail.verify(3_700)).findings).toMatchObject([found]);
  });

  test('one was slipped in behind the trigger’s back', async () => {
    await fiveSealed();
    await house.sql('alter table audit_events disable trigger event_waits_for_seal');
    await trail.record(99, acme);
    const { findings } = await trail.verify(100);
    expect(findings).toMatchObject([{ finding: 'event_never_sealed', chain: acme }]);
    expect(findings[0]?.at).toEqual(new Date(trailStart.getTime() + 99_000));
  });

  test('one was slipped in with a seal of its own making', async () => {
    await fiveSealed();
    await trail.record(98, acme);
    await house.sql(`with gone as (delete from audit_unsealed returning *)
      insert into audit_chain_seals select chain, 6, event_at, event_id, '${sealingKeys.first.keyId}', sha256('x') from gone`);
    expect((await trail.verify(100)).findings).toMatchObject([
      { finding: 'event_or_seal_changed', chain: acme, position: 6n },
    ]);
  });

  test('two changed places in the chain', async () => {
    await fiveSealed();
    for (const [from, to] of [
      [2, 99],
      [4, 2],
      [99, 4],
    ])
      await house.sql('update audit_chain_seals set position = $2 where chain = $3 and position = $1', [
        from,
        to,
        acme,
      ]);
    expect((await trail.verify(100)).findings).toMatchObject([
      { finding: 'reordered', chain: acme, position: 2n, otherPosition: 4n },
      { finding: 'reordered', chain: acme, position: 4n, otherPosition: 2n },
    ]);
  });

  test('two changed their times', async () => {
    const [, second, , fourth] = await fiveSealed();
    for (const [one, other] of [
      [second, fourth],
      [fourth, second],
    ])
      await house.sql('update audit_events set at = $2 where id = $1', [one?.event_id, other?.event_at]);
    expect((await trail.verify(100)).findings).toMatchObject([
      { finding: 'reordered', position: 2n, eventId: second?.event_id, otherPosition: 4n },
      { finding: 'reordered', position: 4n, eventId: fourth?.event_id, otherPosition: 2n },
    ]);
  });

  test('a seal was deleted, and its event with it or not', async () => {
    const [, , third] = await fiveSealed();
    await house.sql('delete from audit_chain_seals where event_id = $1', [third?.event_id]);
    const gone = { finding: 'seal_gone', chain: acme, position: 3n };
    expect((await trail.verify(100)).findings).toMatchObject([
      gone,
      { finding: 'event_never_sealed', chain: acme, eventId: third?.event_id },
    ]);
    await house.sql('delete from audit_events where id = $1', [third?.event_id]);
    expect((await trail.verify(100)).findings).toEqual([gone]);
    await house.sql(
      'update audit_chain_seals set position = position - 1 where chain = $1 and position > 3',
      [acme],
    );
    expect((await trail.verify(100)).findings[0]).toMatchObject({
      finding: 'event_or_seal_changed',
      position: 3n,
    });
  });

  test('an event was given to another company, with its seal', async () => {
    const [, , , , last] = await fiveSealed();
    await house.sql('update audit_events set company_id = $2 where id = $1', [last?.event_id, zeta]);
    await house.sql('update audit_chain_seals set chain = $2, position = 6 where event_id = $1', [
      last?.event_id,
      zeta,
    ]);
    expect((await trail.verify(100)).findings).toMatchObject([
      { finding: 'event_or_seal_changed', chain: zeta, position: 6n, eventId: last?.event_id },
    ]);
  });

  test('the end was cut off: it shows against a head that was kept elsewhere', async () => {
    const kept = (
      await trail
        .verify(100)
        .then(() => fiveSealed())
        .then(() => trail.verify(100))
    ).heads;
    await house.sql(
      'delete from audit_events where id in (select event_id from audit_chain_seals where position > 3)',
    );
    await house.sql('delete from audit_chain_seals where position > 3');
    expect(await trail.verify(100)).toMatchObject({ findings: [] });
    const { findings } = await trail.verify(100, { keptHeads: kept });
    expect(findings.map(({ finding, position }) => [finding, position])).toEqual(
      [1, 2, 3].map(() => ['cut_off', 5n]),
    );
    for (let n = 6; n < 9; n += 1) await trail.record(n, acme); // and it grew again
    await trail.seal(200);
    const again = await trail.verify(200, { keptHeads: kept.filter(({ chain }) => chain === acme) });
    expect(again.findings).toEqual([{ finding: 'head_changed', chain: acme, position: 5n }]);
  });

  test('a seal by a key that nobody knows is no seal', async () => {
    await fiveSealed();
    const unknown = await trail.verify(100, { keys: [sealingKeys.second], chain: acme });
    const { keyId } = sealingKeys.first;
    expect(unknown.findings).toMatchObject([{ finding: 'key_unknown', position: 1n, keyId }]);
    const forged = { keyId, key: sealingKeys.second.key };
    expect((await trail.verify(100, { keys: [forged], chain: acme })).findings[0]).toMatchObject({
      finding: 'event_or_seal_changed',
      position: 1n,
    });
  });
});
