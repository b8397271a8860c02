import type { FastifyReply, FastifyRequest } from 'fastify';
import { securityRoutes } from './account/security/security-routes.ts';
import type { SecurityRoutesDeps } from './account/security/security-routes.ts';
import { arePasswordsOn } from './build-sign-in.ts';
import type { SignedIn } from './build-sign-in.ts';
import type { SsoConfig } from './config/cloud-config.ts';
import type { PlatformConnections } from './connection/index.ts';
import { resealTotpSecrets } from './credential/index.ts';
import type { SecretSealer } from './credential/index.ts';
import type { Database } from './db/scopes.ts';
import type { HouseCookies } from './http/cookies.ts';
import type { Door } from './http/door.ts';
import type { RateLimits } from './http/limits/rate-limits.ts';
import type { Chore } from './jobs/housekeeping.ts';
import type { Clock } from './kernel/clock.ts';
import { secondMs } from './kernel/clock.ts';
import type { Secret } from './kernel/secret.ts';
import { openSealer } from './keys/index.ts';
import type { MailPolicy } from './mail/index.ts';
import { openSessionToken } from './session/index.ts';
import type { LiveSession } from './session/index.ts';
import { mfaRoutes } from './sign-in/password/mfa-routes.ts';
import { renewSession } from './sign-in/renew-session.ts';

/** What seals the secrets of authenticator apps. */
export function appSealer(masterKeys: readonly Secret[]): SecretSealer {
  return openSealer(masterKeys, 'cloud/totp/v1');
}

/** Seals them all under the first master key. */
export function resealApps(sealer: SecretSealer): Chore {
  return (tx) => resealTotpSecrets(tx, sealer);
}

type SecurityParts = {
  readonly config: SsoConfig;
  readonly db: Database;
  readonly clock: Clock;
  readonly mailPolicy: MailPolicy;
  readonly sealer: SecretSealer;
  readonly connections: PlatformConnections;
  readonly rateLimits: RateLimits;
  readonly passwords: NonNullable<SecurityRoutesDeps['passwords']>;
  readonly sessionOf: (request: FastifyRequest) => Promise<LiveSession>;
  readonly holdSession: (reply: FastifyReply, token: string, maxAgeSeconds: number) => void;
};

/** Where people sign in: what leads into their account. */
export function addSecurity(app: Door, { holdSession, ...parts }: SecurityParts): void {
  const { config, clock, connections, rateLimits } = parts;
  const areOn = arePasswordsOn(config);
  const passwords = areOn ? parts.passwords : undefined;
  securityRoutes(app, {
    ...parts,
    passwords,
    hashes: passwords?.hashes,
    arePasswordsOn: areOn,
    issuer: config.addresses.publicUrl.hostname,
    configuredName: (id) => (connections.has(id) ? connections.find(id).name : undefined),
    countTry: (kind, lineageId) =>
      (kind === 'step_up' ? rateLimits.stepUp : rateLimits.ownPassword)(lineageId),
    renew:
      ({ id, userId }) =>
      (tx, by, now) =>
        renewSession(tx, { id, userId, by }, now),
    holdSession: (reply, token, expiresAt) => {
      holdSession(reply, token, (expiresAt.getTime() - clock.now().getTime()) / secondMs);
    },
  });
}

type SecondStepParts = Pick<
  SecurityParts,
  'config' | 'db' | 'clock' | 'mailPolicy' | 'sealer' | 'rateLimits'
> &
  SignedIn & { readonly cookies: HouseCookies };

/** The second step of a sign-in by password. */
export function addSecondStep(app: Door, { config, rateLimits, ...parts }: SecondStepParts): void {
  mfaRoutes(app, {
    ...parts,
    arePasswordsOn: arePasswordsOn(config),
    limit: rateLimits.callback,
    openSession: (cookie) => openSessionToken(cookie, config.session.secrets),
  });
}
