import type { FastifyRequest } from 'fastify';
import type { CloudConfig } from './config/cloud-config.ts';
import type { Database } from './db/scopes.ts';
import type { SessionOfCaller } from './http/caller.ts';
import type { Door } from './http/door.ts';
import type { RateLimits } from './http/limits/rate-limits.ts';
import { projectInvitationRoutes } from './invitations/project-invitations-routes.ts';
import { landingRoute } from './invitations/landing-routes.ts';
import { invitationRoutes } from './invitations/routes.ts';
import { joinRequestRoutes } from './join-requests/routes.ts';
import type { Clock } from './kernel/clock.ts';
import type { MaybeLater } from './kernel/maybe-later.ts';
import type { MailPolicy } from './mail/index.ts';
import { memberRoutes } from './members/routes.ts';
import { projectRoutes } from './projects/routes.ts';
import { trailRoutes } from './trail/routes.ts';

type CompanyParts = {
  readonly config: Pick<CloudConfig, 'invitationTtlDays'>;
  readonly signedIn: {
    readonly db: Database;
    readonly clock: Clock;
    readonly sessionOf: (request: FastifyRequest) => Promise<SessionOfCaller>;
  };
  readonly visitorOf: (request: FastifyRequest) => MaybeLater<SessionOfCaller | undefined>;
  readonly mailPolicy: MailPolicy;
  readonly rateLimits: Pick<RateLimits, 'invite' | 'join' | 'landing'>;
};

/** Everything below `/api/v1/companies/{slug}`, and the page that an invitation's link leads to. */
export function addCompany(
  app: Door,
  { config, signedIn, visitorOf, mailPolicy, rateLimits }: CompanyParts,
): void {
  const { db, clock } = signedIn;
  const inviting = {
    ...signedIn,
    ttlDays: config.invitationTtlDays,
    mailPolicy,
    limitInviting: rateLimits.invite,
  };
  memberRoutes(app, signedIn);
  projectRoutes(app, signedIn);
  invitationRoutes(app, inviting);
  projectInvitationRoutes(app, inviting);
  landingRoute(app, { db, clock, visitorOf, limitLanding: rateLimits.landing });
  joinRequestRoutes(app, { ...signedIn, mailPolicy, limitAsking: rateLimits.join });
  trailRoutes(app, signedIn);
}
