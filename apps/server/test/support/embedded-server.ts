// A server, or a command, on an embedded database, in a process of its own: node embedded-server.ts <mode> <folder>.
// It tells of each step in one line on stdout, and ends in order on SIGTERM.
import pg from 'pg';
import { attachEmbedded, serveEmbedded } from '../../src/db/embedded/embedded-postgres.ts';
import type { EmbeddedConnection } from '../../src/db/embedded/embedded-postgres.ts';

const [mode, dataDir] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('which folder?');
const options = {
  dataDir,
  log: (line: string) => {
    tell('log', line);
  },
};

function tell(what: string, more = ''): void {
  process.stdout.write(`${what} ${more}\n`);
}

async function connect(connection: EmbeddedConnection): Promise<pg.Client> {
  const { socketDir: host, port, user, password, database } = connection;
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  return client;
}

async function writeRows(connection: EmbeddedConnection): Promise<never> {
  const client = await connect(connection);
  await client.query('create table if not exists rows (number int primary key)');
  for (let number = 1; ; number += 1) {
    await client.query('insert into rows values ($1)', [number]);
    tell('acknowledged', String(number));
  }
}

async function open(): Promise<{ connection: EmbeddedConnection; close: () => Promise<void> }> {
  if (mode === 'attach') {
    const { connection, detach } = await attachEmbedded(options);
    return { connection, close: detach };
  }
  const { connection, stop } = await serveEmbedded(options);
  return { connection, close: stop };
}

const opened = await open().catch((error: unknown) => {
  tell('refused', error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  process.exit(3);
});

process.once('SIGTERM', () => {
  void opened.close().then(() => {
    tell('closed');
    process.exit(0);
  });
});
process.once('SIGINT', () => {
  void connect(opened.connection).then(async (client) => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { rows } = await client.query<{ answer: number }>('select 42 as answer');
    tell('interrupted', String(rows[0]?.answer));
    await client.end();
  });
});
setTimeout(() => process.exit(9), 60_000); // whatever becomes of the test
tell('ready', JSON.stringify(opened.connection));
if (mode === 'write') await writeRows(opened.connection);
