import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { PoolConfig } from 'pg';
import type { Secret } from '../kernel/secret.ts';
import { attachEmbedded, serveEmbedded } from './embedded/embedded-postgres.ts';
import type { EmbeddedConnection } from './embedded/embedded-postgres.ts';
import { migrate } from './migrate.ts';
import type { MigrationList } from './migrations/lists.ts';
import { openDatabase } from './open-database.ts';
import type { Database } from './scopes.ts';

const closeMs = 500;

export type StorageSettings =
  | { readonly kind: 'embedded'; readonly dataDir: string }
  | { readonly kind: 'url'; readonly url: Secret; readonly migrationUrl?: Secret };

export type StorageOptions = {
  /** `server` holds an embedded folder for itself; a `command` attaches to whoever does, and makes no database. */
  readonly as: 'server' | 'command';
  readonly maxConnections: number;
  readonly log: { info(line: string): void; warn(facts: object, line: string): void };
};

export type Storage = {
  readonly db: Database;
  /** Where an embedded database really lies, which may be another folder than the one asked for. */
  readonly dataDir?: string;
  /** Brings the schema up to date. */
  migrate(migrations: MigrationList): Promise<void>;
  close(): Promise<void>;
};

/** Opens the database that the configuration names; nothing is asked of a remote one yet. */
export async function openStorage(settings: StorageSettings, options: StorageOptions): Promise<Storage> {
  if (settings.kind === 'embedded') return await openEmbedded(settings.dataDir, options);
  const connection = { connectionString: settings.url.reveal() };
  const migrating = { connectionString: (settings.migrationUrl ?? settings.url).reveal() };
  return toStorage({ connection, migrating, release: () => Promise.resolve() }, options);
}

async function openEmbedded(dataDir: string, options: StorageOptions): Promise<Storage> {
  const log = (line: string) => {
    options.log.info(line);
  };
  if (options.as === 'command') {
    const attached = await attachEmbedded({ dataDir, log, mustExist: true });
    const connection = toPoolConfig(attached.connection);
    return toStorage({ connection, migrating: connection, release: attached.detach }, options);
  }
  const served = await serveEmbedded({ dataDir, log });
  const connection = toPoolConfig(served.connection);
  const storage = toStorage({ connection, migrating: connection, release: served.stop }, options);
  return { ...storage, dataDir: served.dataDir };
}

function toPoolConfig({ socketDir, port, database, user, password }: EmbeddedConnection): PoolConfig {
  return { host: socketDir, port, database, user, password };
}

type Opened = {
  readonly connection: PoolConfig;
  readonly migrating: PoolConfig;
  readonly release: () => Promise<void>;
};

function toStorage(
  { connection, migrating, release }: Opened,
  { maxConnections, log }: StorageOptions,
): Storage {
  const onError = (error: Error) => {
    log.warn({ err: error }, 'an idle database connection broke');
  };
  const db = openDatabase({ connection, maxConnections, onError });
  return {
    db,
    async migrate(migrations) {
      const { rows } = await sql<{ login: string }>`select session_user::text as login`.execute(db);
      for (const { login } of rows) await migrate({ connection: migrating, workingLogin: login, migrations });
    },
    async close() {
      // What still waits for an answer of the database must not keep the process.
      await Promise.race([db.destroy(), sleep(closeMs, undefined, { ref: false })]);
      await release();
    },
  };
}
