import { expect, onTestFinished } from 'vitest';
import { asAdmin, dropDatabase, makeDatabase } from '../support/databases.ts';
import { accessTokenIn, beginMicrosoft, microsoftEnvironment } from '../support/microsoft.ts';
import { publicOrigin } from '../support/processes.ts';
import { loseRefresh, refreshInTab, startStormyReplicas, stormyBrowser } from '../support/refresh-storm.ts';
import type { StormyReplicas } from '../support/refresh-storm.ts';
import { refresh, refreshCookieOf } from '../support/tokens.ts';
import { environmentOf, test } from '../support/world.ts';
import type { StandIns } from '../support/world.ts';
import type { Browser } from '../support/browser.ts';

const tabs = 12;

async function rowsOf(database: string, text: string): Promise<number> {
  const { rows } = await asAdmin(database, (client) =>
    client.query<{ n: number }>(`select count(*)::int as n from gatehouse.${text}`),
  );
  return rows[0]?.n ?? NaN;
}

/** As if the browser had slept: long enough for a token to be replaced, and for none to be forgiven. */
async function elevenSecondsPass(database: string): Promise<void> {
  await asAdmin(database, (client) =>
    client.query(`update gatehouse.refresh_tokens set created_at = created_at - interval '11 seconds',
      rotated_at = rotated_at - interval '11 seconds'`),
  );
}

async function arrive(standIns: StandIns, replicas: StormyReplicas): Promise<Browser> {
  standIns.entra.signsInAs('ada');
  const browser = stormyBrowser(replicas);
  accessTokenIn(await (await beginMicrosoft(browser)).callback());
  return browser;
}

/** All tabs at once; every fourth loses its answer and asks again. Which statuses they end with, and which tokens. */
async function beat(browser: Browser, replicas: StormyReplicas): Promise<number[]> {
  const refreshing = Array.from({ length: tabs }, async (_, tab) => {
    if (tab % 4 === 0) await loseRefresh(browser, replicas);
    return (await refreshInTab(browser)).status;
  });
  return [...new Set(await Promise.all(refreshing))];
}

type Stormy = { readonly browser: Browser; readonly replicas: StormyReplicas; readonly database: string };

/** Nobody has asked for eleven seconds; then all tabs do, while the replica in this place is killed. */
async function rotateInStorm({ browser, replicas, database }: Stormy, killed?: number): Promise<void> {
  await elevenSecondsPass(database);
  const before = refreshCookieOf(browser);
  const refreshing = beat(browser, replicas);
  if (killed !== undefined) await replicas.kill(killed);
  expect(await refreshing, `killed: ${String(killed)}`).toEqual([200]);
  expect(refreshCookieOf(browser)).not.toBe(before);
  const family = `refresh_tokens where rotated_at is null and session_id =
    (select session_id from gatehouse.refresh_tokens order by created_at limit 1)`;
  expect(await rowsOf(database, family), 'tokens to go on with').toBe(1);
}

test('X-08 T-11 tabs that refresh at once, at replicas that are killed, by answers that get lost: nobody is signed out, and no family forks', async ({
  standIns,
}) => {
  const database = await makeDatabase();
  onTestFinished(() => dropDatabase(database));
  const env = { ...environmentOf(standIns, publicOrigin, database), ...microsoftEnvironment(standIns.entra) };
  const replicas = await startStormyReplicas(env);
  const browser = await arrive(standIns, replicas);
  const first = refreshCookieOf(browser);
  const stormy = { browser, replicas, database };

  expect(await beat(browser, replicas), 'young').toEqual([200]);
  expect(refreshCookieOf(browser)).toBe(first);
  await rotateInStorm(stormy);
  const held = standIns.entra.hold('token');
  const slow = replicas.at(0).newBrowser();
  const slowAnswer = (await beginMicrosoft(slow)).callback();
  await held.arrived;
  await rotateInStorm(stormy, 1);
  held.release();
  accessTokenIn(await slowAnswer);
  await replicas.replace(1);
  await rotateInStorm(stormy);
  await rotateInStorm(stormy, 2);

  expect(await rowsOf(database, 'refresh_tokens where rotated_at is not null')).toBe(4);
  expect((await refresh(slow)).status).toBe(200);
  expect(await rowsOf(database, 'sessions where ended_at is not null')).toBe(0);
  browser.cookies.set('refresh_token', first);
  expect(await refreshInTab(browser)).toBeProblem(401, 'refresh_reused');
  expect(await rowsOf(database, 'sessions where ended_at is null'), 'of the other sign-in').toBe(1);
}, 60_000);
