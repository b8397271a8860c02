import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, inject, onTestFinished } from 'vitest';
import { canary, smallDeployment } from '../../src/config/samples/environments.ts';
import { asAdmin, databaseUrl, dropDatabase } from '../support/databases.ts';
import { deployment, doctor, doctorScript, drawn } from '../support/doctor.ts';
import { embeddedFolders, postmastersBelow } from '../support/embedded-folders.ts';
import { publicOrigin, runToEnd, startCloud } from '../support/processes.ts';
import { test } from '../support/world.ts';

describe('a deployment that is well', () => {
  test('is told line by line, with the redirect URIs to copy, and without one secret', async ({
    standIns,
  }) => {
    const { env, database } = await deployment(standIns);
    const { code, ok, checks, err, inTrouble, find } = await doctor(env);
    expect({ code, ok, err, inTrouble }).toEqual({ code: 0, ok: true, err: '', inTrouble: [] });
    for (const provider of ['google', 'azure']) {
      expect(find(provider, 'metadata')?.status).toBe('ok');
      expect(find(provider, 'keys')?.found).toMatch(/^[1-9] usable/);
      expect(find(provider, 'clock')?.status).toBe('ok');
      expect(find(provider, 'client')).toMatchObject({ status: 'skipped' });
    }
    expect(find('github', 'api')).toMatchObject({ status: 'ok' });
    for (const provider of ['github', 'google', 'azure']) {
      const uri = find('addresses', `redirect URI, ${provider}`)?.found.split(' ')[0];
      expect(uri).toBe(`${publicOrigin.origin}/auth/callback`);
    }
    for (const name of [
      'reached',
      'version',
      'login',
      'clock',
      'sessions',
      'migrations',
      'roles',
      'row-level security',
    ])
      expect(find('database', name), name).toMatchObject({ status: 'ok' });
    expect(find('database', 'without a scope')?.found).toContain('is refused');
    expect(find('database', 'reached')?.found).toContain(`${database} at `);

    const plain = await runToEnd({ script: doctorScript, env });
    expect(plain).toMatchObject({ code: 0, err: '' });
    expect(plain.out).toContain(
      `${String(checks.filter(({ status }) => status === 'ok').length)} ok, 0 warnings, 0 failed`,
    );
    expect(plain.out, 'colours are for terminals').not.toContain('\u001b');
    const { google, github, entra } = standIns;
    const secrets = [
      drawn,
      env['SECRETS_KEY'],
      inject('postgres').password,
      ...[google, github, entra].map(({ clientSecret }) => clientSecret),
    ].map(String);
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(10);
      expect(plain.out + JSON.stringify(checks)).not.toContain(secret);
    }
    const asked = [google, github, entra].flatMap(({ journal }) => journal.entries());
    expect(asked.length).toBeGreaterThan(5);
    for (const { method, query, form, headers } of asked) {
      expect({ method, query: query.size, form: form.size }).toEqual({ method: 'GET', query: 0, form: 0 });
      expect(headers).not.toHaveProperty('authorization');
    }
  });

  test('is left as it was before its first start', async ({ standIns }) => {
    const { env } = await deployment(standIns);
    const database = `empty_${String(process.pid)}`;
    const { user } = inject('postgres');
    await asAdmin('postgres', (client) => client.query(`create database ${database} owner ${user}`));
    onTestFinished(() => dropDatabase(database));
    const { code, find } = await doctor({ ...env, DATABASE_URL: databaseUrl(database) });
    expect(code).toBe(0);
    expect(find('database', 'migrations')).toMatchObject({
      status: 'ok',
      found: expect.stringContaining('none yet') as string,
    });
    expect(find('database', 'migrating')).toMatchObject({ status: 'ok' });
    const away = { DATABASE_MIGRATION_URL: `postgres://gate:${canary}@127.0.0.1:1/gate` };
    const unable = await doctor({ ...env, DATABASE_URL: databaseUrl(database), ...away });
    expect(unable).toMatchObject({ code: 1, inTrouble: ['database: migrating'] });
    expect(unable.out).not.toContain(canary);
    const made = await asAdmin(database, (client) =>
      client.query("select from pg_namespace where nspname = 'gatehouse'"),
    );
    expect(made.rowCount).toBe(0);
  });
});

