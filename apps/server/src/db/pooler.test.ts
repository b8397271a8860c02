import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { DatabaseConnection, Driver } from 'kysely';
import { expect, test } from 'vitest';
import { isPooledByTransaction } from './pooler.ts';
import type { Tables } from './tables.ts';

/** A client's connection that tells which backend serves it, and what happens where a transaction begins and ends. */
type Client = DatabaseConnection & { begin(): void; end(): void };

/** A database in which nothing can be asked but the number of the backend. */
function served(makeClient: () => Client): Kysely<Tables> {
  const clients = new Map<DatabaseConnection, Client>();
  const driver: Driver = {
    init: () => Promise.resolve(),
    acquireConnection() {
      const client = makeClient();
      clients.set(client, client);
      return Promise.resolve(client);
    },
    beginTransaction: (connection) => Promise.resolve(clients.get(connection)?.begin()),
    commitTransaction: (connection) => Promise.resolve(clients.get(connection)?.end()),
    rollbackTransaction: (connection) => Promise.resolve(clients.get(connection)?.end()),
    releaseConnection: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
  };
  const dialect = {
    createDriver: () => driver,
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db: Kysely<Tables>) => new PostgresIntrospector(db),
  };
  return new Kysely<Tables>({ dialect });
}

/** `executeQuery` answers whatever rows are asked for; these are the only ones that are. */
function clientOf(backend: () => number, { begin, end }: Pick<Client, 'begin' | 'end'>): Client {
  const executeQuery = () => Promise.resolve({ rows: [{ pid: backend() } as never] });
  const streamQuery = () => {
    throw new Error('nothing is streamed');
  };
  return { executeQuery, streamQuery, begin, end };
}

const isPooled = (db: Kysely<Tables>) =>
  db.connection().execute((session) => isPooledByTransaction(db, session));

test('sessions of their own are told from those of a pooler that shares by transaction', async () => {
  let sessions = 0;
  const direct = served(() => {
    sessions += 1;
    const own = sessions;
    return clientOf(() => own, { begin: () => undefined, end: () => undefined });
  });
  expect(await isPooled(direct)).toBe(false);

  const busy = new Set<number>();
  const lowestFree = () => [1, 2, 3].find((pid) => !busy.has(pid)) ?? 0;
  const pooled = served(() => {
    let held: number | undefined;
    const begin = () => {
      held = lowestFree();
      busy.add(held);
    };
    const end = () => {
      if (held !== undefined) busy.delete(held);
      held = undefined;
    };
    return clientOf(() => held ?? lowestFree(), { begin, end });
  });
  expect(await isPooled(pooled)).toBe(true);
});
