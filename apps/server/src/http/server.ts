import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import fastify, { LogController } from 'fastify';
import type { FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { AppError } from '../kernel/errors.ts';
import { clientErrorAnswerer } from './client-errors.ts';
import { houseCookies } from './cookies.ts';
import type { Door, DoorOptions } from './door.ts';
import { earlyAnswers } from './early.ts';
import { entrance } from './entrance.ts';
import { addHealth } from './health.ts';
import { securityHeaders } from './headers.ts';
import { logCompletion } from './log.ts';
import { openMethodBook } from './methods.ts';
import { METHODS } from './node-http.ts';
import type { MethodBook } from './methods.ts';
import { answeredOf } from './observer.ts';
import { addPage } from './page.ts';
import { problemRenderer } from './problem.ts';
import { parseQuery } from './query.ts';
import { referenceOf } from './reference.ts';
import { decideTarget } from './upstream/target.ts';
import { limitSlowBodies } from './upstream/slow-bodies.ts';
import { shedLoad } from './limits/shed.ts';
import { openTraffic } from './traffic.ts';
import type { Traffic } from './traffic.ts';
import { asksForWebSocket } from './upstream/upgrades.ts';

const bodyBytes = 64 * 1024;
/** With the second between two looks of Node's, below the ten that a slow head is given. */
const headMs = 8_000;
const usualArrivalMs = 28_000;
const lookEveryMs = 1_000;
const idleConnectionMs = 72_000;
/** Nothing read and nothing written for this long: the other side has gone, or reads to hold us. */
const stalledMs = 60_000;

/** In the place of the compilers for JSON Schema, which would be loaded though every schema here is zod's. */
function unused(): never {
  throw new Error('zod compiles the schemas');
}

/** What asks the same of an address of ours is an ordinary request. */
function isUpgradeForUpstream(request: IncomingMessage): boolean {
  return asksForWebSocket(request) && decideTarget(request.url ?? '/') === 'upstream';
}

type ServerOptions = FastifyServerOptions & { http: object };

function serverOptions(options: DoorOptions, traffic: Traffic): ServerOptions {
  return {
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => randomUUID(),
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    bodyLimit: bodyBytes,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    // Node knows one time for all bodies; where some may take longer, the door keeps it.
    requestTimeout: options.hasUpstream === true ? 0 : (options.arrivalMs ?? usualArrivalMs),
    keepAliveTimeout: idleConnectionMs,
    connectionTimeout: stalledMs,
    // While draining, what still arrives on an open connection is answered, and the connection then closed.
    return503OnClosing: false,
    routerOptions: { querystringParser: parseQuery },
    schemaController: { compilersFactory: { buildValidator: unused, buildSerializer: unused } },
    clientErrorHandler: clientErrorAnswerer(options.log, traffic),
    http: {
      maxHeaderSize: 2 * options.buffers.readBytes,
      highWaterMark: options.buffers.writeBytes,
      headersTimeout: headMs,
      connectionsCheckingInterval: lookEveryMs,
      ...(options.hasUpstream === true && { shouldUpgradeCallback: isUpgradeForUpstream }),
    },
  };
}

type Renderer = ReturnType<typeof problemRenderer>;
type Entrance = ReturnType<typeof entrance>;

function makeServer(options: DoorOptions, traffic: Traffic, render: Renderer): Door {
  const headers = securityHeaders(options.publicOrigin);
  const app = fastify({
    ...serverOptions(options, traffic),
    // What the router itself cannot read meets no hook.
    frameworkErrors: (error, request, reply) => {
      reply.headers({ ...headers, connection: 'close' }); // a body may still be coming
      render(error, request, reply);
      tellCompletion(options, request, reply);
    },
  }).withTypeProvider<ZodTypeProvider>();
  // Known to the router, so that the gate can be asked with any; CONNECT asks for a tunnel and never gets here.
  for (const method of METHODS.filter((one) => one !== 'CONNECT' && !app.supportedMethods.includes(one)))
    app.addHttpMethod(method, { hasBody: true });
  // Otherwise the framework insists on a content type, which is for whoever reads the body to do.
  app.addHttpMethod('QUERY', { hasBody: false, overrideExisting: true });
  app.decorate('traffic', traffic);
  app.decorateRequest('reference', {
    getter(this: FastifyRequest) {
      return referenceOf(this);
    },
  });
  app.removeContentTypeParser('text/plain');
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(render);
  app.setNotFoundHandler((request, reply) => render(new AppError('not_found'), request, reply));
  return app;
}

function tellCompletion({ observers = [] }: DoorOptions, request: FastifyRequest, reply: FastifyReply): void {
  logCompletion(request, reply);
  if (observers.length === 0) return;
  const answered = answeredOf(request, reply);
  for (const observer of observers) observer.end(answered);
}

function addHooks(
  app: Door,
  options: DoorOptions,
  { book, enter }: { book: MethodBook; enter: Entrance },
): void {
  app.addHook('onRoute', (route) => {
    book.note(route);
  });
  for (const { begin } of options.observers ?? []) {
    if (begin === undefined) continue;
    app.addHook('onRequest', (request, _reply, done) => {
      begin(request, done);
    });
  }
  app.addHook('onRequest', enter);
  app.decorate('completed', (request, reply) => {
    app.traffic.leave(reply);
    tellCompletion(options, request, reply);
  });
  app.addHook('onResponse', (request, reply, done) => {
    app.completed(request, reply);
    done();
  });
}

/**
 * The HTTP server before any flow has added its routes. Every rule that holds for all of them is applied here, before
 * a body is read. `listen` is the caller's: on an address, for under the name `localhost` Fastify opens a second
 * server that does not know how to refuse.
 */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const book = openMethodBook();
  const render = problemRenderer({
    ...options,
    cookies: houseCookies(options.publicOrigin),
    hasNotFoundPage: options.page !== undefined,
  });
  const app = makeServer(options, openTraffic(), render);
  shedLoad(app, options);
  app.decorate('answerEarly', earlyAnswers(app, options));
  if (options.hasUpstream === true) limitSlowBodies(app, options.arrivalMs ?? usualArrivalMs);
  addHooks(app, options, { book, enter: entrance(options, book) });
  if (options.describesItself === true) {
    const { describeRoutes } = await import('./describe.ts');
    await describeRoutes(app);
  }
  addHealth(app, options.isReady);
  await addPage(app, options.page);
  return app;
}
