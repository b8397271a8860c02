import { expect, onTestFinished } from 'vitest';
import { openBalancer } from '../support/balancer.ts';
import { openBrowser } from '../support/browser.ts';
import { openCrowd } from '../support/crowd.ts';
import { dropDatabase, makeDatabase } from '../support/databases.ts';
import { brokenInvariants } from '../support/invariants.ts';
import { publicOrigin, startCloud, until } from '../support/processes.ts';
import { environmentOf, test } from '../support/world.ts';

test('X-09 three machines restarted in turn under load: no request fails, and nobody is signed out', async ({
  standIns,
}) => {
  const database = await makeDatabase();
  onTestFinished(() => dropDatabase(database));
  const env = environmentOf(standIns, publicOrigin, database);
  const machines = await Promise.all([startCloud(env), startCloud(env), startCloud(env)]);
  const balancer = await openBalancer(machines.map(({ address }) => address));
  await until(() => balancer.healthy() === machines.length);
  const newBrowser = () => openBrowser({ publicOrigin, serverAddress: () => balancer.address });
  standIns.google.signsInAs('ada');
  const { callback } = await newBrowser().beginSignIn('google', { returnTo: '/desk' });
  const crowd = openCrowd(standIns, newBrowser);

  for (const [place, machine] of machines.entries()) {
    const before = crowd.cameIn();
    await until(() => crowd.cameIn() > before + 2);
    machine.signal('SIGTERM');
    expect(await machine.end).toEqual({ code: 0, signal: null });
    const { address } = await startCloud(env);
    balancer.moveTo(place, address);
    await until(() => balancer.healthy() === machines.length);
  }

  expect(await callback(), 'begun before the first restart').toRedirectTo('/desk');
  await crowd.goHome();
  expect(crowd.failures).toEqual([]);
  expect(crowd.cameIn()).toBeGreaterThan(9);
  expect(await brokenInvariants(database)).toEqual([]);
}, 90_000);
