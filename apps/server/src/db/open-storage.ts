import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { PoolConfig } from 'pg';
import type { Secret } from '../kernel/secret.ts';
import { openBell } from './bell.ts';
import type { Bell } from './bell.ts';
import { openChangeFeed } from './changes.ts';
import type { ChangeFeed, ChangeFeedOptions } from './changes.ts';
import { attachEmbedded, serveEmbedded } from './embedded/embedded-postgres.ts';
import type { EmbeddedConnection } from './embedded/embedded-postgres.ts';
import { isMigrated, migrate } from './migrate.ts';
import type { MigrationList } from './migrations/lists.ts';
import { openLimitStore } from './limit-store.ts';
import { breakConnections } from './open-pool.ts';
import { poolOf } from './pool-of.ts';
import type { LimitStore } from './limit-store.ts';
import { callersWaiting, openDatabase } from './open-database.ts';
import type { Database } from './scopes.ts';

const closeMs = 500;

export type StorageSettings =
  | { readonly kind: 'embedded'; readonly dataDir: string }
  | { readonly kind: 'url'; readonly url: Secret; readonly migrationUrl?: Secret };

export type StorageOptions = {
  /**
   * `server` holds an embedded folder for itself; a `worker` attaches to the process that does, a `command` to whoever
   * does, and neither makes a database.
   */
  readonly as: 'server' | 'worker' | 'command';
  readonly maxConnections: number;
  readonly log: { info(line: string): void; warn(facts: object, line: string): void };
};

export type Storage = {
  readonly db: Database;
  readonly limitStore: LimitStore;
  /** How many callers wait for a connection. */
  waiting(): number;
  /** Where an embedded database really lies, which may be another folder than the one asked for. */
  readonly dataDir?: string;
  /** Brings the schema up to date. */
  migrate(migrations: MigrationList): Promise<void>;
  /** Follows, on a connection of its own, what all processes note as changed. */
  watchChanges(options: Omit<ChangeFeedOptions, 'connection' | 'onOtherServer'>): ChangeFeed;
  /** Rings, on a connection of its own, when anybody notifies the channel. */
  openBell(channel: string): Bell;
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
  const { as } = options;
  const opened =
    as === 'server'
      ? await serveEmbedded({ dataDir, log })
      : // Where the folder really lies, a worker's lead has told.
        await attachEmbedded({ dataDir, log: as === 'worker' ? () => undefined : log, mustExist: true });
  const release = 'stop' in opened ? opened.stop : opened.detach;
  const connection = toPoolConfig(opened.connection);
  const storage = toStorage({ connection, migrating: connection, release }, options);
  return { ...storage, dataDir: opened.dataDir };
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
  const { db, limitStore } = openPools(connection, { maxConnections, log });
  return {
    db,
    limitStore,
    waiting: () => callersWaiting(db) + limitStore.waiting(),
    async migrate(migrations) {
      const { rows } = await sql<{ login: string }>`select session_user::text as login`.execute(db);
      for (const { login: workingLogin } of rows) {
        const wanted = { workingLogin, migrations };
        // Where nothing is to be done, the other login and its connection are not needed.
        if (!(await isMigrated(db, wanted))) await migrate({ ...wanted, connection: migrating });
      }
    },
    watchChanges(settings) {
      const onOtherServer = (server: string) => {
        breakConnections(poolOf(db), server);
      };
      return openChangeFeed({ ...settings, connection, onOtherServer });
    },
    openBell: (channel) => openBell({ connection, channel }),
    async close() {
      // What still waits for an answer of the database must not keep the process.
      await Promise.race([
        Promise.all([db.destroy(), limitStore.close()]),
        sleep(closeMs, undefined, { ref: false }),
      ]);
      await release();
    },
  };
}

function openPools(connection: PoolConfig, { maxConnections, log }: Omit<StorageOptions, 'as'>) {
  const onError = (error: Error) => {
    log.warn({ err: error }, 'an idle database connection broke');
  };
  const onFailure = (error: unknown) => {
    log.warn(
      { err: error },
      'rate limits are counted by this process alone, for their table cannot be reached',
    );
  };
  return {
    db: openDatabase({ connection, maxConnections, onError }),
    limitStore: openLimitStore({ connection, onFailure }),
  };
}
