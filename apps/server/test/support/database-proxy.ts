import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { inject, onTestFinished } from 'vitest';

/** Where the connection breaks: before Postgres hears of the COMMIT, or before we hear of its answer. */
export type Cut = 'before' | 'after';

export type DatabaseProxy = {
  /** As `DATABASE_URL` takes it. */
  urlOf(database: string): string;
  /** Every connection breaks and no new one is taken, as when Postgres is killed. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /** Connections are taken, and nothing is answered any more. */
  fallSilent(): void;
  /** Breaks the connection at the n-th COMMIT from now on. Resolves when that has happened. */
  cutAtCommit(nth: number, where: Cut): Promise<void>;
};

/** The simple query of the protocol (PostgreSQL manual §54.2.2) as our driver sends it. */
const commitMessage = Buffer.from('Q\0\0\0\x0bcommit\0', 'latin1');

/** A stretch of network between a server and the Postgres of this run, which fails where a test wants it to. */
export async function openDatabaseProxy(): Promise<DatabaseProxy> {
  const { socketDir, port: postgresPort, user, password } = inject('postgres');
  const sockets = new Set<Socket>();
  let isSilent = false;
  let cut: { left: number; where: Cut; done: () => void } | undefined;

  /** The cut that this message brings about, if it does. */
  function dueCut(message: Buffer): typeof cut {
    if (cut === undefined || !message.includes(commitMessage)) return undefined;
    cut.left -= 1;
    if (cut.left > 0) return undefined;
    const due = cut;
    cut = undefined;
    return due;
  }
  function link(client: Socket): void {
    const postgres = connect(`${socketDir}/.s.PGSQL.${String(postgresPort)}`);
    const both = [client, postgres];
    const part = () => {
      for (const socket of both) socket.destroy();
    };
    for (const socket of both) {
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', part)
        .on('close', () => sockets.delete(socket));
    }
    postgres.on('data', (answer: Buffer) => !isSilent && client.write(answer));
    client.on('data', (message: Buffer) => {
      if (isSilent) return;
      const due = dueCut(message);
      if (due?.where === 'after') {
        // Postgres has the whole message before its client is gone, and commits.
        client.destroy();
        postgres.end(message);
      } else if (due === undefined) postgres.write(message);
      else part();
      due?.done();
    });
  }
  let server: Server = await listen(0, link);
  // A TCP server's address is no string.
  const { port } = server.address() as AddressInfo;
  const goAway = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  onTestFinished(goAway);
  return {
    urlOf: (database) =>
      `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${String(port)}/${database}`,
    goAway,
    async comeBack() {
      isSilent = false;
      for (const socket of sockets) socket.destroy();
      if (!server.listening) server = await listen(port, link);
    },
    fallSilent() {
      isSilent = true;
    },
    cutAtCommit: (left, where) =>
      new Promise<void>((done) => {
        cut = { left, where, done };
      }),
  };
}

function listen(port: number, onConnection: (client: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(onConnection);
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve(server);
    });
  });
}
