import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { serveEmbedded } from '../../src/db/embedded/embedded-postgres.ts';
import type { EmbeddedConnection } from '../../src/db/embedded/embedded-postgres.ts';
import { temporaryRoot } from './temporary-root.ts';

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- declaration merging
  export interface ProvidedContext {
    /** The one Postgres of this test run, with its administrator. */
    postgres: EmbeddedConnection;
  }
}

const prefix = 'gatehouse-test-postgres-';

/** Starts one Postgres for the whole run; what it answers stops it and removes its folder. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = await temporaryRoot();
  await removeLeftovers(root);
  const dataDir = await mkdtemp(join(root, `${prefix}${process.pid}-`));
  const served = await serveEmbedded({
    dataDir,
    log: (line) => {
      process.stderr.write(`${line}\n`);
    },
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  });
  project.provide('postgres', served.connection);
  return async () => {
    await served.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}

/** Folders of runs that were killed. A Postgres that still runs on one ends by itself once it is gone. */
async function removeLeftovers(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const pid = Number(name.startsWith(prefix) ? name.slice(prefix.length).split('-')[0] : process.pid);
    if (!isRunning(pid)) await rm(join(root, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
