import { METHODS } from 'node:http';
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { AppError } from '../../kernel/errors.ts';
import type { HouseCookies } from '../cookies.ts';
import type { Door } from '../door.ts';
import { isNavigation } from '../navigation.ts';
import { watchStreams } from './open-streams.ts';
import { allowSlowBody } from './slow-bodies.ts';
import { connectionOf, serveUpgrades } from './upgrades.ts';
import { openUpstream } from './exchange.ts';
import { requestHeaders } from './headers.ts';
import { upstreamRoute } from './target.ts';
import { upstreamRelay } from './relay.ts';
import type { Listener } from './relay.ts';

/** Headers that say who is there. */
type Added = Readonly<Record<string, string>>;

export type UpstreamRouteOptions = {
  /** Scheme, host and port of the application. */
  readonly url: URL;
  /** Where people see it: the application is told that it is served there. */
  readonly publicOrigin: URL;
  readonly cookies: HouseCookies;
  /** The largest head of an answer that is read. */
  readonly mostHeadBytes: number;
  /** How long the application may take for the head of an answer, once it has the whole request. */
  readonly answerMs?: number;
  /**
   * Who is there, as headers for the application.
   * @throws AppError `unauthenticated`, `forbidden`, `storage_unavailable`
   */
  readonly admit: (request: FastifyRequest) => Promise<Added>;
  /** The same question about what is open already. An error means that nobody knows. */
  readonly isStillAdmitted: (request: FastifyRequest) => Promise<boolean>;
  /** Until when a yes from memory is known to be true, on the monotonic clock; undefined: it came from elsewhere. */
  readonly knownUntilMs: () => number | undefined;
  /** Where a person goes on who was refused at this path and query; `undefined` where there is only an error to show. */
  readonly goOnPage: (refusal: AppError, target: string) => string | undefined;
};

const answerMs = 30_000;
/** Not CONNECT, which asks for a tunnel, nor TRACE, which would show what we add to whoever asks. */
const methods = METHODS.filter((method) => method !== 'CONNECT' && method !== 'TRACE');
/** Nobody hears it; the log tells by it who hung up before there was an answer. */
const clientGone = 499;

/**
 * Where a person goes on in place of the refusal; @throws it where there is no such place. No form is sent elsewhere: its
 * body would be lost without a word.
 */
function pageInstead(
  error: unknown,
  { method, headers, raw }: FastifyRequest,
  { goOnPage }: Pick<UpstreamRouteOptions, 'goOnPage'>,
): string {
  const mayMove = (method === 'GET' || method === 'HEAD') && isNavigation(headers);
  const page = error instanceof AppError && mayMove ? goOnPage(error, raw.url ?? '/') : undefined;
  if (page === undefined) throw error;
  return page;
}

/**
 * The application behind the gate: whatever no route of ours answers is passed on, once it is known who asks. It is
 * served under the public name, so its redirects, cookies and checks of `Host` and `Origin` are as if it stood there
 * alone. Bodies stream both ways; trailers of a request are dropped, as any proxy may (RFC 9110 §6.5.1).
 */
export async function addUpstream(app: Door, options: UpstreamRouteOptions): Promise<void> {
  const upstream = openUpstream({ answerMs, ...options });
  const streams = watchStreams({ traffic: app.traffic, ...options });
  const cookieNames = [options.cookies.session.name, options.cookies.attempt.name];
  const relay = upstreamRelay({ ...options, cookieNames, traffic: app.traffic });

  async function pass(listener: Listener, added: Added): Promise<FastifyReply> {
    const { request, reply, gone } = listener;
    const { raw } = request;
    const isUpgrade = connectionOf(raw) !== undefined;
    const passenger = { raw, address: request.ip, added, isUpgrade };
    const headers = requestHeaders(passenger, { cookieNames, publicOrigin: options.publicOrigin });
    const question = { raw, headers, isUpgrade, signal: gone.signal };
    const answer = await upstream.ask(question).catch(unlessGone(gone));
    if (answer !== undefined && !gone.signal.aborted) return relay(answer, listener);
    answer?.upgraded?.socket.destroy();
    return tellNobody(request, reply);
  }

  async function handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const gone = followLeaving(reply);
    const admittedAtMs = performance.now();
    let added: Added;
    try {
      added = await options.admit(request);
    } catch (error) {
      return reply.redirect(pageInstead(error, request, options), 303);
    }
    if (gone.signal.aborted) return tellNobody(request, reply);
    allowSlowBody(request);
    const stream = streams.add({ request, admittedAtMs, cut: () => request.raw.socket.destroy() });
    gone.signal.addEventListener('abort', stream.closed);
    return await pass({ request, reply, stream, gone }, added);
  }

  app.addHook('onClose', () => {
    streams.close();
    upstream.close();
  });
  serveUpgrades(app);
  await addRoute(app, handle);
}

function unlessGone(gone: AbortController) {
  return (error: unknown): undefined => {
    if (!gone.signal.aborted) throw error;
  };
}

/** Aborted when the connection to the browser, or the answer on it, is over; also when it was before this was asked. */
function followLeaving({ raw }: FastifyReply): AbortController {
  const gone = new AbortController();
  if (raw.destroyed) gone.abort();
  raw.once('close', () => {
    gone.abort();
  });
  return gone;
}

function tellNobody(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.raw.statusCode = clientGone;
  request.server.completed(request, reply);
  return reply.hijack();
}

async function addRoute(app: Door, handler: RouteHandlerMethod): Promise<void> {
  await app.register((scope, _options, done) => {
    // Bodies are passed on as they come, so nothing of them is read here.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _body, parsed) => {
      parsed(null);
    });
    const schema = { hide: true };
    scope.route({ method: methods, url: upstreamRoute, schema, exposeHeadRoute: false, handler });
    done();
  });
}
