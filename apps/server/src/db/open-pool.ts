import { Socket } from 'node:net';
import { Client, Pool } from 'pg';
import type { ClientConfig, PoolConfig } from 'pg';

const connectTimeoutMs = 5_000;

/** The connections of a pool that are open, and the one server that they may lead to, where that is known. */
type Connections = { readonly clients: Set<PooledClient>; wantedServer?: string | undefined };

const connectionsOf = new WeakMap<Pool, Connections>();

/** A pool whose connections may break at any moment. `onError` hears of those that were idle; the others tell whoever uses them. */
export function openPool(config: PoolConfig, onError: (error: Error) => void): Pool {
  const connections: Connections = { clients: new Set() };
  const pool = new Pool({
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    Client: PooledClient,
    ...config,
  });
  connectionsOf.set(pool, connections);
  pool.on('error', onError);
  pool.on('connect', (client) => {
    // A connection in use has no listener of the pool's: without one of its own, its end would be the process's.
    client.on('error', () => undefined);
    if (!(client instanceof PooledClient)) return;
    connections.clients.add(client);
    client.socket.once('close', () => connections.clients.delete(client));
    // Where statements do not wait for each other, they do not wait for this one.
    if (config.pipeline === true) void tellServer(connections, client).catch(() => undefined);
  });
  return pool;
}

class PooledClient extends Client {
  readonly socket: Socket;
  /** Which start of which server it leads to; one that has not told yet is looked at when it does. */
  server: string | undefined;

  constructor(config?: ClientConfig) {
    const socket = gatheringSocket();
    super(withSocket(config, socket));
    this.socket = socket;
  }
}

/** A pool hides the password from enumeration, and so from a spread. */
function withSocket(config: ClientConfig | undefined, socket: Socket): ClientConfig {
  const given = Object.getOwnPropertyDescriptors(config ?? {});
  return Object.defineProperties({}, { ...given, stream: { value: () => socket, enumerable: true } });
}

async function tellServer(connections: Connections, client: PooledClient): Promise<void> {
  const { rows } = await client.query<{ server: string }>(
    'select pg_postmaster_start_time()::text as server',
  );
  client.server = rows[0]?.server;
  const { wantedServer } = connections;
  if (wantedServer !== undefined && client.server !== wantedServer) client.socket.destroy();
}

/**
 * Breaks every connection but those to `server` (its start, as Postgres writes it): for when the address leads to
 * another server than it did. Whoever asks next gets a new one.
 */
export function breakConnections(pool: Pool, server?: string): void {
  const connections = connectionsOf.get(pool);
  if (connections === undefined) return;
  connections.wantedServer = server;
  for (const client of connections.clients) {
    if (server === undefined || (client.server ?? server) !== server) client.socket.destroy();
  }
}

/** Sends together what is written in one turn of the event loop: statements between which nobody waits. */
function gatheringSocket(): Socket {
  const socket = new Socket();
  const write: Socket['write'] = socket.write.bind(socket);
  let isGathering = false;
  const gather = (...written: Parameters<typeof write>) => {
    if (!isGathering) {
      isGathering = true;
      socket.cork();
      process.nextTick(() => {
        isGathering = false;
        socket.uncork();
      });
    }
    return write(...written);
  };
  return socket.once('connect', () => {
    socket.write = gather as typeof write; // with the same parameters, whichever of them are given
  });
}
