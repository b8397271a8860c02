import { onTestFinished } from 'vitest';
import { serveEmbedded } from '../../src/db/embedded/embedded-postgres.ts';
import { embeddedFolders } from './embedded-folders.ts';

export type OwnPostgres = {
  /** As `DATABASE_URL` takes it; the same after every start. */
  readonly url: string;
  stop(): Promise<void>;
  startAgain(): Promise<void>;
};

/** A Postgres of this test's own, which can be restarted. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folders = embeddedFolders();
  const dataDir = await folders.emptyFolder();
  onTestFinished(folders.clear);
  const start = async () => {
    const served = await serveEmbedded({ dataDir, log: () => undefined, settings: { fsync: 'off' } });
    onTestFinished(served.stop);
    return served;
  };
  let running = await start();
  const { socketDir, port, user, password, database } = running.connection;
  const login = `${user}:${encodeURIComponent(password)}`;
  return {
    url: `postgres://${login}@${encodeURIComponent(socketDir)}:${String(port)}/${database}`,
    stop: () => running.stop(),
    async startAgain() {
      running = await start();
      if (running.connection.socketDir !== socketDir) throw new Error('it has moved');
    },
  };
}
