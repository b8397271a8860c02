import { randomUUID } from 'node:crypto';
import { json } from './exchange.ts';
import type { Answer } from './exchange.ts';
import type { RedirectError } from './misbehave-redirect.ts';
import type { TokenRefusal } from './token-request.ts';

/** The text as Entra words it, with ids that its support asks for. */
function described(code: number, text: string, at: Date): string {
  const timestamp = at.toISOString().slice(0, 19).replace('T', ' ');
  return `AADSTS${code}: ${text} Trace ID: ${randomUUID()} Correlation ID: ${randomUUID()} Timestamp: ${timestamp}Z`;
}

const backErrors: Record<RedirectError, { error: string; code: number; text: string }> = {
  access_denied: { error: 'access_denied', code: 65004, text: 'User declined to consent to access the app.' },
  consent_needed: {
    error: 'interaction_required',
    code: 65001,
    text: 'The user or administrator has not consented to use the application.',
  },
  login_required: {
    error: 'login_required',
    code: 50058,
    text: 'A silent sign-in request was sent but no user is signed in.',
  },
};

export function entraErrorParams(reason: RedirectError, at: Date): Record<string, string> {
  const { error, code, text } = backErrors[reason];
  return { error, error_description: described(code, text, at), error_uri: errorUri(code) };
}

function errorUri(code: number): string {
  return `https://login.microsoftonline.com/error?code=${code}`;
}

const secretHint =
  'Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app';

type Refusal = { status: number; error: string; code: number; text: (clientId: string) => string };

const refusals: Record<TokenRefusal | 'other_directory' | 'unknown_directory', Refusal> = {
  client_wrong: {
    status: 401,
    error: 'invalid_client',
    code: 7000215,
    text: (app) => `Invalid client secret provided. ${secretHint} '${app}'.`,
  },
  client_secret_expired: {
    status: 401,
    error: 'invalid_client',
    code: 7000222,
    text: (app) => `The provided client secret keys for app '${app}' are expired.`,
  },
  grant_type_unsupported: {
    status: 400,
    error: 'unsupported_grant_type',
    code: 70003,
    text: () => 'The app requested an unsupported grant type.',
  },
  code_unknown: {
    status: 400,
    error: 'invalid_grant',
    code: 70000,
    text: () => 'The provided value for the code parameter is not valid.',
  },
  code_used: {
    status: 400,
    error: 'invalid_grant',
    code: 54005,
    text: () => 'OAuth2 Authorization code was already redeemed, please retry with a new valid code.',
  },
  code_expired: {
    status: 400,
    error: 'invalid_grant',
    code: 70008,
    text: () => 'The provided authorization code has expired.',
  },
  redirect_uri_differs: {
    status: 400,
    error: 'invalid_grant',
    code: 500112,
    text: () => 'The reply address does not match the one provided when requesting the authorization code.',
  },
  verifier_wrong: {
    status: 400,
    error: 'invalid_grant',
    code: 50148,
    text: () =>
      'The code_verifier does not match the code_challenge supplied in the authorization request for PKCE.',
  },
  other_directory: {
    status: 400,
    error: 'invalid_grant',
    code: 700005,
    text: () => 'Provided Authorization Code is intended to use against other tenant, thus rejected.',
  },
  unknown_directory: {
    status: 400,
    error: 'invalid_tenant',
    code: 90002,
    text: () => 'Tenant not found. Check to make sure you have the correct tenant ID.',
  },
};

export function entraRefusal(reason: keyof typeof refusals, about: { clientId: string; at: Date }): Answer {
  const { status, error, code, text } = refusals[reason];
  return json(status, {
    error,
    error_description: described(code, text(about.clientId), about.at),
    error_codes: [code],
    timestamp: `${about.at.toISOString().slice(0, 19).replace('T', ' ')}Z`,
    trace_id: randomUUID(),
    correlation_id: randomUUID(),
    error_uri: errorUri(code),
  });
}
