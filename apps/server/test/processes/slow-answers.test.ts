import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished } from 'vitest';
import { openDatabaseProxy } from '../support/database-proxy.ts';
import { asAdmin, dropDatabase, makeDatabase } from '../support/databases.ts';
import { publicOrigin, startCloud, until } from '../support/processes.ts';
import { revokeAll, verify } from '../support/three-replicas.ts';
import { environmentOf, test } from '../support/world.ts';

describe('an answer that took long', () => {
  test('is not yes when the session was revoked while it was being found', async ({ standIns }) => {
    const database = await makeDatabase();
    onTestFinished(() => dropDatabase(database));
    const proxy = await openDatabaseProxy();
    const cloud = await startCloud({
      ...environmentOf(standIns, publicOrigin, ''),
      DATABASE_URL: proxy.urlOf(database),
    });
    standIns.google.signsInAs('ada');
    const browser = cloud.newBrowser();
    await browser.signIn('google');
    await until(async () => (await verify(browser)) === 200);
    const outcome = await asAdmin(database, async (client) => {
      // Who is there is known; what they may has to be read, behind a lock such as a migration takes.
      await client.query(
        `update gatehouse.members set role = 'user'; update gatehouse.members set role = 'admin'`,
      );
      await sleep(300); // until what was known is forgotten
      await client.query('begin');
      await client.query('lock table gatehouse.members in access exclusive mode');
      const asked = verify(browser);
      await sleep(100);
      await revokeAll(database);
      await sleep(2_000);
      await client.query('commit');
      return await asked;
    });
    expect([401, 503]).toContain(outcome);
    expect(await verify(browser)).toBe(401);
  });

  test('is not yes when it was known too late who is there', async ({ standIns }) => {
    const database = await makeDatabase();
    onTestFinished(() => dropDatabase(database));
    const proxy = await openDatabaseProxy();
    const cloud = await startCloud({
      ...environmentOf(standIns, publicOrigin, ''),
      DATABASE_URL: proxy.urlOf(database),
    });
    standIns.google.signsInAs('ada');
    const browser = cloud.newBrowser();
    await browser.signIn('google');
    await until(async () => (await verify(browser)) === 200);
    const outcome = await asAdmin(database, async (client) => {
      await client.query(`update gatehouse.sessions set expires_at = expires_at + interval '1 s'`);
      await sleep(300); // until what was known is forgotten
      await client.query('begin');
      await client.query('lock table gatehouse.sessions in access exclusive mode');
      const asked = verify(browser);
      await sleep(1_500);
      await client.query(`update gatehouse.sessions set ended_at = now(), ended_because = 'revoked'`);
      await client.query('commit');
      return await asked;
    });
    expect([401, 503]).toContain(outcome);
    expect(await verify(browser)).toBe(401);
  });
});
