import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Door } from '../door.ts';
import { ServerResponse } from '../node-http.ts';

/** What came on the connection behind the request that asks to change its protocol. */
const firstBytesOf = new WeakMap<IncomingMessage, Buffer>();

/** The one protocol that a connection may change to. `h2c` would hide what follows from every check (RFC 9113 §3.1). */
export function asksForWebSocket({
  method,
  headers,
}: {
  method?: string | undefined;
  headers: IncomingHttpHeaders;
}) {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * The connection of a request that asks for a WebSocket, with what came on it already. Undefined where it cannot be
 * handed over, for the request came the usual way.
 */
export function connectionOf(raw: IncomingMessage): { socket: Socket; firstBytes: Buffer } | undefined {
  const firstBytes = firstBytesOf.get(raw);
  return firstBytes && { socket: raw.socket, firstBytes };
}

/** Lets requests for a WebSocket in by the same door as all others: same checks, same refusals, same log. */
export function serveUpgrades(app: Door): void {
  app.server.on('upgrade', (raw: IncomingMessage, _socket: unknown, firstBytes: Buffer) => {
    const { socket } = raw;
    socket.on('error', () => socket.destroy());
    firstBytesOf.set(raw, firstBytes);
    const response = new ServerResponse(raw);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    // Whatever is not handed over is answered here, and that is the end of the connection.
    response.on('finish', () => {
      socket.destroySoon();
    });
    app.routing(raw, response);
  });
}
