import type { Checks } from './build-checks.ts';
import type { Mail } from './build-mail.ts';
import { pagesToSendTo } from './build-pages.ts';
import { allDirectories } from './build-providers.ts';
import type { CloudConfig, SsoConfig } from './config/cloud-config.ts';
import type { PlatformConnections } from './connection/index.ts';
import type { Database } from './db/scopes.ts';
import type { HouseCookies } from './http/cookies.ts';
import type { Door } from './http/door.ts';
import { bearerFinder } from './http/guards.ts';
import type { RateLimits } from './http/limits/rate-limits.ts';
import type { Clock } from './kernel/clock.ts';
import type { Secret } from './kernel/secret.ts';
import { deriveKeys } from './keys/index.ts';
import type { KeyRing } from './keys/index.ts';
import type { Provider } from './provider/provider.ts';
import { openSessionToken, sealSessionToken } from './session/index.ts';
import type { SessionLimits } from './session/index.ts';
import type { SignInDeps } from './sign-in/deps.ts';
import { cookieHold, tokenHold } from './sign-in/holds.ts';
import { linkRoutes } from './sign-in/link-routes.ts';
import { microsoftRoutes } from './sign-in/microsoft-routes.ts';
import { knownBrowserSeconds } from './sign-in/password/password-routes.ts';
import { signInRoutes } from './sign-in/routes.ts';
import type { Access } from './sign-in/settle/access.ts';
import { enterByPassword, passwordConnection } from './sign-in/settle/enter-by-password.ts';
import type { EnterByPassword } from './sign-in/settle/enter-by-password.ts';
import { settleLink } from './sign-in/settle/settle-link.ts';
import { settleSignIn } from './sign-in/settle/settle-sign-in.ts';
import type { HandTokens, Surface } from './sign-in/surface-routes.ts';
import { issueAccessToken } from './sign-in/tokens/access-token.ts';
import { sessionKeeper, setRefreshCookie, tokenRoutes } from './sign-in/tokens/token-routes.ts';

/** How our access tokens are told from all other tokens of ours (RFC 9068 §2.1). */
export function accessTokenKind(publicOrigin: URL) {
  return { typ: 'at+jwt', issuer: publicOrigin.origin, audience: 'gatehouse' };
}

export type SignInParts = {
  readonly config: CloudConfig;
  readonly db: Database;
  readonly clock: Clock;
  readonly cookies: HouseCookies;
  readonly connections: PlatformConnections;
  readonly openProvider: (connectionId: string) => Provider;
  readonly checks: Checks;
  readonly keyRing: KeyRing;
  readonly masterKeys: readonly Secret[];
  readonly access: Access;
  readonly mail: Pick<Mail, 'policy'>;
  readonly rateLimits: RateLimits;
  /** Of cookies. */
  readonly limits: SessionLimits;
  readonly onLeg: SignInDeps['onLeg'];
  /** Brings up to date what this process knows of people. */
  readonly catchUp: () => Promise<void>;
};

/** Nobody stays at a provider for longer, and no browser is known for anything else. */
const attemptSeconds = 3600;

export function arePasswordsOn(config: CloudConfig): boolean {
  return config.mode === 'sso' && config.policy.kind === 'standard';
}

/** What other ways to sign in end in. */
export type SignedIn = { readonly handTokens: HandTokens; readonly byPassword: EnterByPassword };

