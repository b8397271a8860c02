import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cloudMigrations } from '../db/migrations/lists.ts';
import { guardedTables } from '../db/guarded-tables.ts';
import { AppError } from '../kernel/errors.ts';
import { Secret } from '../kernel/secret.ts';
import { addressChecks } from './addresses.ts';
import type { AddressFacts } from './addresses.ts';
import { bufferChecks } from './buffers.ts';
import { certificateCheck } from './certificate.ts';
import { openGroup } from './check.ts';
import { clientCheck } from './client-shape.ts';
import { databaseTrouble } from './database-trouble.ts';
import { examine } from './examine.ts';
import { firstAdminCheck } from './first-admin.ts';
import type { FirstAdmin } from './first-admin.ts';
import { isWell, toText } from './report.ts';
import { secretCheck } from './secrets.ts';
import { unreached } from './unreached.ts';

const group = openGroup('any');

describe('who may become the first administrator', () => {
  const gate = new URL('https://gate.acme.example');
  const here = new URL('http://localhost:3000');
  const named = { slug: 'acme', isAddressGiven: true };
  const open = { slug: 'acme', isAddressGiven: false };
  const rows: readonly (readonly [string, FirstAdmin, string])[] = [
    [
      'on a public address anybody, until somebody is',
      { publicOrigin: gate, company: open, claimed: false },
      'failed',
    ],
    [
      'on a public address perhaps anybody',
      { publicOrigin: gate, company: open, claimed: 'unknown' },
      'failed',
    ],
    ['nobody any more', { publicOrigin: gate, company: open, claimed: true }, 'ok'],
    ['the one that is named', { publicOrigin: gate, company: named, claimed: false }, 'ok'],
    ['whoever is at this machine', { publicOrigin: here, company: open, claimed: false }, 'ok'],
    ['nobody, where companies are set up elsewhere', { publicOrigin: gate, claimed: 'unknown' }, 'skipped'],
  ];
  test.each(rows)('%s', (_, facts, status) => {
    expect(firstAdminCheck(facts)).toMatchObject({ status, name: 'CLOUDGRID_AUTH_BOOTSTRAP_EMAIL' });
  });
});

describe('addresses', () => {
  const facts: AddressFacts = {
    publicOrigin: new URL('https://gate.acme.example'),
    appBaseUrl: new URL('https://gate.acme.example'),
    publicUrl: new URL('https://gate.acme.example'),
    bind: { host: '0.0.0.0', port: 3000 },
    trustedProxies: [],
    cookieNames: ['__Host-gatehouse'],
    redirects: [{ provider: 'google', redirectUri: new URL('https://gate.acme.example/auth/callback') }],
  };
  const look = (changes: Partial<AddressFacts>, name: string) =>
    addressChecks({ ...facts, ...changes }).find((check) => check.name === name);

  test('behind TLS a proxy that nobody is told of is warned of, with the variable', () => {
    expect(look({}, 'proxy in front')).toMatchObject({ status: 'warning' });
    expect(look({}, 'proxy in front')?.mend).toMatch(/^TRUSTED_PROXIES=.*CLOUDGRID_BFF_HOST=127\.0\.0\.1/);
    const onLoopback = look({ bind: { host: 'localhost', port: 3000 } }, 'proxy in front');
    expect(onLoopback).toMatchObject({ status: 'warning', mend: 'TRUSTED_PROXIES=127.0.0.1' });
    const believed = look({ trustedProxies: ['10.0.0.0/8'] }, 'proxy in front');
    expect(believed).toMatchObject({ status: 'ok', found: 'believed at 10.0.0.0/8' });
    const plain = { publicOrigin: new URL('http://localhost:3000'), cookieNames: ['gatehouse'] };
    expect(look(plain, 'proxy in front')).toMatchObject({ status: 'ok' });
  });

  test('cookies fit the scheme of the public address', () => {
    expect(look({}, 'cookies')).toMatchObject({ status: 'ok' });
    expect(look({}, 'cookies')?.found).toMatch(/^__Host-gatehouse: Secure, /);
    expect(look({ cookieNames: ['gatehouse'] }, 'cookies')).toMatchObject({ status: 'failed' });
    const plain = look(
      { publicOrigin: new URL('http://localhost:3000'), cookieNames: ['gatehouse'] },
      'cookies',
    );
    expect(plain).toMatchObject({ status: 'ok', found: 'gatehouse: HttpOnly, SameSite=Lax' });
  });

  test('the redirect URI can be copied as it is used', () => {
    const found = look({}, 'redirect URI, google')?.found;
    expect(found?.split(' ')[0]).toBe('https://gate.acme.example/auth/callback');
  });
});

describe('what can be said of a client without sending its secret', () => {
  const directory = '11111111-2222-4333-8444-555555555555';
  const guid = '99999999-2222-4333-8444-555555555555';
  const issuer = `https://login.microsoftonline.com/${directory}/v2.0`;
  const rows = [
    ['azure', issuer, guid, 'Hx8~value', 'skipped', undefined],
    ['azure', issuer, 'my-app', 'Hx8~value', 'warning', 'CLOUDGRID_AUTH_X_CLIENT_ID'],
    ['azure', issuer, directory, 'Hx8~value', 'warning', 'Directory'],
    ['azure', issuer, guid, guid, 'warning', 'Secret ID'],
    ['google', 'https://accounts.google.com', '1.apps.googleusercontent.com', 's', 'skipped', undefined],
    ['google', 'https://accounts.google.com', 'gate', 's', 'warning', '.apps.googleusercontent.com'],
    ['google', 'https://id.acme.example', 'gate', 's', 'skipped', undefined],
  ] as const;
  test.for(rows)('%s at %s, id %s, secret %s: %s', ([name, at, clientId, text, status, mend]) => {
    const variables = { client: 'CLOUDGRID_AUTH_X' };
    const clientSecret = new Secret(text);
    const check = clientCheck(group, { name, issuer: at, clientId, clientSecret, variables });
    expect(check.status).toBe(status);
    if (mend !== undefined) expect(check.mend).toContain(mend);
  });
});

