import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Door } from '../http/door.ts';
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
};

/** Where a person is sent who may not come in, as paths of this origin. */
export type Pages = {
  /** With the way back to the address asked for, if it is one to go back to. */
  readonly signIn: (target: string) => string;
  readonly error: (code: ErrorCode, reference: string) => string;
};

const Question = z.object({
  company: z.string().optional(),
  project: z.string().optional(),
  role: z.enum(['viewer', 'editor', 'admin']).optional(),
});

/** What whoever comes in is known by; @throws AppError `unauthenticated`, `forbidden`. */
export function admitter({ visitorOf, gate }: VerifyRoutesDeps) {
  return (request: FastifyRequest, question: EntryQuestion): MaybeLater<Readonly<Record<string, string>>> =>
    andThen(visitorOf(request), (visitor) => {
      if (visitor === undefined) throw new AppError('unauthenticated');
      return andThen(gate.enter(visitor, question), (verdict) => {
        if (verdict.outcome === 'admitted') return verdict.headers;
        throw new AppError('forbidden', { finding: verdict.reason });
      });
    });
}

/** What the proxy says it was asked for; used for the way back and for nothing else. */
function targetOf({ headers }: FastifyRequest): string {
  return [headers['x-forwarded-uri'] ?? headers['x-original-uri'] ?? '/'].flat()[0] ?? '/';
}

/** Forward-auth: asked by a proxy about a request that it holds back meanwhile, with that request's method and headers. */
export function verifyRoutes(
  app: Door,
  { pages, ...deps }: VerifyRoutesDeps & { readonly pages: Pages },
): void {
  const admit = admitter(deps);
  type Asked = FastifyRequest<{ Querystring: EntryQuestion }>;
  /** The proxy may send a person's browser there in place of the bare refusal. */
  const refuse = (thrown: unknown, request: FastifyRequest, reply: FastifyReply): never => {
    if (thrown instanceof AppError) {
      const { code } = thrown;
      const page =
        code === 'unauthenticated' ? pages.signIn(targetOf(request)) : pages.error(code, request.reference);
      reply.header('x-gatehouse-page', page);
      // A proxy may be able to read no more of a refusal than its head.
      reply.header('x-gatehouse-reference', request.reference);
    }
    throw thrown;
  };
  const answer = (request: Asked, reply: FastifyReply) => {
    try {
      const admitted = andThen(admit(request, request.query), (headers) => reply.headers(headers).send());
      if (!(admitted instanceof Promise)) return undefined;
      return admitted.catch((error: unknown) => refuse(error, request, reply));
    } catch (error) {
      return refuse(error, request, reply);
    }
  };
  void app.register((scope, _options, done) => {
    // The body is the application's: none of it is read here.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, body, parsed) => {
      body.resume();
      parsed(null);
    });
    const schema = { querystring: Question, hide: true };
    for (const url of ['/auth/verify', '/auth/verify/*']) {
      scope.route({ method: scope.supportedMethods, url, schema, exposeHeadRoute: false, handler: answer });
    }
    done();
  });
}
