import type { Grant } from './authorization-codes.ts';
import { openStandIn } from './bench.ts';
import type { Bench, StandIn } from './bench.ts';
import { json } from './exchange.ts';
import type { Answer, Ask } from './exchange.ts';
import type { GooglePerson } from './google-people.ts';
import { usualGooglePeople } from './google-people.ts';
import { googleMenu } from './misbehave-catalogue.ts';
import type { GoogleFault } from './misbehave-catalogue.ts';
import type { Claims } from './misbehave-claims.ts';
import { refuseUnlessLoopback } from './loopback-server.ts';
import { faultyError, issParameter } from './misbehave-redirect.ts';
import type { RedirectError } from './misbehave-redirect.ts';
import { ID_TOKEN_LIFETIME_S, oidcAnswers, present } from './oidc.ts';
import type { OidcAnswers, OidcManner, OidcOptions } from './oidc.ts';
import type { PersonCard } from './pages.ts';
import type { Route } from './routing.ts';
import { openKeyRings } from './signing.ts';
import type { KeyRing } from './signing.ts';
import type { TokenRefusal } from './token-request.ts';

export type GoogleOptions = OidcOptions<GooglePerson> & {
  /** The name on its pages, where it plays some company's own OpenID provider instead. */
  readonly product?: string;
};

export type OidcStandIn = StandIn<GooglePerson, GoogleFault> & { readonly issuer: string };

/** Publishes two keys, as Google does. */
export async function startGoogle(options: GoogleOptions = {}): Promise<OidcStandIn> {
  refuseUnlessLoopback(options.host); // before keys are made
  const ringOf = await openKeyRings({ google: 2 }, options.stateFile);
  const { bench, standIn, serve } = await openStandIn<GooglePerson, GoogleFault>({
    product: options.product ?? 'Google',
    options,
    usualPeople: usualGooglePeople,
    menu: googleMenu,
    usualClientId: '407408718192.apps.googleusercontent.com',
    clockFault: 'clock_ahead',
  });
  const manner = googleManner(bench, ringOf('google'), options.issParameter ?? false);
  serve(googleRoutes(oidcAnswers<GooglePerson, never>(bench, manner)));
  return { ...standIn, issuer: bench.origin };
}

function googleRoutes({ authorize, token, metadata, keys, userinfo }: OidcAnswers): Route[] {
  return [
    { method: 'GET', path: '/.well-known/openid-configuration', kind: 'discovery', answer: metadata },
    { method: 'GET', path: '/o/oauth2/v2/auth', kind: 'authorize', answer: authorize },
    { method: 'POST', path: '/o/oauth2/v2/auth', kind: 'choose', answer: authorize },
    { method: 'POST', path: '/token', kind: 'token', answer: token },
    { method: 'GET', path: '/oauth2/v3/certs', kind: 'jwks', answer: keys },
    { method: 'GET', path: '/v1/userinfo', kind: 'userinfo', answer: userinfo },
  ];
}

function googleManner(
  bench: Bench<GooglePerson, GoogleFault>,
  ring: KeyRing,
  sendsIss: boolean,
): OidcManner<GooglePerson, GoogleFault> {
  const issuer = bench.origin;
  return {
    card,
    problem,
    unknownClient: () => 'Error 401: invalid_client – The OAuth client was not found.',
    unknownRedirectUri: (uri) =>
      `Error 400: redirect_uri_mismatch – The application asked for redirect_uri=${uri}`,
    errorParams,
    extras: (outcome, ask, faults) => ({
      ...(outcome === 'code' ? { scope: ask.query.get('scope') ?? '', authuser: '0', prompt: 'none' } : {}),
      ...issParameter(issuer, sendsIss, faults),
    }),
    faultyError,
    metadata: () => metadata(issuer, sendsIss),
    publishedKeys: () => ring.published().map(({ jwk }) => jwk),
    identityClaims: (grant) => ({ iss: issuer, azp: bench.client.id, ...personClaims(grant) }),
    times: (nowS) => ({ iat: nowS, exp: nowS + ID_TOKEN_LIFETIME_S }),
    carriesAtHash: true,
    signingRing: () => ring,
    ownRefusal: () => undefined,
    notRedeemableHere: () => undefined,
    refuse,
    tokenExtras: {},
    userinfo: personClaims,
  };
}

function card({ key, name, email, isEmailVerified, hd }: GooglePerson): PersonCard {
  const account = hd === undefined ? 'no Workspace domain' : `Workspace of ${hd}`;
  return { key, name, account: email, note: isEmailVerified ? account : `${account}, address not verified` };
}

function problem(ask: Ask): string | undefined {
  if (ask.query.get('response_type') !== 'code')
    return 'Error 400: invalid_request – response_type must be code';
  const scopes = (ask.query.get('scope') ?? '').split(' ');
  return scopes.includes('openid')
    ? undefined
    : 'Error 400: invalid_request – Missing required parameter: scope';
}

function errorParams(error: RedirectError): Record<string, string> {
  return { error: error === 'consent_needed' ? 'consent_required' : error };
}

function personClaims({ person, scopes }: Grant<GooglePerson>): Claims {
  const profile = {
    name: person.name,
    picture: person.picture,
    given_name: person.givenName,
    family_name: person.familyName,
  };
  return present({
    sub: person.sub,
    hd: person.hd,
    ...(scopes.has('email') ? { email: person.email, email_verified: person.isEmailVerified } : {}),
    ...(scopes.has('profile') ? profile : {}),
  });
}

const refusals: Record<TokenRefusal, { status: number; error: string; error_description: string }> = {
  client_wrong: { status: 401, error: 'invalid_client', error_description: 'Unauthorized' },
  client_secret_expired: { status: 401, error: 'invalid_client', error_description: 'Unauthorized' },
  grant_type_unsupported: {
    status: 400,
    error: 'unsupported_grant_type',
    error_description: 'Invalid grant_type',
  },
  code_unknown: { status: 400, error: 'invalid_grant', error_description: 'Malformed auth code.' },
  code_used: { status: 400, error: 'invalid_grant', error_description: 'Bad Request' },
  code_expired: { status: 400, error: 'invalid_grant', error_description: 'Bad Request' },
  redirect_uri_differs: { status: 400, error: 'redirect_uri_mismatch', error_description: 'Bad Request' },
  verifier_wrong: { status: 400, error: 'invalid_grant', error_description: 'Invalid code verifier.' },
};

function refuse(reason: TokenRefusal): Answer {
  const { status, ...body } = refusals[reason];
  return json(status, body);
}

function metadata(issuer: string, sendsIss: boolean): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/o/oauth2/v2/auth`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/v1/userinfo`,
    jwks_uri: `${issuer}/oauth2/v3/certs`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'profile'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    claims_supported: 'aud email email_verified exp family_name given_name iat iss name picture sub'.split(
      ' ',
    ),
    code_challenge_methods_supported: ['S256'],
    grant_types_supported: ['authorization_code'],
    ...(sendsIss ? { authorization_response_iss_parameter_supported: true } : {}),
  };
}
