import {
  allowInsecureRequests,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  ClientSecretPost,
  customFetch,
  genericTokenEndpointRequest,
} from 'oauth4webapi';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import type { ErrorCode } from '../kernel/errors.ts';
import type { OutboundFetch } from '../kernel/outbound.ts';
import type { Secret } from '../kernel/secret.ts';
import { randomToken } from '../kernel/tokens.ts';
import type { Claims } from './answers.ts';
import { errorCodeIn, objectIn, unavailable } from './answers.ts';
import type { Departure } from './provider.ts';
import { refused, textOf } from './refusal.ts';

export type Client = { readonly clientId: string; readonly clientSecret: Secret };

export type ProviderDeps = {
  readonly outbound: OutboundFetch;
  readonly clock: Clock;
  /** For all calls of a departure, or of a return, together; just below ten seconds unless told. */
  readonly budgetMs?: number;
};

/** Whom an answer may come from (RFC 9207). */
export type AnswersAs = {
  /** The provider promises to name itself, so that an answer without `iss` is somebody else's. */
  readonly alwaysNamesItself: boolean;
  readonly mayCallItself: (issuer: string) => boolean;
};

export type TokenEndpoint = {
  readonly url: URL;
  readonly secretGoesIn: 'header' | 'body';
  /** What a provider says more exactly than `invalid_client`; for its administrators. */
  readonly rejectionIn?: (body: Claims) => string | undefined;
};

/** The authorization request that every provider takes (RFC 6749 §4.1.1, RFC 7636 §4.3), and its verifier. */
export async function authorizationRequest(endpoint: URL, client: Client, { callbackUrl, state }: Departure) {
  const verifier = randomToken();
  const redirectTo = new URL(endpoint);
  const parameters = {
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: callbackUrl.href,
    state,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) redirectTo.searchParams.set(name, value);
  return { redirectTo, verifier };
}

/** Refusals by the person or about the session at the provider, which are nobody's mistake. */
const interactionErrors: ReadonlySet<string> = new Set([
  'consent_required',
  'interaction_required',
  'login_required',
]);

/** Errors that only an administrator can mend. GitHub sends the last two. */
const configurationErrors: ReadonlySet<string> = new Set([
  'unauthorized_client',
  'redirect_uri_mismatch',
  'application_suspended',
]);

/**
 * The code in a callback. Who answers is checked first, an error's answer included (RFC 9207 §2.4).
 * @throws AppError `provider_denied`, `provider_refused`, `provider_misconfigured`
 */
export function codeIn(callback: URL, from: AnswersAs): string {
  const issuer = parameterIn(callback, 'iss');
  if (issuer === undefined && from.alwaysNamesItself) throw refused('issuer_missing');
  if (issuer !== undefined && !from.mayCallItself(issuer)) throw refused('issuer_mismatch');
  const error = parameterIn(callback, 'error');
  if (error !== undefined) throw callbackError(error);
  const code = parameterIn(callback, 'code');
  return textOf(code, 'code_missing');
}

/** RFC 6749 §3.1: no parameter comes twice. */
function parameterIn({ searchParams }: URL, name: string): string | undefined {
  const [value, ...more] = searchParams.getAll(name);
  if (more.length > 0) throw refused('callback_malformed');
  return value;
}

function callbackError(error: string): AppError {
  if (error === 'access_denied') return new AppError('provider_denied', { finding: 'access_denied' });
  if (interactionErrors.has(error)) return refused(error);
  if (configurationErrors.has(error)) return new AppError('provider_misconfigured', { finding: error });
  return refused('provider_error', errorCodeIn(error));
}

export type Exchange = {
  readonly code: string;
  readonly verifier: string;
  readonly client: Client;
  readonly endpoint: TokenEndpoint;
  /** The redirect URI that was sent at departure. */
  readonly callbackUrl: URL;
};

export type TokenAnswer = {
  readonly body: Claims;
  readonly accessToken: string;
  /** The provider's own idea of the time. */
  readonly date: string | null;
};

/**
 * Redeems a code (RFC 6749 §4.1.3), once: a code that may have arrived is not sent again.
 * @throws AppError `provider_refused`, `provider_misconfigured`, `provider_unavailable`
 */
export async function redeem(
  { code, verifier, callbackUrl, client, endpoint }: Exchange,
  { outbound, clock }: ProviderDeps,
  deadline: AbortSignal,
): Promise<TokenAnswer> {
  const { clientId: client_id, clientSecret } = client;
  const authenticate = endpoint.secretGoesIn === 'header' ? ClientSecretBasic : ClientSecretPost;
  const response = await genericTokenEndpointRequest(
    { issuer: endpoint.url.origin, token_endpoint: endpoint.url.href },
    { client_id },
    authenticate(clientSecret.reveal()),
    'authorization_code',
    { code, redirect_uri: callbackUrl.href, code_verifier: verifier },
    // The outbound guard says where plain http is allowed: on loopback.
    { [customFetch]: outbound.fetchBefore(deadline), [allowInsecureRequests]: true },
  );
  const answer = { status: response.status, headers: response.headers, text: await response.text() };
  const origin = { host: endpoint.url.host, now: clock.now() };
  if (answer.status === 429 || answer.status >= 500) throw unavailable(answer, origin);
  const body = objectIn(answer);
  if (body === undefined) {
    if (answer.status !== 200) throw unavailable(answer, origin);
    throw new AppError('provider_unavailable', { finding: 'not_json', host: origin.host });
  }
  if (answer.status !== 200 || body['error'] !== undefined) throw tokenError(body, endpoint);
  return { body, accessToken: bearerTokenIn(body), date: answer.headers.get('date') };
}

/** GitHub answers its errors with 200; the names are of RFC 6749 §5.2, Google and GitHub. */
const tokenErrors: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  invalid_client: ['provider_misconfigured', 'client_rejected'],
  incorrect_client_credentials: ['provider_misconfigured', 'client_rejected'],
  unauthorized_client: ['provider_misconfigured', 'unauthorized_client'],
  redirect_uri_mismatch: ['provider_misconfigured', 'redirect_uri_mismatch'],
  invalid_grant: ['provider_refused', 'code_used_or_expired'],
  bad_verification_code: ['provider_refused', 'code_used_or_expired'],
};

function tokenError(body: Claims, { url, rejectionIn }: TokenEndpoint): AppError {
  const error = typeof body['error'] === 'string' ? body['error'] : '';
  if (interactionErrors.has(error)) return refused(error);
  const known = Object.hasOwn(tokenErrors, error) ? tokenErrors[error] : undefined;
  if (known === undefined) return refused('provider_error', { host: url.host, ...errorCodeIn(error) });
  const [code, usualFinding] = known;
  const finding = usualFinding === 'client_rejected' ? (rejectionIn?.(body) ?? usualFinding) : usualFinding;
  return new AppError(code, { finding, host: url.host });
}

function bearerTokenIn({ access_token: token, token_type: type }: Claims): string {
  if (
    typeof token === 'string' &&
    token !== '' &&
    typeof type === 'string' &&
    type.toLowerCase() === 'bearer'
  ) {
    return token;
  }
  throw refused('access_token_missing');
}
