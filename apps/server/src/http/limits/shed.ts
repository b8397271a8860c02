import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { AppError, errorCatalogue } from '../../kernel/errors.ts';
import { newReference } from '../../kernel/references.ts';
import type { Door, DoorOptions } from '../door.ts';
import { securityHeaders } from '../headers.ts';
import { isNavigation, pathOf } from '../navigation.ts';
import { watchLoad } from './overload.ts';
import { htmlType, plainPage, plainPagePolicy } from '../plain-page.ts';
import { problemType, toProblem } from '../problem.ts';
import { addToSum } from './refusal-sums.ts';

/** Probes, cached checks, pages and what goes upstream are no part of it: they are let in whatever there is to do. */
const needsDatabase = /^\/(?:api\/v1\/|auth\/(?:login|callback|logout)$)/;

/** Below here nobody is answered who does not say who they are. */
const isCall = /^\/api\/v1\/(?!auth\/)/;

/** One to three seconds, drawn, so that those who were refused together do not come back together. */
const shortestRetrySeconds = 1;
const retrySpreadSeconds = 3;

/**
 * Where there is no room, refuses before the framework sees the request: a refusal that costs as much as an answer
 * would itself be the overload. It touches nothing, so that a callback that is loaded again finds its attempt.
 */
export function shedLoad(app: Door, options: DoorOptions): void {
  const { server, log, traffic } = app;
  const load = watchLoad(options.callersWaiting ?? (() => 0));
  app.addHook('onClose', () => {
    load.stop();
  });
  const answerFor = refusals(options);
  // Of this event there are no other listeners: the framework's own.
  const [handle] = server.listeners('request') as RequestListener[];
  if (handle === undefined) throw new Error('the framework does not listen');
  server.removeAllListeners('request');
  server.on('request', (raw: IncomingMessage, response: ServerResponse) => {
    if (!mayNeedDatabase(raw) || load.admits()) {
      handle(raw, response);
      return;
    }
    addToSum(log, { code: 'overloaded' });
    for (const observer of options.observers ?? []) observer.shed?.();
    const { headers, body } = answerFor(raw.headers);
    response.writeHead(errorCatalogue.overloaded.status, {
      ...headers,
      'retry-after': String(shortestRetrySeconds + Math.floor(Math.random() * retrySpreadSeconds)),
      'content-length': String(Buffer.byteLength(body)),
      ...((traffic.isDraining() || mayHaveBody(raw)) && { connection: 'close' }),
    });
    response.end(body);
  });
}

/** Who shows nothing to a call is told so without asking anybody; only what signs in is asked by people who have nothing yet. */
function mayNeedDatabase({ url = '/', headers }: IncomingMessage): boolean {
  const path = decoded(pathOf(url));
  if (!needsDatabase.test(path)) return false;
  const { cookie, authorization } = headers;
  return !isCall.test(path) || cookie !== undefined || authorization !== undefined;
}

/** Nobody will read it, nor wait for its end. */
function mayHaveBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

/** As the router reads it, which cannot read what is not decoded. */
function decoded(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

type Refusal = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** For a person a page at the address where they are, which can be loaded again; for a program the problem. */
function refusals({ publicOrigin }: DoorOptions): (asked: IncomingHttpHeaders) => Refusal {
  const headers = securityHeaders(publicOrigin);
  const { title, remedy } = errorCatalogue.overloaded;
  const page = {
    headers: { ...headers, 'content-security-policy': plainPagePolicy, 'content-type': htmlType },
    body: plainPage({ title, text: remedy }),
  };
  const problemHeaders = { ...headers, 'content-type': problemType };
  const refusal = new AppError('overloaded');
  return (asked) =>
    isNavigation(asked)
      ? page
      : { headers: problemHeaders, body: JSON.stringify(toProblem(refusal, newReference())) };
}
