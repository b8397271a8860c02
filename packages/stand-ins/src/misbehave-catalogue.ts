import type { FaultMenu } from './misbehave.ts';

const commonRedirectFaults = {
  wrong_state: 'Sends the person back with another state',
  missing_state: 'Sends the person back without the state',
  deny: 'Answers access_denied, as if the person had cancelled',
  unknown_error: 'Answers an error nobody knows, with 10 kB of text and a script in it',
  never_returns: 'Shows a page with no way back',
  huge_headers: 'Plants 15 cookies of 2 kB each that reach every port of this host for five minutes',
} as const;

const oidcRedirectFaults = {
  ...commonRedirectFaults,
  wrong_iss_parameter: 'Sends the person back with the iss of somebody else',
  missing_iss_parameter: 'Claims in its metadata to send iss, and does not',
  consent_needed: 'Answers that an administrator has to consent first',
  login_required: 'Answers login_required',
} as const;

const tokenTransportFaults = {
  token_500: 'Answers 500',
  token_429: 'Answers 429 with Retry-After',
  token_hang: 'Does not answer for a minute',
  token_reset: 'Resets the connection',
  token_half_body: 'Ends the connection in the middle of the answer',
  token_html: 'Answers 200 with an HTML page',
  token_wrong_content_type: 'Answers the right JSON as text/plain',
  token_huge: 'Answers 10 MB',
  invalid_client: 'Refuses the client secret',
} as const;

const claimFaults = {
  wrong_issuer: 'ID token: another issuer',
  wrong_audience: 'ID token: an audience that is no application',
  other_app_audience: 'ID token: the audience of another application',
  missing_audience: 'ID token: no audience',
  foreign_audience_added: 'ID token: a second audience that is foreign, no azp',
  foreign_authorized_party: 'ID token: two audiences and the azp of the foreign one',
  wrong_nonce: 'ID token: another nonce',
  missing_nonce: 'ID token: no nonce',
  missing_subject: 'ID token: no subject',
  missing_iat: 'ID token: no iat',
  expired: 'ID token: expired ten minutes ago',
  not_yet_valid: 'ID token: valid only in ten minutes',
  clock_ahead: 'The clock is five minutes ahead, in the ID token and in the Date header',
  wrong_at_hash: 'ID token: at_hash of another access token',
  wrong_c_hash: 'ID token: c_hash of another code',
  no_email_in_id_token: 'ID token: no email',
} as const;

const signatureFaults = {
  wrong_key: 'ID token: a known key id, signed by a key that was never published',
  unknown_kid: 'ID token: a key id that was never published',
  missing_kid: 'ID token: no key id, while one key is published',
  missing_kid_several_keys: 'ID token: no key id, while several keys are published',
  alg_none: 'ID token: alg none, no signature',
  hs256_with_public_key: 'ID token: HS256, with the public key as the secret',
  es256_forged: 'ID token: ES256 by a key of its own, under a known key id',
  broken_signature: 'ID token: a signature with one byte changed',
  key_rotated: 'Signs with a new key, which is published',
} as const;

const oidcTokenFaults = {
  ...claimFaults,
  ...signatureFaults,
  ...tokenTransportFaults,
  invalid_grant: 'Refuses the code',
} as const;

const userinfoFaults = { userinfo_wrong_subject: 'Userinfo: the subject of somebody else' } as const;

const discoveryFaults = {
  issuer_mismatch_in_discovery: 'Metadata: another issuer',
  discovery_500: 'Metadata: 500',
  discovery_hang: 'Metadata: no answer for a minute',
  discovery_html: 'Metadata: 200 with an HTML page',
} as const;

const jwksFaults = {
  jwks_500: 'Keys: 500',
  jwks_hang: 'Keys: no answer for a minute',
  jwks_html: 'Keys: 200 with an HTML page',
  jwks_empty: 'Keys: an empty list',
  jwks_empty_object: 'Keys: {}',
} as const;

const entraTokenFaults = {
  ...oidcTokenFaults,
  tid_mismatch: 'ID token: tid of another directory than the issuer',
  missing_tid: 'ID token: no tid',
  v1_token: 'ID token: of version 1.0, from sts.windows.net',
  consumer_key: 'ID token of a work account, signed by the key of personal accounts',
  expired_secret: 'Says that the client secret has expired (AADSTS7000222)',
} as const;

const gitHubTokenFaults = {
  ...tokenTransportFaults,
  token_error_200: 'Answers 200 with error=bad_verification_code',
} as const;

const gitHubUserFaults = {
  api_403_rate_limited: 'User API: 403, no requests left',
  api_500: 'User API: 500',
} as const;

const gitHubEmailsFaults = {
  emails_403_rate_limited: 'Addresses: 403, no requests left',
  emails_429: 'Addresses: 429 with Retry-After',
  emails_500: 'Addresses: 500',
} as const;

export type CommonRedirectFault = keyof typeof commonRedirectFaults;
export type OidcRedirectFault = keyof typeof oidcRedirectFaults;
export type TokenTransportFault = keyof typeof tokenTransportFaults;
export type ClaimFault = keyof typeof claimFaults;
export type SignatureFault = keyof typeof signatureFaults;
export type DiscoveryFault = keyof typeof discoveryFaults;
export type JwksFault = keyof typeof jwksFaults;
export type GitHubApiFault = keyof typeof gitHubUserFaults | keyof typeof gitHubEmailsFaults;

export type OidcFault =
  OidcRedirectFault | keyof typeof oidcTokenFaults | keyof typeof userinfoFaults | DiscoveryFault | JwksFault;
export type GoogleFault = OidcFault;
export type EntraFault = OidcFault | keyof typeof entraTokenFaults;
export type GitHubFault = CommonRedirectFault | keyof typeof gitHubTokenFaults | GitHubApiFault;

const oidcEnds = [
  { stage: 'userinfo', heading: 'Profile', faults: userinfoFaults },
  { stage: 'discovery', heading: 'Metadata', faults: discoveryFaults },
  { stage: 'jwks', heading: 'Published keys', faults: jwksFaults },
] as const;

export const googleMenu: FaultMenu<GoogleFault> = [
  { stage: 'authorize', heading: 'The way back', faults: oidcRedirectFaults },
  { stage: 'token', heading: 'Token', faults: oidcTokenFaults },
  ...oidcEnds,
];

export const entraMenu: FaultMenu<EntraFault> = [
  { stage: 'authorize', heading: 'The way back', faults: oidcRedirectFaults },
  { stage: 'token', heading: 'Token', faults: entraTokenFaults },
  ...oidcEnds,
];

export const gitHubMenu: FaultMenu<GitHubFault> = [
  { stage: 'authorize', heading: 'The way back', faults: commonRedirectFaults },
  { stage: 'token', heading: 'Token', faults: gitHubTokenFaults },
  { stage: 'user', heading: 'User', faults: gitHubUserFaults },
  { stage: 'emails', heading: 'Addresses', faults: gitHubEmailsFaults },
];
