import { createHash, randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import type { Grant } from './authorization-codes.ts';
import { authorize } from './authorization.ts';
import type { AuthorizationManner } from './authorization.ts';
import type { Bench, StandInOptions } from './bench.ts';
import { json } from './exchange.ts';
import type { Answer, Ask } from './exchange.ts';
import { bentTokenAnswer, discoveryFailure, jwksFailure, tokenFailure } from './misbehave-answers.ts';
import type { OidcFault } from './misbehave-catalogue.ts';
import { CLOCK_AHEAD_S, spoiledClaims, without } from './misbehave-claims.ts';
import type { Claims } from './misbehave-claims.ts';
import { FOREIGN_ISSUER } from './misbehave-redirect.ts';
import { signIdToken } from './misbehave-signature.ts';
import type { FaultSet } from './misbehave.ts';
import type { Keyed } from './people.ts';
import type { KeyRing } from './signing.ts';
import { redeem } from './token-request.ts';
import type { TokenRefusal } from './token-request.ts';

export const ID_TOKEN_LIFETIME_S = 3600;

export type OidcOptions<Person> = StandInOptions<Person> & {
  /** Keeps the signing keys across restarts. */
  readonly stateFile?: string;
  /** Whether redirects carry `iss` and the metadata says so (RFC 9207); Google does not. */
  readonly issParameter?: boolean;
};

/** As JWKS entries; Entra's say whose tokens a key may sign. */
export type PublishedKey = JWK & { readonly issuer?: string };

/** In what one OpenID provider differs from another. */
export type OidcManner<Person extends Keyed, Fault extends string> = AuthorizationManner<Person, Fault> & {
  readonly metadata: (ask: Ask) => Readonly<Record<string, unknown>>;
  readonly publishedKeys: () => readonly PublishedKey[];
  /** Everything but `aud`, `nonce` and the times; already with the faults that this provider alone has. */
  readonly identityClaims: (grant: Grant<Person>, faults: FaultSet<Fault>) => Claims;
  /** Which of `iat`, `nbf` and `exp` a token of this provider carries, from the second it is issued. */
  readonly times: (nowS: number) => Claims;
  readonly carriesAtHash: boolean;
  readonly signingRing: (person: Person, faults: FaultSet<Fault>) => KeyRing;
  /** A token request that this provider alone refuses. */
  readonly ownRefusal: (faults: FaultSet<Fault>) => TokenRefusal | undefined;
  /** Why a good code is not good at this address. */
  readonly notRedeemableHere: (grant: Grant<Person>, ask: Ask) => Answer | undefined;
  readonly refuse: (reason: TokenRefusal, ask: Ask) => Answer;
  readonly tokenExtras: Readonly<Record<string, unknown>>;
  readonly userinfo: (grant: Grant<Person>) => Claims;
};

export type OidcAnswers = Readonly<
  Record<'authorize' | 'token' | 'metadata' | 'keys' | 'userinfo', (ask: Ask) => Answer | Promise<Answer>>
>;

export function oidcAnswers<Person extends Keyed, Own extends string>(
  bench: Bench<Person, OidcFault | Own>,
  manner: OidcManner<Person, OidcFault | Own>,
): OidcAnswers {
  return {
    authorize: (ask) => authorize(ask, bench, manner),
    token: (ask) => answerToken(ask, bench, manner),
    metadata: (ask) => answerMetadata(ask, bench, manner),
    keys: () =>
      jwksFailure(bench.faults.take('jwks')) ?? json(200, { keys: manner.publishedKeys() }, cacheable),
    userinfo: (ask) => answerUserinfo(ask, bench, manner),
  };
}

const cacheable = { 'cache-control': 'public, max-age=3600', pragma: 'public' };

function answerMetadata<Person extends Keyed, Own extends string>(
  ask: Ask,
  { faults: source }: Bench<Person, OidcFault | Own>,
  manner: OidcManner<Person, OidcFault | Own>,
): Answer {
  const claimsIss = source.isOn('missing_iss_parameter') || source.isOn('wrong_iss_parameter');
  const faults = source.take('discovery');
  const metadata = {
    ...manner.metadata(ask),
    ...(claimsIss ? { authorization_response_iss_parameter_supported: true } : {}),
    ...(faults.has('issuer_mismatch_in_discovery') ? { issuer: FOREIGN_ISSUER } : {}),
  };
  return discoveryFailure(faults) ?? json(200, metadata, cacheable);
}

async function answerToken<Person extends Keyed, Own extends string>(
  ask: Ask,
  bench: Bench<Person, OidcFault | Own>,
  manner: OidcManner<Person, OidcFault | Own>,
): Promise<Answer> {
  const faults = bench.faults.take('token');
  const failure = tokenFailure(faults);
  if (failure !== undefined) return failure;
  const refusal = faultyRefusal(faults) ?? manner.ownRefusal(faults);
  if (refusal !== undefined) return manner.refuse(refusal, ask);
  const redeemed = redeem(ask, bench);
  if (redeemed.outcome === 'refused') return manner.refuse(redeemed.reason, ask);
  const elsewhere = manner.notRedeemableHere(redeemed.grant, ask);
  if (elsewhere !== undefined) return elsewhere;
  const accessToken = randomBytes(48).toString('base64url');
  bench.accessTokens.set(accessToken, redeemed.grant);
  const body = {
    access_token: accessToken,
    expires_in: ID_TOKEN_LIFETIME_S - 1,
    scope: [...redeemed.grant.scopes].join(' '),
    token_type: 'Bearer',
    ...manner.tokenExtras,
    id_token: await idToken({ grant: redeemed.grant, accessToken, faults }, bench, manner),
  };
  const date = new Date(bench.now().getTime() + CLOCK_AHEAD_S * 1000).toUTCString();
  return bentTokenAnswer(json(200, body, faults.has('clock_ahead') ? { date } : {}), faults);
}

function faultyRefusal(faults: FaultSet<OidcFault>): TokenRefusal | undefined {
  if (faults.has('invalid_client')) return 'client_wrong';
  return faults.has('invalid_grant') ? 'code_unknown' : undefined;
}

type Issue<Person extends Keyed, Fault extends string> = {
  readonly grant: Grant<Person>;
  readonly accessToken: string;
  readonly faults: FaultSet<Fault>;
};

function idToken<Person extends Keyed, Own extends string>(
  { grant, accessToken, faults }: Issue<Person, OidcFault | Own>,
  { client, now }: Bench<Person, OidcFault | Own>,
  manner: OidcManner<Person, OidcFault | Own>,
): Promise<string> {
  const identity = manner.identityClaims(grant, faults);
  const claims = {
    ...identity,
    aud: client.id,
    ...manner.times(Math.floor(now().getTime() / 1000)),
    ...(manner.carriesAtHash ? { at_hash: leftHalfHash(accessToken) } : {}),
    ...(grant.nonce === null ? {} : { nonce: grant.nonce }),
  };
  return signIdToken(spoiledClaims(claims, faults), manner.signingRing(grant.person, faults), faults);
}

/** OpenID Connect Core §3.1.3.6, for RS256. */
function leftHalfHash(token: string): string {
  return createHash('sha256').update(token, 'ascii').digest().subarray(0, 16).toString('base64url');
}

function answerUserinfo<Person extends Keyed, Own extends string>(
  ask: Ask,
  { accessTokens, faults: source }: Bench<Person, OidcFault | Own>,
  manner: OidcManner<Person, OidcFault | Own>,
): Answer {
  const [, token = ''] = /^Bearer (\S+)$/i.exec(ask.headers.authorization ?? '') ?? [];
  const grant = accessTokens.get(token);
  if (grant === undefined) {
    return json(401, { error: 'invalid_token' }, { 'www-authenticate': 'Bearer error="invalid_token"' });
  }
  const claims = manner.userinfo(grant);
  const faults = source.take('userinfo');
  return json(200, faults.has('userinfo_wrong_subject') ? { ...claims, sub: 'somebody-else' } : claims);
}

/** Claims without those that a person has not got. */
export function present(claims: Claims): Claims {
  const absent = Object.entries(claims).filter(([, value]) => value === undefined);
  return without(claims, ...absent.map(([name]) => name));
}
