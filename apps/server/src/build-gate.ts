import type { FastifyRequest } from 'fastify';
import type { Checks } from './build-checks.ts';
import { pagesToSendTo } from './build-pages.ts';
import type { CloudConfig } from './config/cloud-config.ts';
import type { HouseCookies } from './http/cookies.ts';
import type { Door } from './http/door.ts';
import { sessionFinder } from './http/guards.ts';
import type { UpstreamRouteOptions } from './http/upstream.ts';
import type { Clock } from './kernel/clock.ts';
import { AppError } from './kernel/errors.ts';
import type { MaybeLater } from './kernel/maybe-later.ts';
import type { KeyRing } from './keys/index.ts';
import { openGate } from './verify/gate.ts';
import type { Visitor } from './verify/gate.ts';
import { admitter, verifyRoutes } from './verify/routes.ts';

export type GateParts = {
  readonly config: CloudConfig;
  readonly clock: Clock;
  readonly cookies: HouseCookies;
  readonly checks: Checks;
  readonly keyRing: KeyRing;
  /** Who is always there where nobody signs in. */
  readonly localVisitor: () => Promise<Visitor>;
};

const localCompany = 'personal';

/** The gate for applications on the same host. */
export function addGate(
  app: Door,
  { config, clock, cookies, checks, keyRing, localVisitor }: GateParts,
): UpstreamGate {
  const { publicOrigin } = config.addresses;
  const company = config.mode === 'local' ? localCompany : config.company?.slug;
  const gate = openGate({
    clock,
    personOf: checks.personOf,
    sign: (claims, lifetimeSeconds) =>
      keyRing.sign(claims, {
        typ: 'gatehouse-assertion+jwt',
        issuer: publicOrigin.origin,
        audience: publicOrigin.host,
        lifetimeSeconds,
      }),
    ...(company !== undefined && { defaultCompany: company }),
  });
  const visitorOf: (request: FastifyRequest) => MaybeLater<Visitor | undefined> =
    config.mode === 'local'
      ? localVisitor
      : sessionFinder(cookies.session.readForAnother, checks.sessionOfCookie);
  verifyRoutes(app, { visitorOf, gate, pages: pagesToSendTo(config) });
  return upstreamGate(admitter({ visitorOf, gate }), cookies);
}

type UpstreamGate = Pick<UpstreamRouteOptions, 'admit' | 'isStillAdmitted' | 'cookies'>;

const answersNo = new Set(['unauthenticated', 'forbidden']);

/** The same gate for the application behind it: no project and no role in particular, and whoever is in may be asked again. */
function upstreamGate(admitTo: ReturnType<typeof admitter>, cookies: HouseCookies): UpstreamGate {
  const admit: UpstreamGate['admit'] = async (request) => await admitTo(request, {});
  return {
    cookies,
    admit,
    isStillAdmitted: (request) =>
      admit(request).then(
        () => true,
        (error: unknown) => {
          if (error instanceof AppError && answersNo.has(error.code)) return false;
          throw error;
        },
      ),
  };
}
