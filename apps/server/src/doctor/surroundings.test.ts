import { describe, expect, test } from 'vitest';
import { aroundChecks } from './around.ts';
import { openGroup } from './check.ts';
import { portChecks } from './ports.ts';
import { signingKeyCheck } from './signing-keys.ts';

describe('what else is there', () => {
  test('a port that is taken is told by its variable, a free one is not asked for', async () => {
    const asked: string[] = [];
    const connects = (host: string, port: number) => {
      asked.push(`${host}:${String(port)}`);
      return Promise.resolve(port === 3000);
    };
    const checks = await portChecks(
      '0.0.0.0',
      { CLOUDGRID_BFF_PORT: 3000, METRICS_PORT: 9090, X: 0 },
      connects,
    );
    expect(checks.map(({ name, status }) => [name, status])).toEqual([
      ['CLOUDGRID_BFF_PORT', 'warning'],
      ['METRICS_PORT', 'ok'],
    ]);
    expect(asked).toEqual(['127.0.0.1:3000', '127.0.0.1:9090']);
  });

  test('a file of places that is none is told, and a mail server that does not take us in', async () => {
    const openPlaces = () => Promise.reject(new Error('it is no MaxMind database'));
    const greetMailServer = () => Promise.reject(new Error('Greeting never received'));
    const connects = () => Promise.resolve(true);
    const [mail, places] = await aroundChecks({ openPlaces, greetMailServer }, connects);
    expect(mail).toMatchObject({
      status: 'failed',
      found: 'the mail server does not take us in: Greeting never received',
    });
    expect(places).toMatchObject({ status: 'warning', found: 'is of no use: it is no MaxMind database' });
    const [taken] = await aroundChecks({ greetMailServer: () => Promise.resolve() }, connects);
    expect(taken).toMatchObject({ status: 'ok' });
    const [none] = await aroundChecks({}, connects);
    expect(none).toEqual(
      openGroup('surroundings').skipped('mail', 'none is sent: no mail server is configured'),
    );
    const openBreached = () => Promise.reject(new Error('it is empty'));
    const [, breached] = await aroundChecks({ openBreached }, connects);
    expect(breached).toMatchObject({ status: 'failed', found: 'is of no use: it is empty' });
  });

  test.each([
    [[], 'ok'],
    [['first', 'older'], 'ok'],
    [['first', 'unreadable'], 'warning'],
    [['unreadable', 'unreadable'], 'failed'],
  ] as const)('signing keys sealed under %j: %s', (sealed, status) => {
    expect(signingKeyCheck(sealed.map((sealedUnder) => ({ sealedUnder })))).toMatchObject({ status });
  });
});
