import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { freePort, isListening } from './ports.ts';
import { until } from './processes.ts';
import { temporaryRoot } from './temporary-root.ts';

const places = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'];
const program = places.find((place) => existsSync(place));

export const isPgbouncerInstalled = program !== undefined;

export type Pooler = {
  /** As `DATABASE_URL` takes it. */
  urlOf(database: string): string;
};

/** A pgbouncer before the Postgres of this run, which lends its connections by the transaction. */
export async function startPgbouncer(poolSize: number): Promise<Pooler> {
  if (program === undefined) throw new Error('pgbouncer is not installed');
  const { socketDir, port: postgresPort, user, password } = inject('postgres');
  // It refuses to be root, and the socket admits the account of Postgres alone.
  const { uid, gid } = await stat(socketDir);
  const folder = await mkdtemp(join(await temporaryRoot(), 'gatehouse-pgbouncer-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  await writeFile(join(folder, 'users.txt'), `"${user}" "${password}"\n`);
  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'scram-sha-256',
    auth_file: join(folder, 'users.txt'),
    pool_mode: 'transaction',
    default_pool_size: poolSize,
    max_client_conn: 200,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const config = join(folder, 'pgbouncer.ini');
  const target = `* = host=${socketDir} port=${postgresPort}`;
  await writeFile(config, ['[databases]', target, '[pgbouncer]', ...lines, ''].join('\n'));
  const child = spawn(program, [config], {
    stdio: 'ignore',
    ...(process.getuid?.() === 0 && { uid, gid }),
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });
  await until(() => isListening(port));
  return {
    urlOf: (database) => `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`,
  };
}
