import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { sessionsOf, signInFrom } from '../support/own-sessions.ts';
import { signInAs } from '../support/people.ts';
import { writePlacesFile } from '../support/places-file.ts';
import { test } from '../support/world.ts';

describe('places', () => {
  async function filesFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-places-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    return folder;
  }

  test('are told roughly, where the operator has a database of them', async ({ w }) => {
    const file = join(await filesFolder(), 'places.mmdb');
    const zurich = { city: { names: { en: 'Zürich' } }, country: { names: { en: 'Switzerland' } } };
    await writePlacesFile(file, [
      { network: '203.0.113.0/24', record: zurich },
      { network: '2001:db8:47::/48', record: { country: { names: { en: 'Norway' } } } },
    ]);
    await w.start({ GEOIP_FILE: file, TRUSTED_PROXIES: '127.0.0.1' });
    for (const address of ['203.0.113.9', '2001:db8:47::9', '198.51.100.1'])
      await signInFrom(w, { 'x-forwarded-for': address });
    const items = await sessionsOf(await signInFrom(w, {}));
    expect(Object.fromEntries(items.map(({ address = '', place }) => [address, place]))).toEqual({
      '203.0.113.9': 'near Zürich, Switzerland',
      '2001:db8:47::9': 'Norway',
      '198.51.100.1': undefined,
      '127.0.0.1': undefined,
    });
  });

  test('missing, because the file is none, cost one warning and not the list', async ({ w }) => {
    const file = join(await filesFolder(), 'places.mmdb');
    await writeFile(file, 'These are not the places that you look for.');
    await w.start({ GEOIP_FILE: file });
    const browser = await signInAs(w, 'google', 'ada');
    for (let time = 0; time < 2; time += 1) expect(await sessionsOf(browser)).toHaveLength(1);
    expect(w.logLines.filter((line) => line.includes('GEOIP_FILE'))).toHaveLength(1);
  });
});
