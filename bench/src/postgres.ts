import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { serveEmbedded } from '../../apps/server/src/db/embedded/embedded-postgres.ts';

export type Postgres = {
  /** A new, empty database; how to reach it. */
  makeDatabase(name: string): Promise<Database>;
  stop(): Promise<void>;
};

export type Database = {
  readonly url: string;
  /** As administrator. */
  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
};

/** A Postgres of this run's own, with the settings that embedded ones have: what is committed is on the disk. */
export async function startPostgres(folder: string): Promise<Postgres> {
  const served = await serveEmbedded({
    dataDir: join(folder, 'postgres'),
    log: () => undefined,
    settings: { max_connections: '200' },
  });
  const { socketDir, port, user, password, adminUser, adminPassword } = served.connection;
  const admins: pg.Pool[] = [];
  // One connection each, so that statements wait for each other and what is set stays set.
  const connect = (database: string) => {
    const admin = new pg.Pool({
      host: socketDir,
      port,
      user: adminUser,
      password: adminPassword,
      database,
      max: 1,
      idleTimeoutMillis: 0,
    });
    admins.push(admin);
    return admin;
  };
  return {
    async makeDatabase(name) {
      const admin = connect('postgres');
      await admin.query(`create database ${name} owner ${user}`);
      const client = connect(name);
      return {
        url: `postgres://${user}:${encodeURIComponent(password)}@${encodeURIComponent(socketDir)}:${port}/${name}`,
        async query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) {
          return (await client.query<Row>(text, [...values])).rows;
        },
      };
    },
    async stop() {
      for (const admin of admins) await admin.end();
      await served.stop();
      // Where it really lies, which for a run as root is not below `folder`.
      await rm(served.dataDir, { recursive: true, force: true });
    },
  };
}
