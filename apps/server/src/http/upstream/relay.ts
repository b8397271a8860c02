import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../kernel/errors.ts';
import { securityHeaders } from '../headers.ts';
import type { OpenStream } from './open-streams.ts';
import type { Traffic } from '../traffic.ts';
import { connectionOf } from './upgrades.ts';
import type { UpstreamAnswer } from './exchange.ts';
import { answerHeaders, trailersOf } from './headers.ts';
import { joinSockets, switchingHead } from './sockets.ts';

export type RelayOptions = {
  readonly publicOrigin: URL;
  readonly cookieNames: readonly string[];
  readonly traffic: Traffic;
};

/** A browser that waits for the answer, and what to do when one of the two goes. */
export type Listener = {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly stream: OpenStream;
  readonly gone: AbortController;
};

const transportSecurity = 'strict-transport-security';
type Upgraded = Required<UpstreamAnswer>;

/** What the browser is told of a head: the application's own headers, but for what is not its to say. */
type HeadersOf = (head: IncomingMessage) => string[];

/**
 * Hands the application's answer to the browser as it is. None of the door's own headers are on it, which would forbid
 * the application its scripts and caches; only that this name is served by https alone holds for all of it.
 * @throws AppError `upstream_unavailable` for an answer that is none
 */
export function upstreamRelay({ publicOrigin, cookieNames, traffic }: RelayOptions) {
  const httpsOnly = securityHeaders(publicOrigin)[transportSecurity];
  const headersOf: HeadersOf = (head) => {
    const headers = answerHeaders(head, cookieNames);
    if (httpsOnly !== undefined && head.headers[transportSecurity] === undefined)
      headers.push('Strict-Transport-Security', httpsOnly);
    return headers;
  };

  return (answer: UpstreamAnswer, listener: Listener): FastifyReply => {
    const { head, upgraded } = answer;
    if (upgraded !== undefined) {
      connect({ head, upgraded }, listener, headersOf);
      listener.request.server.completed(listener.request, listener.reply);
      return listener.reply;
    }
    if ((head.statusCode ?? 0) < 200)
      throw new AppError('upstream_unavailable', { finding: 'status_unreadable' });
    tell(head, listener, traffic.isClosing() ? [...headersOf(head), 'Connection', 'close'] : headersOf(head));
    return listener.reply;
  };
}

function tell(head: IncomingMessage, { request, reply, stream, gone }: Listener, headers: string[]): void {
  const { raw } = reply.hijack();
  raw.once('close', () => {
    if (!raw.writableFinished) request.server.completed(request, reply);
  });
  raw.writeHead(head.statusCode ?? 502, head.statusMessage ?? '', headers);
  raw.flushHeaders();
  head.pipe(raw, { end: false });
  head.once('end', () => {
    const trailers = trailersOf(head);
    if (trailers.length > 0) raw.addTrailers(trailers);
    raw.end();
  });
  head.once('error', () => {
    if (!raw.writableEnded) raw.destroy();
  });
  keepWhileRead(raw);
  if (head.headers['content-type']?.startsWith('text/event-stream') !== true) return;
  stream.neverEnds(() => {
    raw.end();
    gone.abort();
  });
}

function connect(
  { head, upgraded }: Upgraded,
  { request, reply, stream }: Listener,
  headersOf: HeadersOf,
): void {
  const near = connectionOf(request.raw);
  if (near === undefined) throw new Error('nothing can be upgraded that did not arrive as an upgrade');
  const { raw } = reply.hijack();
  raw.detachSocket(near.socket);
  raw.statusCode = 101;
  near.socket.write(switchingHead(head, headersOf(head)), 'latin1');
  const pair = { near: near.socket, far: upgraded.socket };
  const leave = joinSockets(pair, { toFar: near.firstBytes, toNear: upgraded.firstBytes });
  near.socket.once('close', () => {
    stream.closed();
  });
  stream.neverEnds(leave);
}

/** An answer that pauses is kept; one that nobody reads any more is not. */
function keepWhileRead(raw: ServerResponse): void {
  raw.on('timeout', (socket: Socket) => {
    if (raw.writableNeedDrain) socket.destroy();
  });
}
