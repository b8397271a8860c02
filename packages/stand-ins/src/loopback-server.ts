import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Answer, Ask } from './exchange.ts';

const LATE_MS = 60_000;
const BODY_LIMIT = 1_000_000;
/** Roomy, because `huge_headers` plants cookies that the browser sends to every port of this host. */
const HEAD_LIMIT = 262_144;

export type Handler = (ask: Ask) => Promise<Answer>;

export type LoopbackServer = {
  readonly origin: string;
  /** Until this is called every request gets 503. */
  readonly serve: (handler: Handler) => void;
  readonly close: () => Promise<void>;
};

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Throws on any address that another machine could reach: whoever reaches a stand-in can be anybody. */
export function refuseUnlessLoopback(host = '127.0.0.1'): void {
  if (isLoopback(host)) return;
  throw new Error(`A stand-in lets anybody sign in as anybody: it listens on loopback, not on ${host}`);
}

export async function listenOnLoopback(where: { host: string; port: number }): Promise<LoopbackServer> {
  refuseUnlessLoopback(where.host);
  let handler: Handler = () => Promise.resolve({ status: 503, headers: {}, body: '' });
  const server = createServer({ maxHeaderSize: HEAD_LIMIT }, (request, response) => {
    void answerOne(handler, request, response);
  });
  const port = await listen(server, {
    host: where.host === 'localhost' ? '127.0.0.1' : where.host,
    port: where.port,
  });
  return {
    origin: `http://${where.host.includes(':') ? `[${where.host}]` : where.host}:${port}`,
    serve: (next) => {
      handler = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, where: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where.port, where.host, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('No TCP address'));
      else resolve(address.port);
    });
  });
}

async function answerOne(
  handler: Handler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await deliver(await handler(await readAsk(request)), response);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else response.writeHead(500, { 'content-type': 'text/plain' }).end(`Stand-in broke: ${String(error)}`);
  }
}

async function readAsk(request: IncomingMessage): Promise<Ask> {
  const url = new URL(request.url ?? '/', 'http://stand-in');
  const body = await readBody(request);
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    form: new URLSearchParams(isForm ? body : ''),
    params: {},
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array); // no encoding is set, so the stream yields bytes
    size += bytes.length;
    if (size > BODY_LIMIT) throw new Error('Body too large');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function deliver(answer: Answer, response: ServerResponse): Promise<void> {
  if (answer.delivery === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (answer.delivery === 'late') await closedOrLate(response);
  if (response.destroyed) return;
  const body = Buffer.from(answer.body, 'utf8');
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.setHeader('content-length', body.length);
  response.writeHead(answer.status);
  if (answer.delivery !== 'half') {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
}

function closedOrLate(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LATE_MS);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
