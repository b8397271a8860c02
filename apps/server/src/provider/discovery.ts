import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import type { OutboundFetch } from '../kernel/outbound.ts';
import { isLoopbackHost } from '../kernel/loopback.ts';
import { isSecureAddress } from '../kernel/outbound.ts';
import type { Claims } from './answers.ts';
import { successIn } from './answers.ts';
import type { Kept } from './kept.ts';
import { keep } from './kept.ts';

/** What we take from an OpenID provider's metadata (OpenID Connect Discovery 1.0 §3). */
export type Metadata = {
  readonly issuer: string;
  readonly authorizationEndpoint: URL;
  readonly tokenEndpoint: URL;
  readonly jwksUri: URL;
  readonly userinfoEndpoint?: URL;
  /** Undefined where the document does not say. */
  readonly clientAuthMethods?: readonly string[];
  /** RFC 9207 §3. */
  readonly sendsIssuer: boolean;
};

export type DiscoveryDeps = { readonly outbound: OutboundFetch; readonly clock: Clock };

/** What the document's own `issuer` may be; the first is the usual one. */
export type Discovery = {
  /** Where the document lies: below this, `/.well-known/openid-configuration`. */
  readonly issuer: string;
  readonly documentIssuers: readonly string[];
};

/** Where an issuer's metadata lies (OpenID Connect Discovery 1.0 §4). */
export function metadataAddress(issuer: string): URL {
  return new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
}

/** The metadata of one issuer. A document that names another issuer is never kept. */
export function openDiscovery(discovery: Discovery, { outbound, clock }: DiscoveryDeps): Kept<Metadata> {
  const url = metadataAddress(discovery.issuer);
  const load = async (deadline: AbortSignal) => {
    const answer = await outbound.ask({ url, headers: { accept: 'application/json' }, deadline });
    const document = successIn(answer, { host: url.host, now: clock.now() });
    return readMetadata(document, discovery.documentIssuers, url);
  };
  return keep(load, clock);
}

/** @throws AppError `provider_misconfigured` with the finding that names what is wrong with the document */
export function readMetadata(document: Claims, documentIssuers: readonly string[], source: URL): Metadata {
  const { issuer } = document;
  if (typeof issuer !== 'string' || !documentIssuers.includes(issuer)) {
    throw new AppError('provider_misconfigured', { finding: 'discovery_issuer_mismatch', host: source.host });
  }
  const userinfoEndpoint = endpointIn(document, 'userinfo_endpoint', source);
  const clientAuthMethods = textsIn(document['token_endpoint_auth_methods_supported']);
  return {
    issuer,
    authorizationEndpoint: neededEndpointIn(document, 'authorization_endpoint', source),
    tokenEndpoint: neededEndpointIn(document, 'token_endpoint', source),
    jwksUri: neededEndpointIn(document, 'jwks_uri', source),
    ...(userinfoEndpoint === undefined ? {} : { userinfoEndpoint }),
    ...(clientAuthMethods === undefined ? {} : { clientAuthMethods }),
    sendsIssuer: document['authorization_response_iss_parameter_supported'] === true,
  };
}

function neededEndpointIn(document: Claims, name: string, source: URL): URL {
  const url = endpointIn(document, name, source);
  if (url !== undefined) return url;
  throw new AppError('provider_misconfigured', {
    finding: 'discovery_incomplete',
    host: source.host,
    missing: name,
  });
}

/** A provider elsewhere may not send us to a service of this machine. */
function endpointIn(document: Claims, name: string, source: URL): URL | undefined {
  const text = document[name];
  if (text === undefined) return undefined;
  const url = typeof text === 'string' ? URL.parse(text) : null;
  const leadsInside = url !== null && isLoopbackHost(url.hostname) && !isLoopbackHost(source.hostname);
  if (url === null || !isSecureAddress(url) || leadsInside) {
    throw new AppError('provider_misconfigured', {
      finding: 'discovery_endpoint_insecure',
      host: source.host,
      endpoint: name,
    });
  }
  return url;
}

function textsIn(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : undefined;
}
