import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';

/** An application that signs people in, with nothing but fetch. */
export const callback = 'http://127.0.0.1:9/auth/callback';

type Client = { readonly clientId: string; readonly clientSecret: string };

export type Departure = {
  readonly url: URL;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
};

export function departure(
  endpoint: string,
  clientId: string,
  changes: Record<string, string> = {},
): Departure {
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const nonce = randomBytes(16).toString('base64url');
  const url = new URL(endpoint);
  const query = {
    client_id: clientId,
    redirect_uri: callback,
    response_type: 'code',
    scope: 'openid email profile',
    state,
    nonce,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return { url, verifier, state, nonce };
}

type Visit = { readonly method?: string; readonly body?: URLSearchParams };

/** Without fetch, which gives up on 16 kB of response headers. */
function visit(url: URL, { method = 'GET', body }: Visit): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
    const going = request(url, { method, headers, maxHeaderSize: 262_144, agent: false }, resolve);
    going.on('error', reject);
    going.end(body?.toString());
  });
}

export async function arrival({ url }: Departure, init: Visit = {}) {
  const response = await visit(url, init);
  const { location } = response.headers;
  return {
    status: response.statusCode,
    setCookies: response.headers['set-cookie'] ?? [],
    page: await text(response),
    params: location === undefined ? new URLSearchParams() : new URL(location).searchParams,
    target: location?.split('?')[0],
  };
}

export function click(going: Departure, form: Record<string, string>) {
  return arrival(going, { method: 'POST', body: new URLSearchParams(form) });
}

const formEncoded = (text: string) => new URLSearchParams({ '': text }).toString().slice(1);

function basic({ clientId, clientSecret }: Client): string {
  const pair = `${formEncoded(clientId)}:${formEncoded(clientSecret)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** Long enough for a busy machine: nothing that answers takes this long. */
const PATIENCE_MS = 10_000;
/** After which a call counts as hanging. */
export const HANGING_MS = 400;

export type Exchange = {
  readonly endpoint: string;
  readonly client: Client;
  readonly code: string;
  readonly verifier: string;
  readonly patienceMs?: number;
};

export function tokenRequest(
  { endpoint, client, code, verifier, patienceMs = PATIENCE_MS }: Exchange,
  changes: Record<string, string> = {},
) {
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    code_verifier: verifier,
    ...changes,
  };
  return fetch(endpoint, {
    method: 'POST',
    headers: { authorization: basic(client), accept: 'application/json' },
    body: new URLSearchParams(form),
    signal: AbortSignal.timeout(patienceMs),
  });
}

/** The body as an object whatever it is, so that tests can look into it. */
export async function fields(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>; // asserted on field by field
}

export async function read(
  url: string,
  headers: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  return fields(await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE_MS) }));
}

export type OidcProvider = Client & { readonly metadataUrl: string; readonly issuer: string };

/** Discovery, authorization, token: what came of it. Somebody has to be signing in without a page. */
export async function signIn(provider: OidcProvider) {
  const metadata = await read(provider.metadataUrl);
  const going = departure(String(metadata['authorization_endpoint']), provider.clientId);
  const back = await arrival(going);
  const code = back.params.get('code') ?? '';
  const endpoint = String(metadata['token_endpoint']);
  const response = await tokenRequest({ endpoint, client: provider, code, verifier: going.verifier });
  const tokens = await fields(response);
  const idToken = String(tokens['id_token']);
  return { metadata, going, back, response, tokens, idToken, date: response.headers.get('date') };
}

export type SignedIn = Awaited<ReturnType<typeof signIn>>;

/** As a careful application would: signature by published RS256 keys, issuer, audience, times. Throws if not. */
export async function verified({ metadata, idToken, going }: SignedIn, provider: OidcProvider) {
  const keys = createRemoteJWKSet(new URL(String(metadata['jwks_uri'])));
  const { payload } = await jwtVerify(idToken, keys, {
    algorithms: ['RS256'],
    issuer: provider.issuer,
    audience: provider.clientId,
    requiredClaims: ['sub', 'iat', 'exp'],
    clockTolerance: 60,
  });
  if (payload['nonce'] !== going.nonce) throw new Error('nonce');
  return payload;
}

export const claimsOf = ({ idToken }: SignedIn) => decodeJwt(idToken);
export const headerOf = ({ idToken }: SignedIn) => decodeProtectedHeader(idToken);
