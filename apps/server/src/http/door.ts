import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Log } from './log.ts';
import type { RequestObserver } from './observer.ts';
import type { Traffic } from './traffic.ts';

/** What a flow's `routes.ts` is handed: schemas are zod's, bodies and queries arrive parsed and typed. */
export type Door = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export type PageOptions = {
  /** What `npm run build` made. */
  readonly folder: string;
  /** A line of the operator's, shown on every page; empty for none. */
  readonly notice: string;
  /** The short name of the one company of this deployment; empty where there are many. */
  readonly company: string;
  /** Below which path the SPA's own addresses lie: `/`, or `/auth/app` with an application behind the gate. */
  readonly basePath: string;
  /** Where a sign-in that hands out tokens ends; empty where that is here. */
  readonly appOrigin?: string;
  /** The SPA's addresses as routes: `/sign-in`, `/companies/:slug/*`. */
  readonly paths: readonly string[];
};

export type DoorOptions = {
  /** Nobody signs in: only loopback names are answered, and nothing that passed a proxy. */
  readonly localOnly: boolean;
  readonly publicOrigin: URL;
  /** The public origin and the SPA's, as `URL.origin` spells them. */
  readonly acceptedOrigins: readonly string[];
  /** A path, or an address elsewhere, without query: where a navigation that failed is sent. */
  readonly errorPage: string;
  /** The same for what failed below `/api/`, which belongs to the SPA wherever that is. */
  readonly apiErrorPage: string;
  /** The SPA's origin: the one that may call from elsewhere, with credentials, and read the answers. */
  readonly appOrigin: string;
  readonly buffers: { readonly readBytes: number; readonly writeBytes: number };
  /** Addresses and CIDRs whose `X-Forwarded-For` counts. Empty: nobody's does. */
  readonly trustedProxies: readonly string[];
  readonly log: Log;
  /** Whether the database answers and its migrations are in. */
  readonly isReady: () => Promise<boolean>;
  /** How many callers wait for a database connection. */
  readonly callersWaiting?: () => number;
  readonly page?: PageOptions;
  readonly observers?: readonly RequestObserver[];
  /** For who writes down the API: no other process loads what describes it. */
  readonly describesItself?: boolean;
  /** How long a request may take to arrive; 28 seconds unless told. */
  readonly arrivalMs?: number;
  /** An application lies behind: its requests may be slow and large, and its connections may become WebSockets. */
  readonly hasUpstream?: boolean;
};

/** A 200 of headers alone. Headers that were made once should be the same object again: they are spelled out once. */
export type EarlyAnswer = { readonly route: string; readonly headers: Readonly<Record<string, string>> };

export type EarlyQuestion = { readonly url: string; readonly cookieHeader: string };

/** Nothing leaves the request to its route, and so does whatever is thrown: the route will throw it again. */
export type EarlyAnswerer = (asked: EarlyQuestion) => EarlyAnswer | undefined;

declare module 'fastify' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- declaration merging takes interfaces only
  interface FastifyRequest {
    /** Drawn when first asked for; leads from what the caller sees to the log line and the trace. */
    readonly reference: string;
  }
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- as above
  interface FastifyInstance {
    readonly traffic: Traffic;
    /** Counts and logs a request; for those alone whose answer the framework does not see the end of. */
    readonly completed: (request: FastifyRequest, reply: FastifyReply) => void;
    /** Answers such requests below this path before the framework sees them. */
    readonly answerEarly: (prefix: string, answerer: EarlyAnswerer) => void;
  }
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- as above
  interface FastifyReply {
    /** Answers with the SPA, which reads the address itself. Throws `not_found` where this process has no pages. */
    sendPage(status?: number): FastifyReply;
  }
}
