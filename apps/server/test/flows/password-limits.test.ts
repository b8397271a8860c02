import { afterAll, expect, test } from 'vitest';
import { openLimitStore } from '../../src/db/limit-store.ts';
import { openPasswordLimits } from '../../src/http/limits/password-limits.ts';
import type { Alarm } from '../../src/http/limits/password-limits.ts';
import { connectionTo } from '../support/databases.ts';
import { houseOfThisFile } from '../support/house.ts';

const house = await houseOfThisFile();
const store = openLimitStore({ connection: connectionTo(house.database), onFailure: () => undefined });
afterAll(() => store.close());
const hideSender = (name: string) => name;
const limits = openPasswordLimits({ store, hideSender });
/** Another replica. */
const others = openPasswordLimits({ store, hideSender });

let accounts = 0;
async function guessFrom(address: string, by = limits): Promise<Alarm | undefined> {
  accounts += 1;
  const counted = await by.beginTry({ address, account: `account ${String(accounts)}` });
  return await counted.failed();
}

test('F-05 F-06 one password for many accounts ends after a hundred from one network, and is told once', async () => {
  const alarms = [];
  for (let guess = 0; guess < 100; guess += 1)
    alarms.push(await guessFrom(`2001:db8:1:2::${guess.toString(16)}`, guess % 2 === 0 ? limits : others));
  expect(alarms.filter((alarm) => alarm !== undefined)).toEqual(['many_failures_of_sender']);
  for (const by of [limits, others]) {
    await expect(guessFrom('2001:db8:1:2:ffff::1', by)).rejects.toMatchObject({
      code: 'rate_limited',
      context: { finding: 'password_sender' },
    });
  }
  const known = { address: '2001:db8:1:2::5', account: 'ada', knownBrowser: 'hers' };
  const hers = await limits.beginTry(known);
  await expect(hers.failed(), 'her own typing error').resolves.toBeUndefined();
  await expect(guessFrom('2001:db8:1:3::1'), 'another network').resolves.toBeUndefined();
});

test('F-05 of any number at once no more are judged than a hundred; right ones and those of a full account count for nothing', async () => {
  const address = '198.51.100.7';
  for (let place = 0; place < 9; place += 1) await limits.beginTry({ address, account: 'full' });
  for (let place = 0; place < 3; place += 1)
    await expect(limits.beginTry({ address, account: 'full' })).rejects.toMatchObject({
      context: { finding: 'password_account' },
    });
  for (let place = 0; place < 3; place += 1)
    await (await limits.beginTry({ address, account: `right ${String(place)}` })).succeeded();
  const tries = await Promise.allSettled(
    Array.from({ length: 120 }, (_, place) =>
      (place % 2 === 0 ? limits : others).beginTry({ address, account: `spray ${String(place)}` }),
    ),
  );
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(100 - 9);
});

test('F-05 from everywhere it is told, and shuts out nobody', async () => {
  await house.sql(
    `insert into rate_limits (key, points, expire) values ('password_all:everybody', 999, $1)
    on conflict (key) do update set points = 999`,
    [String(Date.now() + 60_000)],
  );
  expect(await guessFrom('192.0.2.1')).toBe('many_failures');
  expect(await guessFrom('192.0.2.2')).toBeUndefined();
});

test('F-04 nine wrong ones for one account, whatever network they come from; right ones count for nothing', async () => {
  for (let right = 0; right < 12; right += 1) {
    const counted = await limits.beginTry({ address: '192.0.2.9', account: 'grace' });
    expect(counted.before).toBe(0);
    await counted.succeeded();
  }
  const tries = await Promise.allSettled(
    Array.from({ length: 20 }, (_, place) =>
      (place % 2 === 0 ? limits : others).beginTry({
        address: `192.0.2.${String(20 + place)}`,
        account: 'grace',
      }),
    ),
  );
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(9);
  const known = { address: '192.0.2.9', account: 'grace', knownBrowser: 'hers' };
  await expect(limits.beginTry(known), 'in a browser that is hers').resolves.toMatchObject({ before: 0 });
});

test('F-08 where nothing can be counted, nothing is tried', async () => {
  const gone = openPasswordLimits({ store: { query: () => Promise.reject(new Error('gone')) }, hideSender });
  await expect(guessFrom('192.0.2.1', gone)).rejects.toMatchObject({ code: 'storage_unavailable' });
});
