import { describe, expect, inject, onTestFinished } from 'vitest';
import { canary } from '../../src/config/samples/environments.ts';
import { openDatabaseProxy } from '../support/database-proxy.ts';
import { asAdmin, databaseUrl } from '../support/databases.ts';
import { deployment, doctor, drawn } from '../support/doctor.ts';
import { startCloud, until } from '../support/processes.ts';
import { test } from '../support/world.ts';

describe('the database', () => {
  test('that is away, refuses or falls silent is told in time, without its password', async ({
    standIns,
  }) => {
    const { env, database } = await deployment(standIns);
    const proxy = await openDatabaseProxy();
    proxy.fallSilent();
    const wrong = new URL(databaseUrl(database));
    wrong.password = `${canary}-wrong`;
    const rows: readonly (readonly [string, RegExp])[] = [
      [
        `postgres://gate:${canary}@127.0.0.1:1/gate`,
        /^gate at 127\.0\.0\.1:1: no connection \(ECONNREFUSED\)$/,
      ],
      [wrong.href, /refuses the login \(28P01\)$/],
      [databaseUrl('nowhere_to_be_found'), /has no such database \(3D000\)$/],
      [proxy.urlOf(database), /no answer within 5 s$/],
      [`postgres://gate:12/${canary}@127.0.0.1:1/gate`, /^the database: /],
    ];
    const startedAt = performance.now();
    const told = await Promise.all(rows.map(([url]) => doctor({ ...env, DATABASE_URL: url })));
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    for (const [index, { code, out, find }] of told.entries()) {
      expect(code).toBe(1);
      expect(find('database', 'reached')).toMatchObject({ status: 'failed' });
      expect(find('database', 'reached')?.found).toMatch(rows[index]?.[1] ?? /never/);
      expect(find('google', 'metadata'), 'the rest is looked at all the same').toMatchObject({
        status: 'ok',
      });
      expect(out).not.toContain(canary);
      expect(out).not.toContain(inject('postgres').password);
    }
  }, 40_000);

  test('whose keys another SECRETS_KEY sealed fails the check, and the start says so once', async ({
    standIns,
  }) => {
    const { env, database } = await deployment(standIns);
    const right = await startCloud(env);
    const made = () =>
      asAdmin(database, (client) => client.query('select from gatehouse.signing_keys')).then(
        ({ rowCount }) => rowCount === 1,
      );
    await until(made);
    expect((await doctor(env)).find('secrets', 'signing keys')).toMatchObject({ status: 'ok' });
    right.signal('SIGTERM');
    await right.end;
    const other = { ...env, SECRETS_KEY: Buffer.alloc(32, 'another key').toString('base64') };
    const told = await doctor(other);
    expect(told).toMatchObject({ code: 1, inTrouble: ['secrets: signing keys'] });
    expect(told.find('secrets', 'signing keys')?.mend).toContain('rotate --now');
    const wrong = await startCloud(other);
    await until(() => wrong.said.out.includes('nothing can be signed'));
    wrong.signal('SIGTERM');
    await wrong.end;
  }, 60_000);

  test('that keeps one table open, or lets the login read without a scope, has failed until it is mended', async ({
    standIns,
  }) => {
    const { env, database } = await deployment(standIns);
    const { user } = inject('postgres');
    const sql = (text: string) => asAdmin(database, (client) => client.query(text));
    await sql('alter table gatehouse.projects no force row level security');
    const open = await doctor(env);
    expect(open).toMatchObject({ code: 1, ok: false, inTrouble: ['database: row-level security'] });
    expect(open.find('database', 'row-level security')?.found).toBe('not forced on projects');
    await sql(open.find('database', 'row-level security')?.mend?.split(';')[0] ?? '');
    await sql('alter table gatehouse.members disable row level security');
    expect((await doctor(env)).inTrouble).toEqual(['database: row-level security']);
    await sql('alter table gatehouse.members enable row level security');

    await sql(`grant usage on schema gatehouse to ${user}; grant select on gatehouse.members to ${user}`);
    const unscoped = await doctor(env);
    expect(unscoped).toMatchObject({ code: 1, inTrouble: ['database: without a scope'] });
    await sql(unscoped.find('database', 'without a scope')?.mend?.split(';')[0] ?? '');
    expect((await doctor(env)).inTrouble).toEqual([]);
  }, 60_000);

  test('that is entered as a superuser, or by a login without the scopes, is told with the remedy', async ({
    standIns,
  }) => {
    const { env, database } = await deployment(standIns);
    const { adminUser, adminPassword } = inject('postgres');
    const login = `stranger_${String(process.pid)}`;
    await asAdmin(database, (client) => client.query(`create role ${login} login password '${drawn}'`));
    onTestFinished(async () => {
      await asAdmin(database, (client) => client.query(`drop role ${login}`));
    });
    const as = (name: string, password: string) => {
      const url = databaseUrl(database).replace(/\/\/[^@]+@/, `//${name}:${encodeURIComponent(password)}@`);
      return doctor({ ...env, DATABASE_URL: url });
    };
    const superuser = await as(adminUser, adminPassword);
    expect(superuser).toMatchObject({ code: 0, inTrouble: ['database: login'] });
    expect(superuser.find('database', 'without a scope')).toMatchObject({ status: 'skipped' });
    expect(superuser.out).not.toContain(adminPassword);

    const stranger = await as(login, drawn);
    expect(stranger).toMatchObject({ code: 1, inTrouble: ['database: roles', 'database: migrating'] });
    const grant = stranger.find('database', 'roles')?.mend ?? '';
    await asAdmin(database, (client) => client.query(grant));
    expect((await as(login, drawn)).inTrouble).toEqual([]);
  }, 60_000);
});
