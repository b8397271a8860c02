import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/** A request as the application behind the gate saw it. */
export type Seen = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
};

export type UpstreamApp = {
  readonly url: string;
  readonly seen: Seen[];
  /** Requests whose browser went before they were answered. */
  readonly abandoned: string[];
  openSockets(): number;
  close(): Promise<void>;
};

const sizeOf = async (request: IncomingMessage) => {
  let bytes = 0;
  for await (const piece of request) bytes += (piece as Buffer).length;
  return bytes;
};

const routes: Readonly<Record<string, RequestListener>> = {
  '/size': (request, response) => {
    void sizeOf(request).then((bytes) => response.end(String(bytes)));
  },
  '/early': (_request, response) => {
    response.writeHead(413).end('too much');
  },
  '/events': (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    const beat = setInterval(() => response.write('data: beat\n\n'), 50);
    response.once('close', () => {
      clearInterval(beat);
    });
  },
  '/large': (_request, response) => {
    response.writeHead(200, { 'x-large': 'h'.repeat(60_000) }).end('large');
  },
  '/larger': (_request, response) => {
    response.writeHead(200, { 'x-large': 'h'.repeat(70_000) }).end('larger');
  },
  '/own-headers': (_request, response) => {
    response.writeHead(200, 'Fine', [
      ...['Content-Security-Policy', "default-src 'self'", 'Cache-Control', 'max-age=60'],
      ...['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2; Path=/'],
      ...['Set-Cookie', 'gatehouse=planted', 'Set-Cookie', '=gatehouse-attempt=planted; Path=/'],
      ...['Connection', 'x-hop', 'X-Hop', '1', 'X-Kept', '1'],
    ]);
    response.end('own');
  },
  '/trailers': (_request, response) => {
    response.writeHead(200, { trailer: 'x-sum' });
    response.write('body');
    response.addTrailers({ 'x-sum': '4' });
    response.end();
  },
  '/nothing': (_request, response) => {
    response.writeHead(204).end();
  },
  '/unchanged': (_request, response) => {
    response.writeHead(304, { etag: '"1"' }).end();
  },
  '/broken': (_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half');
    setTimeout(() => response.destroy(), 50);
  },
  '/never': () => undefined,
  '/hangs-up': (request) => request.socket.destroy(),
  '/missing': (_request, response) => {
    response.writeHead(404, { 'content-length': 12 }).end('its own page');
  },
};

/** An application of somebody's: it knows nothing of us, and writes down what reaches it. */
export async function startUpstreamApp(): Promise<UpstreamApp> {
  const seen: Seen[] = [];
  const abandoned: string[] = [];
  const note = (request: IncomingMessage) => {
    const { method = '', url = '', headers, rawHeaders } = request;
    seen.push({ method, url, headers, rawHeaders });
  };
  const server = createServer({ maxHeaderSize: 256 * 1024 }, (request, response) => {
    note(request);
    response.once('close', () => {
      if (!response.writableFinished) abandoned.push(request.url ?? '');
    });
    const route = routes[(request.url ?? '').split('?', 1)[0] ?? ''];
    if (route !== undefined) route(request, response);
    else response.end(JSON.stringify(seen.at(-1)));
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    note(request);
    if (request.url === '/no-sockets') {
      socket.end('HTTP/1.1 426 Upgrade Required\r\nX-Why: no\r\nContent-Length: 2\r\n\r\nno');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      opened.on('error', () => undefined); // `close` follows
      opened.on('message', (data: Buffer, isBinary) => {
        opened.send(data, { binary: isBinary });
      });
      if (request.url === '/greets') opened.send('hello');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    // A listener on an IP address answers with an AddressInfo.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    abandoned,
    openSockets: () => sockets.clients.size,
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
