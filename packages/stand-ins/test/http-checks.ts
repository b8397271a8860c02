import { expect } from 'vitest';
import type { DiscoveryFault, JwksFault, OidcRedirectFault } from '../src/misbehave-catalogue.ts';
import { HANGING_MS, claimsOf, fields, read, signIn } from './drive.ts';
import { backWith, exchange, redirected, tokenAnswer } from './fault-scene.ts';
import type { FaultCheck, Scene } from './fault-scene.ts';

export const redirectChecks: Record<Exclude<OidcRedirectFault, 'consent_needed'>, FaultCheck> = {
  wrong_state: redirected(({ params, going }) => {
    expect(params.get('state')).not.toBe(going.state);
    expect(params.get('state')).not.toBeNull();
    expect(params.get('code')).not.toBeNull();
  }),
  missing_state: redirected(({ params }) => {
    expect(params.get('state')).toBeNull();
    expect(params.get('code')).not.toBeNull();
  }),
  deny: backWith('access_denied'),
  unknown_error: redirected(({ params }) => {
    expect(params.get('error')).toBe('error_nobody_knows');
    expect(params.get('error_description')).toContain('<script>');
    expect(params.get('error_description')?.length).toBeGreaterThan(10_000);
  }),
  never_returns: redirected(({ status, target, page }) => {
    expect(status).toBe(200);
    expect(target).toBeUndefined();
    expect(page).not.toContain('<form');
  }),
  huge_headers: redirected(({ setCookies: cookies, params }) => {
    expect(cookies).toHaveLength(15);
    expect(cookies.join('').length).toBeGreaterThan(30_000);
    expect(cookies[0]).toContain('; Path=/;');
    expect(params.get('code')).not.toBeNull();
  }),
  wrong_iss_parameter: redirected(({ params, metadata }, { issuer }) => {
    expect(metadata['authorization_response_iss_parameter_supported']).toBe(true);
    expect(params.get('iss')).not.toBeNull();
    expect(params.get('iss')).not.toBe(issuer);
  }),
  missing_iss_parameter: redirected(({ params, metadata }) => {
    expect(metadata['authorization_response_iss_parameter_supported']).toBe(true);
    expect(params.get('iss')).toBeNull();
  }),
  login_required: backWith('login_required'),
};

export const tokenTransportChecks = {
  token_500: tokenAnswer(({ status }) => {
    expect(status).toBe(500);
  }),
  token_429: tokenAnswer(({ status, headers }) => {
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  }),
  token_hang: (scene: Scene) =>
    expect(exchange(scene, { patienceMs: HANGING_MS })).rejects.toMatchObject({ name: 'TimeoutError' }),
  token_reset: (scene: Scene) =>
    expect(exchange(scene)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } }),
  token_half_body: tokenAnswer(async (response) => {
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
  }),
  token_html: tokenAnswer(({ status, headers }) => {
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/html');
  }),
  token_wrong_content_type: tokenAnswer(async (response) => {
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(await fields(response)).toHaveProperty('access_token');
  }),
  token_huge: tokenAnswer(async (response) => {
    const text = await response.text();
    expect(text.length).toBeGreaterThan(10_000_000);
    expect(JSON.parse(text)).toHaveProperty('access_token');
  }),
};

const atDiscovery =
  (check: (request: (init?: RequestInit) => Promise<Response>) => Promise<void>): FaultCheck =>
  ({ provider }) =>
    check((init) => fetch(provider.metadataUrl, init));

const atKeys =
  (check: (request: (init?: RequestInit) => Promise<Response>) => Promise<void>): FaultCheck =>
  async ({ provider }) => {
    const { jwks_uri: url } = await read(provider.metadataUrl);
    await check((init) => fetch(String(url), init));
  };

const answers500 = async (request: (init?: RequestInit) => Promise<Response>) => {
  expect((await request()).status).toBe(500);
};
const hangs = async (request: (init?: RequestInit) => Promise<Response>) => {
  await expect(request({ signal: AbortSignal.timeout(HANGING_MS) })).rejects.toMatchObject({
    name: 'TimeoutError',
  });
};
const answersHtml = async (request: (init?: RequestInit) => Promise<Response>) => {
  const response = await request();
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/html');
};

export const endpointChecks: Record<DiscoveryFault | JwksFault | 'userinfo_wrong_subject', FaultCheck> = {
  userinfo_wrong_subject: async ({ provider }) => {
    const signedIn = await signIn(provider);
    const authorization = `Bearer ${String(signedIn.tokens['access_token'])}`;
    const profile = await read(String(signedIn.metadata['userinfo_endpoint']), { authorization });
    expect(profile['sub']).toEqual(expect.any(String));
    expect(profile['sub']).not.toBe(claimsOf(signedIn).sub);
  },
  issuer_mismatch_in_discovery: async ({ provider }) => {
    const metadata = await read(provider.metadataUrl);
    expect(metadata['issuer']).toBe('https://issuer.attacker.example');
    expect(metadata).toHaveProperty('token_endpoint');
  },
  discovery_500: atDiscovery(answers500),
  discovery_hang: atDiscovery(hangs),
  discovery_html: atDiscovery(answersHtml),
  jwks_500: atKeys(answers500),
  jwks_hang: atKeys(hangs),
  jwks_html: atKeys(answersHtml),
  jwks_empty: atKeys(async (request) => {
    expect(await fields(await request())).toEqual({ keys: [] });
  }),
  jwks_empty_object: atKeys(async (request) => {
    expect(await fields(await request())).toEqual({});
  }),
};