describe('X-24 the end of a certificate', () => {
  const now = new Date('2026-03-01T00:00:00Z');
  const look = (endsAt: string | undefined) =>
    certificateCheck(group, new URL('https://id.acme.example'), {
      endsAt: endsAt === undefined ? undefined : new Date(endsAt),
      now,
    });

  test('is told of fourteen days before', () => {
    expect(look('2026-03-15T00:00:00Z').status).toBe('ok');
    expect(look('2026-03-14T23:59:59Z')).toMatchObject({
      status: 'warning',
      found: 'that of id.acme.example ends in 13 days (2026-03-14)',
    });
    expect(look(undefined).status).toBe('skipped');
  });
});

describe('secrets', () => {
  test('are counted and measured, never shown', () => {
    const drawn = ['bNp3zqK8vX0rT5yW2mLs9cGf7hJd4aQe', 'Zk1uRt6xPw3nVb8mYc5sHg0jLd2fQa7e'];
    const secrets = drawn.map((text) => new Secret(text));
    const check = secretCheck({ variable: 'X', secrets });
    expect(check).toMatchObject({ status: 'ok' });
    expect(check.found).toMatch(/^2, of which the first .*32 characters, 32 characters$/);
    const typed = secretCheck({ variable: 'X', secrets: [new Secret('abc'.repeat(20))] });
    expect(typed).toMatchObject({ status: 'warning' });
    for (const text of [...drawn, 'abcabc']) expect(JSON.stringify([check, typed])).not.toContain(text);
  });
});

describe('a failure is put into words', () => {
  test('of the database, with the variable and without its address', () => {
    const asked = { where: 'gate at db:5432', variable: 'DATABASE_URL' } as const;
    const refused = databaseTrouble(Object.assign(new Error('for user "x"'), { code: '28P01' }), asked);
    expect(refused).toMatchObject({ found: 'gate at db:5432: refuses the login (28P01)' });
    expect(refused.mend).toMatch(/^DATABASE_URL: /);
    const nested = new AggregateError([Object.assign(new Error('no'), { code: 'ECONNREFUSED' })]);
    expect(databaseTrouble(nested, asked).found).toBe('gate at db:5432: no connection (ECONNREFUSED)');
    const late = databaseTrouble(new Error('timeout exceeded when trying to connect'), asked);
    expect(late.found).toBe('gate at db:5432: no answer within 5 s');
  });

  test('of a provider, with the system’s own word for it', () => {
    const cause = new TypeError('fetch failed', {
      cause: Object.assign(new Error('expired'), { code: 'CERT_HAS_EXPIRED' }),
    });
    const error = new AppError('provider_unavailable', { finding: 'tls', host: 'id.example' }, { cause });
    const trouble = unreached(error, { why: 'So.', variable: 'X_ISSUER' });
    expect(trouble.found).toBe('id.example: its certificate is not accepted (CERT_HAS_EXPIRED)');
    expect(() => unreached(new Error('a bug'), { why: 'So.', variable: 'X' })).toThrow('a bug');
  });
});

describe('the report', () => {
  const checks = [
    group.ok('first', 'fine'),
    group.warning('the second', { found: 'half', why: 'It matters.', mend: 'SOME_VARIABLE=1' }),
    openGroup('other').skipped('third', 'not asked'),
  ];

  test('is aligned by group, with reason and remedy below', () => {
    expect(toText(checks, (_, text) => text)).toBe(
      [
        'any',
        '  ok       first       fine',
        '  warning  the second  half',
        '                       It matters.',
        '                       Mend: SOME_VARIABLE=1',
        '',
        'other',
        '  skipped  third       not asked',
        '',
        '1 ok, 1 warning, 0 failed, 1 skipped',
        '',
      ].join('\n'),
    );
  });

  test('is well without failures', () => {
    expect(isWell(checks)).toBe(true);
    expect(isWell([...checks, group.failed('x', { found: '', why: '', mend: '' })])).toBe(false);
  });

  test('has what other parts found when one breaks, in their order', async () => {
    const broken = { group: 'broken', look: () => Promise.reject(new Error('a bug')) };
    const well = { group: 'any', look: () => Promise.resolve(checks) };
    const found = await examine([broken, well]);
    expect(found.map(({ name, status }) => [name, status])).toEqual([
      ['looked at', 'failed'],
      ...checks.map(({ name, status }) => [name, status]),
    ]);
  });
});

test.each(['docs/guides/running.md', 'ops/nginx/gatehouse.conf'])(
  'nginx is told what %s tells it',
  (file) => {
    const guide = readFileSync(new URL(`../../../../${file}`, import.meta.url), 'utf8');
    const told = bufferChecks(65_536, 65_536).map(({ found }) => found.split('nginx: ')[1] ?? '');
    const directives = told.flatMap((text) => text.split('; ')).map((text) => text.replace(/;?$/, ';'));
    expect(directives.filter((directive) => !guide.includes(directive))).toEqual([]);
    expect(directives).toHaveLength(4);
  },
);

test('the tables to be guarded are those that the migrations guard', () => {
  expect(guardedTables(cloudMigrations)).toEqual(
    expect.arrayContaining(['companies', 'members', 'projects', 'invitations', 'users', 'audit_events']),
  );
  expect(guardedTables({ one: 'create table free (id int)' })).toEqual([]);
});
