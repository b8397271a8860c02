import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { AppError } from '../kernel/errors.ts';
import { corsFor } from './cors.ts';
import { csrfFacts, decideCsrf, decideUpstreamCsrf } from './csrf.ts';
import type { DoorOptions } from './door.ts';
import { hasSeveralHosts, headBytes, isForwarded } from './head.ts';
import { securityHeaders } from './headers.ts';
import { hostPolicy } from './hosts.ts';
import type { HostDecision } from './hosts.ts';
import type { MethodBook } from './methods.ts';
import { isForMachines, isProbe, isNavigation, pathOf } from './navigation.ts';
import { queryRefusal } from './query.ts';
import { asksForWebSocket } from './upstream/upgrades.ts';
import { decideTarget, upstreamRoute } from './upstream/target.ts';

type Check = (request: FastifyRequest, reply: FastifyReply) => AppError | undefined;

/** The route's pattern where there is a route: what the router matched cannot be spelled two ways. */
function placeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? pathOf(request.raw.url ?? '/');
}

/**
 * Node reads twice this much, so that here the whole head is known. The browser is told to drop its cookies only when
 * they are what is too large: a foreign page can lengthen the address, but not our cookies.
 */
function headCheck(mostBytes: number): Check {
  return (request, reply) => {
    if (headBytes(request.raw) <= mostBytes) return undefined;
    reply.header('connection', 'close');
    const cookieBytes = request.raw.headers.cookie?.length ?? 0;
    if (cookieBytes > mostBytes / 2) reply.header('clear-site-data', '"cookies"');
    return new AppError('headers_too_large');
  };
}

const targetCheck: Check = ({ raw }) => {
  if (raw.url?.startsWith('/') !== true)
    return new AppError('request_invalid', { finding: 'target_not_a_path' });
  return hasSeveralHosts(raw) ? new AppError('request_invalid', { finding: 'several_hosts' }) : undefined;
};

function hostDecider(options: DoorOptions): (request: FastifyRequest) => HostDecision {
  const decide = hostPolicy(options);
  // Where nobody signs in, a name that somebody rebound to this machine would otherwise be told who is there.
  const isExempt = options.localOnly ? isProbe : isForMachines;
  return (request) => {
    if (isExempt(placeOf(request))) return { outcome: 'answered' };
    const mayMove = request.method === 'GET' || request.method === 'HEAD';
    return decide({
      host: request.raw.headers.host,
      isForwarded: options.localOnly && isForwarded(request.raw.headers),
      opensPage: mayMove && isNavigation(request.headers),
    });
  };
}

function isForUpstream(request: FastifyRequest): boolean {
  return request.routeOptions.url === upstreamRoute;
}

function routeCheck(book: MethodBook): Check {
  return (request) => {
    const target = request.raw.url ?? '/';
    if (isForUpstream(request)) {
      const decision = decideTarget(target);
      if (decision === 'upstream') return undefined;
      if (decision === 'ambiguous') return new AppError('request_invalid', { finding: 'target_ambiguous' });
    } else if (!request.is404) return undefined;
    const allowed = book.allowedAt(pathOf(target));
    if (allowed.length === 0) return new AppError('not_found');
    return new AppError('method_not_allowed', { allow: allowed.join(', ') });
  };
}

const queryCheck: Check = (request) => {
  if (isForUpstream(request)) return undefined;
  const detail = queryRefusal(request.query);
  return detail === undefined ? undefined : new AppError('request_invalid', { detail });
};

function csrfCheck(options: DoorOptions): Check {
  const rules = { publicOrigin: options.publicOrigin.origin, acceptedOrigins: options.acceptedOrigins };
  return (request) => {
    if (isForMachines(placeOf(request))) return undefined;
    const facts = csrfFacts(request.method, request.raw.headers);
    const decision = isForUpstream(request)
      ? decideUpstreamCsrf({ ...facts, isWebSocket: asksForWebSocket(request.raw) }, rules)
      : decideCsrf(facts, rules);
    return decision.outcome === 'accepted'
      ? undefined
      : new AppError('csrf_rejected', { finding: decision.finding });
  };
}

/** Runs before the body is read and before any hook of a flow, in this order. */
export function entrance(options: DoorOptions, book: MethodBook) {
  const headers = securityHeaders(options.publicOrigin);
  const decideHost = hostDecider(options);
  const answerCors = corsFor(options.appOrigin);
  const before = [headCheck(options.buffers.readBytes), targetCheck];
  const after = [routeCheck(book), queryCheck, csrfCheck(options)];

  function firstRefusal(checks: Check[], request: FastifyRequest, reply: FastifyReply): AppError | undefined {
    for (const check of checks) {
      const refusal = check(request, reply);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  return (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void => {
    reply.headers(headers);
    request.server.traffic.enter(reply);
    const unfit = firstRefusal(before, request, reply);
    if (unfit !== undefined) {
      done(unfit);
      return;
    }
    const host = decideHost(request);
    if (host.outcome === 'moved') {
      reply.redirect(`${options.publicOrigin.origin}${request.raw.url ?? '/'}`, 302);
      return;
    }
    if (host.outcome === 'answered' && answerCors(request, reply)) {
      void reply.code(204).send();
      return;
    }
    done(
      host.outcome === 'refused'
        ? new AppError('host_unknown', { finding: host.finding })
        : firstRefusal(after, request, reply),
    );
  };
}
