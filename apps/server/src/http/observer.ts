import type { FastifyReply, FastifyRequest } from 'fastify';
import { refusalOf } from './log.ts';
import type { RefusalFacts } from './log.ts';

export type Answered = {
  readonly request: FastifyRequest;
  /** The pattern of the route, never the address; `none` where there is no route. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
  readonly refusal?: RefusalFacts;
};

/** Counts or traces requests. Must not throw. */
export type RequestObserver = {
  /** Called before anything else; what is done for the request is done within `proceed`. */
  begin?(request: FastifyRequest, proceed: () => void): void;
  end(answered: Answered): void;
  /** A request was answered with 200 before it began. */
  early?(answered: Pick<Answered, 'route' | 'seconds'> & { readonly method: string }): void;
  /** A request was refused as `overloaded` before it began. */
  shed?(): void;
};

export function answeredOf(request: FastifyRequest, reply: FastifyReply): Answered {
  const refusal = refusalOf(request);
  return {
    request,
    route: request.routeOptions.url ?? 'none',
    status: reply.statusCode,
    seconds: reply.elapsedTime / 1000,
    ...(refusal && { refusal }),
  };
}
