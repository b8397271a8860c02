import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { AppError } from '../../src/kernel/errors.ts';
import { houseCookies } from '../../src/http/cookies.ts';
import type { Door, DoorOptions } from '../../src/http/door.ts';
import { mustBeSignedIn, sessionFinder } from '../../src/http/guards.ts';
import { openLog } from '../../src/http/log.ts';
import { openDoor } from '../../src/http/server.ts';

export type LogLine = { readonly [fact: string]: unknown };

export type OpenedDoor = {
  readonly app: Door;
  readonly port: number;
  /** The log so far, as it was written. */
  readonly logged: () => string;
  readonly logLines: () => LogLine[];
};

export const publicHost = 'gate.example';

/** Small routes that stand for what flows add. */
function addProbes(app: Door, publicOrigin: URL): void {
  const cookies = houseCookies(publicOrigin);
  const people = new Map([['ada-session', { name: 'Ada' }]]);
  const whoIsThere = mustBeSignedIn(sessionFinder(cookies.session.read, (value) => people.get(value)));
  app.get('/api/v1/probe', (request) => ({ ip: request.ip }));
  app.post(
    '/api/v1/probe',
    { schema: { body: z.object({ email: z.email(), depth: z.int().max(3) }) } },
    () => ({
      done: true,
    }),
  );
  app.post('/api/v1/bare', () => ({ done: true }));
  app.get('/api/v1/me', (request) => whoIsThere(request));
  app.get('/api/v1/people/:id', (request) => ({ id: request.id.length }));
  app.get(
    '/auth/callback',
    { schema: { querystring: z.object({ code: z.string(), state: z.string() }) } },
    () => ({
      done: true,
    }),
  );
  app.get('/auth/done', (_request, reply) => {
    cookies.session.set(reply, 'ada-session', 60);
    return reply.redirect('/', 303);
  });
  app.all('/auth/verify', () => ({ verified: true }));
  app.get('/api/v1/broken', () => {
    throw new Error('select * from secrets where token = 12345', { cause: new Error('canary-cause') });
  });
  app.get('/api/v1/broken-later', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- some library might
    throw 'canary-text';
  });
  const promised = { response: { 200: z.object({ kept: z.boolean() }) } };
  // A handler that answers something else than its schema promises, which types alone would not let pass.
  app.get('/api/v1/broken-promise', { schema: promised }, () => ({ kept: 'canary' }) as never);
  app.get('/api/v1/limited', () => {
    throw new AppError('rate_limited', { retryAfterSeconds: 1.2, reference: 'TRACE234' });
  });
  app.get('/api/v1/slow', async () => {
    await new Promise((resolve) => setTimeout(resolve, 400));
    return { done: true };
  });
}

type Changes = Partial<DoorOptions> & { readonly addRoutes?: (app: Door) => Promise<void> };

export async function openProbedDoor({ addRoutes, ...changes }: Changes = {}): Promise<OpenedDoor> {
  const written: string[] = [];
  const publicOrigin = changes.publicOrigin ?? new URL(`https://${publicHost}`);
  const app = await openDoor({
    localOnly: false,
    publicOrigin,
    acceptedOrigins: [publicOrigin.origin],
    errorPage: '/auth/error',
    apiErrorPage: '/auth/error',
    appOrigin: publicOrigin.origin,
    buffers: { readBytes: 65_536, writeBytes: 65_536 },
    trustedProxies: [],
    log: openLog({ level: 'info', stream: { write: (line) => void written.push(line) } }),
    isReady: () => Promise.resolve(true),
    describesItself: true,
    ...changes,
  });
  addProbes(app, publicOrigin);
  await addRoutes?.(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    app,
    // A listener on an IP address answers with an AddressInfo.
    port: (app.server.address() as AddressInfo).port,
    logged: () => written.join(''),
    logLines: () =>
      written
        .join('')
        .split('\n')
        .filter((line) => line !== '')
        // Each line is an object that pino wrote.
        .map((line) => JSON.parse(line) as LogLine),
  };
}

export type RawAnswer = { readonly text: string; readonly status: number; readonly isClosed: boolean };

/** Writes exactly these bytes and collects what comes back, until the server closes or `waitMs` pass. */
export async function sendRaw(port: number, bytes: string | string[], waitMs = 1_500): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let isClosed = false;
  socket.setEncoding('latin1');
  socket.on('data', (piece: string) => (text += piece));
  socket.on('error', () => (isClosed = true));
  await once(socket, 'connect');
  for (const piece of [bytes].flat()) socket.write(piece, 'latin1');
  const closed = once(socket, 'close').then(() => (isClosed = true));
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, waitMs))]);
  socket.destroy();
  return { text, status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), isClosed };
}

/** A request head by its lines; `Connection: close`, so that the answer is complete when the socket closes. */
export function head(requestLine: string, ...headers: string[]): string {
  return [requestLine, ...headers, 'Connection: close', '', ''].join('\r\n');
}

export const hostLine = `Host: ${publicHost}`;

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly problem: () => { code: string; status: number; reference: string; detail?: string };
};

/** Asks under the public name. `fetch` may not set Host, so the request is written by hand. */
export async function ask(
  port: number,
  target: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { method = 'GET', body = '' } = options;
  const given = { host: publicHost, ...options.headers };
  const lines = Object.entries(given).map(([name, value]) => `${name}: ${value}`);
  if (body !== '') lines.push(`content-length: ${Buffer.byteLength(body)}`);
  const { text } = await sendRaw(port, head(`${method} ${target} HTTP/1.1`, ...lines) + body, 5_000);
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...headerLines] = text.slice(0, end).split('\r\n');
  const headers = new Headers();
  for (const line of headerLines)
    headers.append(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1));
  const payload = text.slice(end + 4);
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    text: payload,
    // Tests read problems only where the content type says that it is one.
    problem: () => JSON.parse(payload) as ReturnType<Answer['problem']>,
  };
}

export const navigation = { 'sec-fetch-mode': 'navigate', accept: 'text/html' };
