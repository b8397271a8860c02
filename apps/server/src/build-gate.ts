import type { FastifyRequest } from 'fastify';
import type { Checks } from './build-checks.ts';
import { pagesToSendTo } from './build-pages.ts';
import type { CloudConfig } from './config/cloud-config.ts';
import type { HouseCookies } from './http/cookies.ts';
import type { Door } from './http/door.ts';
import { sessionFinder } from './http/guards.ts';
import type { UpstreamRouteOptions } from './http/upstream/upstream.ts';
import type { Clock } from './kernel/clock.ts';
import { andThen } from './kernel/maybe-later.ts';
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
    knownPerson: checks.knownPerson,
    sign: (claims, lifetimeSeconds) =>
      keyRing.sign(claims, {
        typ: 'gatehouse-assertion+jwt',
        issuer: publicOrigin.origin,
        audience: publicOrigin.host,
        lifetimeSeconds,
      }),
    ...(company !== undefined && { defaultCompany: company }),
  });
  const readVisitor = (check: (cookie: string) => MaybeLater<Visitor | undefined>): VisitorOf =>
    config.mode === 'local'
      ? localVisitor
      : sessionFinder(({ raw }) => cookies.session.findIn(raw.headers.cookie), check);
  const visitorOf = readVisitor(checks.sessionOfCookie.use);
  const stillThere = readVisitor(checks.sessionOfCookie.confirm);
  const knownVisitor = (cookieHeader: string) => {
    const cookie = cookies.session.findIn(cookieHeader);
    return cookie === undefined ? undefined : checks.sessionOfCookie.useKnown(cookie);
  };
  verifyRoutes(app, {
    visitorOf,
    clock,
    knownVisitor: config.mode === 'local' ? undefined : knownVisitor,
    gate,
    pages: pagesToSendTo(config),
  });
  const admit = admitter({ visitorOf, gate, clock });
  return {
    cookies,
    knownUntilMs: checks.knownUntilMs,
    admit: async (request) => await admit(request, {}),
    isStillAdmitted: async (request) =>
      await andThen(stillThere(request), (visitor) => visitor !== undefined && gate.mayStay(visitor, {})),
  };
}

type VisitorOf = (request: FastifyRequest) => MaybeLater<Visitor | undefined>;
type UpstreamGate = Pick<UpstreamRouteOptions, 'admit' | 'isStillAdmitted' | 'knownUntilMs' | 'cookies'>;
