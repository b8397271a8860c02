import type { FastifyReply, FastifyRequest } from 'fastify';
import { emailProofRoutes } from './account/email-proof-routes.ts';
import { tellMe } from './account/routes.ts';
import type { AccountRoutesDeps } from './account/routes.ts';
import type { Mail } from './build-mail.ts';
import type { CloudConfig } from './config/cloud-config.ts';
import type { Database } from './db/scopes.ts';
import type { Door } from './http/door.ts';
import type { Clock } from './kernel/clock.ts';
import { secondMs } from './kernel/clock.ts';
import type { LiveSession, SessionLimits } from './session/index.ts';
import { proveMailbox } from './sign-in/mailbox/prove-mailbox.ts';
import { requestCode } from './sign-in/mailbox/request-code.ts';
import { renewSession } from './sign-in/renew-session.ts';
import { openAccess } from './sign-in/settle/access.ts';
import type { Access, AccessRules, Freshness } from './sign-in/settle/access.ts';

/** Who may enter: asked at a sign-in, and where a mailbox is proven. */
export function accessOf(config: CloudConfig, freshness: Freshness): Access {
  return openAccess(accessRules(config), freshness);
}

function accessRules(config: CloudConfig): AccessRules {
  if (config.mode === 'local') return { policy: { kind: 'sso' } } as const;
  const { policy, company } = config;
  const { slug, bootstrapEmail } = company ?? {};
  return {
    policy,
    ...(slug !== undefined && {
      company: { slug, ...(bootstrapEmail && { onlyBootstrapEmail: bootstrapEmail }) },
    }),
  };
}

type HoldSession = (reply: FastifyReply, token: string, maxAgeSeconds: number) => void;

/** What an accepted invitation does to the session that accepted it. */
export function renewalBy(hold: HoldSession): NonNullable<AccountRoutesDeps['renewal']> {
  return {
    hold,
    renew:
      ({ id, userId }) =>
      (tx, by, now) =>
        renewSession(tx, { id, userId, by }, now),
  };
}

type EmailProofParts = {
  readonly db: Database;
  readonly clock: Clock;
  readonly limits: SessionLimits;
  readonly access: Access;
  readonly mail: Pick<Mail, 'policy' | 'codes'>;
  readonly sessionOf: (request: FastifyRequest) => Promise<LiveSession>;
  readonly holdSession: HoldSession;
};

/** Where people sign in: how they prove a mailbox. */
export function addEmailProofs(
  app: Door,
  { db, clock, limits, access, mail, sessionOf, holdSession }: EmailProofParts,
): void {
  const proving = { db, clock, mailPolicy: mail.policy };
  emailProofRoutes(app, {
    sessionOf,
    requestCode: (asked) => requestCode({ ...proving, policy: access.policy }, asked),
    proveMailbox: proveMailbox({ ...proving, limits, access, codes: mail.codes }),
    holdSession: (reply, token, expiresAt) => {
      holdSession(reply, token, (expiresAt.getTime() - clock.now().getTime()) / secondMs);
    },
    tellMe: (session) => tellMe({ db, clock }, session),
  });
}