describe('what surrounds it', () => {
  test('a public address lets nobody be the first administrator by being quick', async ({ standIns }) => {
    const { env, database } = await deployment(standIns);
    // No name of this machine, yet nobody outside is asked.
    const callback = 'https://0.0.0.0:1/auth/callback';
    const callbacks = Object.keys(env).filter((name) => name.endsWith('_REDIRECT_URI'));
    const open = { ...env, ...Object.fromEntries(callbacks.map((name) => [name, callback])) };
    const rule = ['first administrator', 'CLOUDGRID_AUTH_BOOTSTRAP_EMAIL'] as const;
    const unnamed = await doctor(open);
    expect(unnamed).toMatchObject({
      code: 1,
      inTrouble: [rule.join(': '), 'addresses: proxy in front'],
    });
    expect(unnamed.find(...rule)?.mend).toContain('CLOUDGRID_AUTH_BOOTSTRAP_EMAIL=');
    expect(unnamed.find('addresses', 'cookies')?.found).toMatch(/^__Host-gatehouse, .*Secure/);
    const named = {
      ...open,
      CLOUDGRID_AUTH_BOOTSTRAP_EMAIL: 'ada@acme.example',
      TRUSTED_PROXIES: '127.0.0.1',
    };
    expect(await doctor(named)).toMatchObject({ code: 0, inTrouble: [] });

    const claim = `insert into companies (id, slug, name, status, created_at, first_admin_claimed_at)
        values ('01890000-0000-7000-8000-000000000001', 'acme', 'Acme', 'active', now(), now());
      insert into company_slugs values ('acme', '01890000-0000-7000-8000-000000000001')`;
    await asAdmin(database, (client) => client.query(`set search_path = gatehouse; ${claim}`));
    const claimed = await doctor(open);
    expect(claimed).toMatchObject({ code: 0 });
    expect(claimed.find(...rule)).toMatchObject({
      status: 'ok',
      found: 'acme has had its first administrator',
    });
  }, 40_000);

  test('the application behind it listens, or does not', async ({ standIns }) => {
    const { env } = await deployment(standIns);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    // A TCP server's address is no string.
    const { port } = server.address() as AddressInfo;
    const up = await doctor({ ...env, UPSTREAM_URL: `http://127.0.0.1:${String(port)}` });
    expect(up.find('surroundings', 'UPSTREAM_URL')).toMatchObject({ status: 'ok' });
    const down = await doctor({ ...env, UPSTREAM_URL: 'http://127.0.0.1:1' });
    expect(down).toMatchObject({ code: 1, inTrouble: ['surroundings: UPSTREAM_URL'] });
  });
});

describe('without a database of one’s own', () => {
  const folders = embeddedFolders();

  test('it makes nothing, looks at the database of a running server, and starts none after it', async () => {
    const dataDir = await folders.emptyFolder();
    onTestFinished(folders.clear);
    const env = { DATA_DIR: dataDir, CLOUDGRID_BFF_PORT: '0' };
    const before = await doctor(env);
    expect(before).toMatchObject({ code: 0, inTrouble: [] });
    expect(before.find('database', 'reached')?.found).toContain('the first start makes it');
    expect(await readdir(dataDir)).toEqual([]);

    const cloud = await startCloud(env);
    const beside = await doctor(env);
    expect(beside).toMatchObject({ code: 0, inTrouble: [] });
    expect(beside.find('database', 'migrations')).toMatchObject({ status: 'ok' });
    expect((await fetch(new URL('/readyz', cloud.address))).status).toBe(200);

    cloud.signal('SIGTERM');
    await cloud.end;
    const after = await doctor(env);
    expect(after).toMatchObject({ code: 0, inTrouble: [] });
    expect(after.find('database', 'reached')?.found).toContain('is looked at when a server runs');
    expect(await postmastersBelow(dataDir)).toEqual([]);
  }, 60_000);
});

describe('what is typed', () => {
  test('every mistake of the environment is a line, without its value', async () => {
    const env = {
      ...smallDeployment,
      CLOUDGRID_SESSION_SECRET: canary,
      CLOUDGRID_AUTH_GITHUB_CLIENT_IDD: canary,
      DATABASE_URL: `mysql://${canary}@db/${canary}`,
    };
    const { code, out, checks, inTrouble } = await doctor(env);
    expect(code).toBe(1);
    expect(inTrouble.map((line) => line.split(' ')[1])).toEqual(
      expect.arrayContaining([
        'CLOUDGRID_SESSION_SECRET',
        'CLOUDGRID_AUTH_GITHUB_CLIENT_IDD',
        'DATABASE_URL',
      ]),
    );
    expect(checks.every(({ why, mend }) => why !== undefined && mend !== undefined)).toBe(true);
    expect(out).not.toContain(canary);
    const plain = await runToEnd({ script: doctorScript, env });
    expect(plain).toMatchObject({ code: 1, err: '' });
    expect(plain.out).toContain('CLOUDGRID_SESSION_SECRET');
  });

  test('help is given when asked for, and wrong usage is told', async () => {
    const help = await runToEnd({ script: doctorScript, args: ['--help'], env: {} });
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toMatch(/^Usage: npm run doctor/);
    for (const args of [['--jsn'], ['now'], ['--json=yes']]) {
      const wrong = await runToEnd({ script: doctorScript, args, env: {} });
      expect(wrong, args.join()).toMatchObject({ code: 2, out: '' });
      expect(wrong.err).toMatch(/^Usage: npm run doctor/);
    }
  });
});