/** Both surfaces of signing in: one core, two last steps. */
export function addSignIn(app: Door, parts: SignInParts): SignedIn {
  const { config, db, clock, access, mail, limits } = parts;
  const tokenLimits = { ...limits, ...(config.mode === 'sso' && { ttlMs: config.tokens.refreshTtlMs }) };
  const holds = { session: cookieHold(limits), token_pair: tokenHold(tokenLimits) };
  const settlement = { db, clock, access, mailPolicy: mail.policy };
  const handTokens = tokenHander(parts);
  const surface = surfaceOf(parts, {
    holds,
    settle: {
      session: settleSignIn(settlement, holds.session),
      token_pair: settleSignIn(settlement, holds.token_pair),
      link: settleLink({ ...settlement, hold: holds.session, nameOf: nameIn(parts.connections) }),
    },
    handTokens,
  });
  const policy = config.mode === 'sso' ? config.policy.kind : 'sso';
  const drawn = { mode: config.mode, policy, password: policy === 'standard' };
  signInRoutes(app, { ...surface, policy: drawn });
  if (config.mode === 'sso') addTokens(app, surface, { ...parts, config, limits: tokenLimits });
  const hold = holds.token_pair;
  return { handTokens, byPassword: enterByPassword({ access, hold, mailPolicy: mail.policy }) };
}

function nameIn(connections: PlatformConnections): (connectionId: string) => string {
  return (connectionId) => connections.find(connectionId).name;
}

function surfaceOf(parts: SignInParts, core: Pick<Surface, 'holds' | 'settle' | 'handTokens'>): Surface {
  const { config, db, clock, cookies, connections, openProvider, rateLimits, onLeg } = parts;
  const { publicOrigin, appBaseUrl } = config.addresses;
  const secrets = config.mode === 'sso' ? config.session.secrets : [];
  const pages = pagesToSendTo(config);
  return {
    ...core,
    onLeg,
    db,
    clock,
    cookies,
    publicOrigin,
    appOrigin: appBaseUrl,
    connections,
    openProvider,
    limits: rateLimits,
    landingPage: pages.landing,
    appLandingPage: pages.appLanding,
    sealSession: (token) => sealSessionToken(token, secrets),
    openSession: (cookie) => openSessionToken(cookie, secrets),
    attemptCookieSeconds: arePasswordsOn(config) ? knownBrowserSeconds : attemptSeconds,
    sessionTtlSeconds: parts.limits.ttlMs / 1000,
  };
}

function tokenHander(parts: SignInParts): HandTokens {
  const { cookies, clock, catchUp } = parts;
  const deps = issuing(parts);
  return async (reply, session, token) => {
    await catchUp(); // the token names what this very sign-in may have changed
    const access = await issueAccessToken(deps, session);
    if (token !== undefined) setRefreshCookie(cookies.refresh, reply, { session, token, now: clock.now() });
    return access;
  };
}

function issuing({ config, checks, keyRing }: SignInParts) {
  const kind = accessTokenKind(config.addresses.publicOrigin);
  return {
    personOf: checks.personOf,
    sign: (claims: Readonly<Record<string, unknown>>, lifetimeSeconds: number) =>
      keyRing.sign(claims, { ...kind, lifetimeSeconds }),
    accessTtlMs: config.mode === 'sso' ? config.tokens.accessTtlMs : 0,
  };
}

function addTokens(app: Door, surface: Surface, parts: SignInParts & { readonly config: SsoConfig }): void {
  const { config, db, clock, cookies, connections, checks, mail, limits, rateLimits } = parts;
  const isPasswordWayIn = arePasswordsOn(config);
  const refreshing = {
    db,
    clock,
    limits,
    keys: deriveKeys(parts.masterKeys, 'cloud/refresh-successor/v1'),
    policy: config.policy,
    isWayIn: (connectionId: string) =>
      connectionId === passwordConnection ? isPasswordWayIn : connections.has(connectionId),
    mailPolicy: mail.policy,
    refreshCookie: cookies.refresh,
  };
  tokenRoutes(app, {
    ...issuing(parts),
    ...refreshing,
    limit: rateLimits.refresh,
    bearerOf: bearerFinder(checks.sessionOfBearer, () => undefined),
  });
  const isAppForeign = config.tokens.refreshCookieSameSite === 'none';
  linkRoutes(app, { ...surface, keepSession: sessionKeeper(refreshing), isAppForeign });
  if (config.microsoft !== undefined)
    microsoftRoutes(app, { ...surface, connection: connections.find(allDirectories) });
}
