import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Door } from '../http/door.ts';
import { documentHeaders } from '../http/headers.ts';
import { openBoundedMap } from '../kernel/bounded-map.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { andThen } from '../kernel/maybe-later.ts';
import type { ErrorCode } from '../kernel/errors.ts';
import type { MaybeLater } from '../kernel/maybe-later.ts';
import type { EntryQuestion } from './decide-entry.ts';
import type { Gate, Visitor } from './gate.ts';

export type VerifyRoutesDeps = {
  /** Who holds the session cookie; `undefined` for nobody. */
  readonly visitorOf: (request: FastifyRequest) => MaybeLater<Visitor | undefined>;
  readonly gate: Gate;
  readonly clock: Clock;
};

/** Where a person is sent who may not come in, as paths of this origin. */
export type Pages = {
  /** Where it goes on for somebody refused at this path and query; `undefined` where there is only an error to show. */
  readonly goOn: (refusal: AppError, target: string) => string | undefined;
  readonly error: (code: ErrorCode, reference: string) => string;
};

const Question = z.object({
  company: z.string().optional(),
  project: z.string().optional(),
  role: z.enum(['viewer', 'editor', 'admin']).optional(),
});

/** With the 700 ms that what is known may be old, within the second of a revocation. */
const mostRoundMs = 250;
const mostRounds = 2;

/** What whoever comes in is known by; @throws AppError `unauthenticated`, `forbidden`. */
export function admitter({ visitorOf, gate, clock }: VerifyRoutesDeps) {
  type Admit = (
    request: FastifyRequest,
    question: EntryQuestion,
  ) => MaybeLater<Readonly<Record<string, string>>>;
  const admitOnce: Admit = (request, question) =>
    andThen(visitorOf(request), (visitor) => {
      if (visitor === undefined) throw new AppError('unauthenticated');
      return andThen(gate.enter(visitor, question), (verdict) => {
        if (verdict.outcome === 'admitted') return verdict.headers;
        throw new AppError('forbidden', { finding: verdict.reason });
      });
    });
  /** Who is there was asked first: where the rest took long, that is asked again. */
  const admitInTime: Admit = async (request, question) => {
    for (let round = 0; round < mostRounds; round += 1) {
      const startedMs = clock.monotonicMs();
      const headers = await admitOnce(request, question);
      if (clock.monotonicMs() - startedMs <= mostRoundMs) return headers;
    }
    throw new AppError('storage_unavailable', { finding: 'too_slow' });
  };
  return ((request, question) => {
    const startedMs = clock.monotonicMs();
    const admitted = admitOnce(request, question);
    if (!(admitted instanceof Promise)) return admitted;
    return admitted.then((headers) =>
      clock.monotonicMs() - startedMs <= mostRoundMs ? headers : admitInTime(request, question),
    );
  }) satisfies Admit;
}

type EarlyDeps = {
  /** Who holds the session cookie, where that is known and certain; absent where it never is. */
  readonly knownVisitor: ((cookieHeader: string) => Visitor | undefined) | undefined;
};

const mostTargets = 1_000;
const longestTarget = 512;

type Target = { readonly route: string; readonly question: EntryQuestion };

/** What addresses that were answered before ask, so that they need not be read again. */
function openKnownTargets() {
  const targets = openBoundedMap<string, Target>(mostTargets);
  return {
    find: (url: string): Target | undefined => targets.get(url),
    note({ raw, query, routeOptions }: Asked): void {
      const { url = '' } = raw;
      if (url.length > longestTarget || routeOptions.url === undefined) return;
      targets.set(url, { route: routeOptions.url, question: query });
    },
  };
}

/** What the proxy says it was asked for; used for the way back and for nothing else. */
function targetOf({ headers }: FastifyRequest): string {
  return [headers['x-forwarded-uri'] ?? headers['x-original-uri'] ?? '/'].flat()[0] ?? '/';
}

/** The proxy may send a person's browser to the page that it is told of, in place of the bare refusal. */
function refuser(pages: Pages) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply): never => {
    if (thrown instanceof AppError) {
      const page = pages.goOn(thrown, targetOf(request)) ?? pages.error(thrown.code, request.reference);
      reply.header('x-gatehouse-page', page);
      // A proxy may be able to read no more of a refusal than its head.
      reply.header('x-gatehouse-reference', request.reference);
    }
    throw thrown;
  };
}

type Asked = FastifyRequest<{ Querystring: EntryQuestion }>;

/** Forward-auth: asked by a proxy about a request that it holds back meanwhile, with that request's method and headers. */
export function verifyRoutes(
  app: Door,
  { pages, knownVisitor, ...deps }: VerifyRoutesDeps & EarlyDeps & { readonly pages: Pages },
): void {
  const admit = admitter(deps);
  const known = openKnownTargets();
  const refuse = refuser(pages);
  const answer = (request: Asked, reply: FastifyReply) => {
    try {
      const admitted = andThen(admit(request, request.query), (headers) => {
        known.note(request);
        for (const name of Object.keys(documentHeaders)) reply.removeHeader(name);
        return reply.headers(headers).send();
      });
      if (!(admitted instanceof Promise)) return undefined;
      return admitted.catch((error: unknown) => refuse(error, request, reply));
    } catch (error) {
      return refuse(error, request, reply);
    }
  };
  if (knownVisitor !== undefined) {
    app.answerEarly('/auth/verify', ({ url, cookieHeader }) => {
      const target = known.find(url);
      const visitor = target && knownVisitor(cookieHeader);
      const headers = visitor && deps.gate.enterKnown(visitor, target.question);
      return headers && { route: target.route, headers };
    });
  }
  addRoutes(app, answer);
}

type Answer = (request: Asked, reply: FastifyReply) => FastifyReply | Promise<FastifyReply> | undefined;

function addRoutes(app: Door, handler: Answer): void {
  void app.register((scope, _options, done) => {
    // The body is the application's: none of it is read here, and its type is no matter.
    scope.addHook('onRequest', ({ raw }, _reply, next) => {
      delete raw.headers['content-type'];
      next();
    });
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, body, parsed) => {
      body.resume();
      parsed(null);
    });
    // A question that was misspelled must not become a wider one. Below, a proxy may have appended what it was asked for.
    for (const [url, querystring] of [
      ['/auth/verify', Question.strict()],
      ['/auth/verify/*', Question],
    ] as const) {
      const schema = { querystring, hide: true };
      scope.route({ method: scope.supportedMethods, url, schema, exposeHeadRoute: false, handler });
    }
    done();
  });
}
