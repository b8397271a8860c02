import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { asAdmin, databaseUrl, dropDatabase, makeDatabase } from '../support/databases.ts';
import { publicOrigin, startCloud, until } from '../support/processes.ts';
import { revokeAll, verify } from '../support/three-replicas.ts';
import { environmentOf, test } from '../support/world.ts';

test('a session that is revoked while it takes long to read what it may do is not let in afterwards', async ({
  standIns,
}) => {
  const database = await makeDatabase();
  onTestFinished(() => dropDatabase(database));
  const env = environmentOf(standIns, publicOrigin, '');
  const cloud = await startCloud({ ...env, DATABASE_URL: databaseUrl(database) });
  standIns.google.signsInAs('ada');
  const browser = cloud.newBrowser();
  await browser.signIn('google');
  await until(async () => (await verify(browser)) === 200);
  const outcome = await asAdmin(database, async (client) => {
    await client.query(
      `update gatehouse.members set role = 'user'; update gatehouse.members set role = 'admin'`,
    );
    await sleep(300); // until what was known is forgotten
    await client.query('begin');
    // As a migration does.
    await client.query('lock table gatehouse.members in access exclusive mode');
    const asked = verify(browser);
    await sleep(200);
    await revokeAll(database);
    await sleep(1_500);
    await client.query('commit');
    return await asked;
  });
  expect([401, 503]).toContain(outcome);
  expect(await verify(browser)).toBe(401);
});
