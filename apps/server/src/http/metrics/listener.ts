import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Scrape = { readonly type: string; readonly text: () => Promise<string> };

export type MetricsListener = { readonly address: string; close(): Promise<void> };

const headMs = 5_000;

/** A listener of its own, so that no proxy in front of the public one can be talked into showing the metrics. */
export async function listenForScrapes(
  scrape: Scrape,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<MetricsListener> {
  const server = createServer({ headersTimeout: headMs, requestTimeout: headMs }, answerWith(scrape));
  server.listen({ host, port });
  await once(server, 'listening');
  // A listener on a host and port answers with an AddressInfo.
  const { address, port: taken, family } = server.address() as AddressInfo;
  return {
    address: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}/metrics`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function answerWith({ type, text }: Scrape): RequestListener {
  return (request, response) => {
    if (!isForMetrics(request)) {
      response.writeHead(404).end();
      return;
    }
    text().then(
      (body) => response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body),
      () => response.writeHead(503).end(),
    );
  };
}

function isForMetrics({ method, url = '' }: IncomingMessage): boolean {
  return method === 'GET' && (url === '/metrics' || url.startsWith('/metrics?'));
}
