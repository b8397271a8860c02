import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from './postgres.ts';
import type { Database } from './postgres.ts';
import { startBareRotation } from './programs/bare-rotation.ts';
import { startBareFastify } from './programs/bare-fastify.ts';
import { startBetterAuth } from './programs/peer.ts';
import type { BetterAuth } from './programs/peer.ts';
import { startGatehouse } from './programs/gatehouse.ts';
import type { Gatehouse, GatehouseOptions } from './programs/gatehouse.ts';
import type { Program } from './programs/program.ts';
import { startStandIn } from './programs/stand-in.ts';
import type { StandIn } from './programs/stand-in.ts';

type Own = Partial<Pick<GatehouseOptions, 'env' | 'port'>> & { readonly database?: Database };

/** What every part starts its programs with. All of them are gone when the run is over. */
export type Run = {
  readonly folder: string;
  readonly standIn: StandIn;
  /** Prepared for Gatehouse: migrated, with its company. */
  readonly database: Database;
  gatehouse(own?: Own): Promise<Gatehouse>;
  bareFastify(body?: string): Promise<Program & { readonly url: URL }>;
  bareRotation(tokens: readonly string[]): Promise<Program & { readonly url: URL }>;
  betterAuth(cookieCache: 'on' | 'off'): Promise<BetterAuth & { readonly database: Database }>;
  /** One of several on a database, which hands out access tokens for its session cookie. */
  betterAuthWithTokens(database: Database, port: number): Promise<BetterAuth>;
  makeDatabase(): Promise<Database>;
};

/** A folder, a Postgres and a provider of its own for each part, so that none finds what another left. */
export async function inRun(work: (run: Run) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'));
  const closers: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const postgres = await startPostgres(folder);
    closers.push(postgres.stop);
    const standIn = await startStandIn(folder);
    closers.push(standIn.stop);
    let databases = 0;
    const makeDatabase = () => postgres.makeDatabase(`bench_${(databases += 1)}`);
    const kept = <T extends Program>(program: T): T => {
      closers.push(program.stop);
      return program;
    };
    const database = await makeDatabase();
    const first = await startGatehouse({ database, standIn, folder });
    await first.stop();
    await work({
      folder,
      standIn,
      database,
      makeDatabase,
      ...starters({ folder, standIn, database, makeDatabase, kept }),
    });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

type Started = Pick<Run, 'folder' | 'standIn' | 'database' | 'makeDatabase'> & {
  /** Notes that it is to be stopped. */
  readonly kept: <T extends Program>(program: T) => T;
};

type Starters = Pick<
  Run,
  'gatehouse' | 'bareFastify' | 'bareRotation' | 'betterAuth' | 'betterAuthWithTokens'
>;

function starters({ folder, standIn, database, makeDatabase, kept }: Started): Starters {
  return {
    gatehouse: async (own = {}) => kept(await startGatehouse({ database, standIn, folder, ...own })),
    bareFastify: async (body) => kept(await startBareFastify(folder, body)),
    bareRotation: async (tokens) =>
      kept(await startBareRotation({ database: await makeDatabase(), tokens, folder })),
    async betterAuth(cookieCache) {
      const its = await makeDatabase();
      const server = kept(await startBetterAuth({ database: its, standIn, folder, cookieCache }));
      return { ...server, database: its };
    },
    betterAuthWithTokens: async (its, port) =>
      kept(await startBetterAuth({ database: its, standIn, folder, cookieCache: 'off', port, tokens: 'on' })),
  };
}
