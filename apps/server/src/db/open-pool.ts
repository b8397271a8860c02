import { Socket } from 'node:net';
import { Pool } from 'pg';
import type { PoolConfig } from 'pg';

const connectTimeoutMs = 5_000;

const socketsOf = new WeakMap<Pool, Set<Socket>>();

/** A pool whose connections may break at any moment. `onError` hears of those that were idle; the others tell whoever uses them. */
export function openPool(config: PoolConfig, onError: (error: Error) => void): Pool {
  const sockets = new Set<Socket>();
  const stream = () => {
    const socket = gatheringSocket();
    sockets.add(socket);
    return socket.once('close', () => sockets.delete(socket));
  };
  const pool = new Pool({
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    stream,
    ...config,
  });
  socketsOf.set(pool, sockets);
  pool.on('error', onError);
  // A connection in use has no listener of the pool's: without one of its own, its end would be the process's.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Breaks every connection: for when the address leads to another server than it did. Whoever asks next gets a new one. */
export function breakConnections(pool: Pool): void {
  for (const socket of socketsOf.get(pool) ?? []) socket.destroy();
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
