// Cloud Backends in one process that is going to be killed. Each stands still where it is told to: before it sends its
// n-th statement from then on, or after the answer to it. Started with `fork`, and told by messages.
import { enableCompileCache } from 'node:module';
import pg from 'pg';

/** Where it stands still. Without a place it only counts. */
export type Doom = { readonly before?: number; readonly after?: number };
export type Told =
  | { readonly open: Readonly<Record<string, string | undefined>> }
  | { readonly arm: Doom; readonly database: string }
  | { readonly tellOf: string };
export type Answered =
  | { readonly address: string }
  | { readonly armed: string }
  | { readonly statements: readonly string[] }
  | { readonly standsStill: string };

enableCompileCache(`${import.meta.dirname}/../../../../node_modules/.cache/gatehouse`);
const { buildCloud } = await import('../../src/build-cloud.ts');
const { readCloudConfig } = await import('../../src/config/read-cloud-config.ts');
const { openLog } = await import('../../src/http/log.ts');

/** By the name of the database. */
const armed = new Map<string, { readonly doom: Doom; readonly statements: string[] }>();
const log = openLog({ level: 'silent' });

function answer(answered: Answered): void {
  process.send?.(answered);
}

/** Connections that have stood still: whatever would follow there is not sent either. */
const still = new WeakSet<pg.Client>();

function standStill(connection: pg.Client, database: string): Promise<never> {
  still.add(connection);
  answer({ standsStill: database });
  return new Promise(() => undefined);
}

type Query = (this: pg.Client, ...args: unknown[]) => unknown;
// The driver's overloads differ in what they are given, and all of it is passed on.
const query = Reflect.get(pg.Client.prototype, 'query') as Query;
/** Looks for changes, and counters of limits: they come when they come, and write nothing of a sign-in. */
const besides = /^listen |pg_current_snapshot\(\)|rate_limits/;
const watchedQuery: Query = function (...args) {
  const database = this.database ?? '';
  if (still.has(this)) return new Promise(() => undefined);
  if (besides.test(String(args[0]))) return query.apply(this, args);
  const { doom, statements } = armed.get(database) ?? { doom: {}, statements: [] };
  const place = statements.push(String(args[0]));
  if (place === doom.before) return standStill(this, database);
  const answered = query.apply(this, args);
  return place === doom.after ? Promise.resolve(answered).then(() => standStill(this, database)) : answered;
};
Reflect.set(pg.Client.prototype, 'query', watchedQuery);

async function obey(told: Told): Promise<void> {
  if ('open' in told) {
    const cloud = await buildCloud(readCloudConfig(told.open), { log });
    answer(await cloud.listen());
  } else if ('arm' in told) {
    armed.set(told.database, { doom: told.arm, statements: [] });
    answer({ armed: told.database });
  } else {
    answer({ statements: armed.get(told.tellOf)?.statements ?? [] });
  }
}

process.on('disconnect', () => process.exit());
process.on('message', (told: Told) => void obey(told));
