import type { IncomingHttpHeaders } from 'node:http';

export type CsrfFacts = {
  readonly method: string;
  readonly authorization: string | undefined;
  readonly csrfHeader: string | undefined;
  readonly hasBody: boolean;
  readonly contentType: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
};

export type CsrfRules = { readonly publicOrigin: string; readonly acceptedOrigins: readonly string[] };

export type CsrfDecision =
  | { readonly outcome: 'accepted' }
  | {
      readonly outcome: 'refused';
      readonly finding: 'csrf_header_missing' | 'body_not_json' | 'origin_foreign' | 'site_foreign';
    };

const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);
const bearer = /^bearer +[\w.~+/-]+=*$/i;

/**
 * Only a real Bearer token exempts. No page can make a browser attach one to a foreign request without asking first
 * (CORS), whereas Basic credentials are attached by the browser itself, like cookies.
 */
function carriesBearer(authorization: string | undefined): boolean {
  return authorization !== undefined && bearer.test(authorization);
}

/** Whether a call that changes something was let through for the sake of its Bearer token. */
export function isSparedForBearer(method: string, authorization: string | undefined): boolean {
  return !harmless.has(method) && carriesBearer(authorization);
}

function isJson(contentType: string | undefined): boolean {
  const [essence = ''] = (contentType ?? '').split(';', 1);
  return essence.trim().toLowerCase() === 'application/json';
}

export function decideCsrf(facts: CsrfFacts, rules: CsrfRules): CsrfDecision {
  if (harmless.has(facts.method) || isSparedForBearer(facts.method, facts.authorization))
    return { outcome: 'accepted' };
  if (facts.origin !== undefined && !rules.acceptedOrigins.includes(facts.origin)) {
    return { outcome: 'refused', finding: 'origin_foreign' };
  }
  // Our own SPA may live on another site and then says so in Origin. Nobody else's call is cross-site.
  const isOwnForeignPage = facts.origin !== undefined && facts.origin !== rules.publicOrigin;
  if (facts.fetchSite === 'cross-site' && !isOwnForeignPage)
    return { outcome: 'refused', finding: 'site_foreign' };
  if (facts.csrfHeader !== '1') return { outcome: 'refused', finding: 'csrf_header_missing' };
  if (facts.hasBody && !isJson(facts.contentType)) return { outcome: 'refused', finding: 'body_not_json' };
  return { outcome: 'accepted' };
}

/**
 * What goes upstream is judged by `Origin` alone, Bearer token or not: the application has its own ways with the rest. A
 * WebSocket counts as a change: any page may open one anywhere, with cookies and without asking first.
 */
export function decideUpstreamCsrf(
  facts: Pick<CsrfFacts, 'method' | 'origin'> & { readonly isWebSocket: boolean },
  rules: CsrfRules,
): CsrfDecision {
  const mayChange = !harmless.has(facts.method) || facts.isWebSocket;
  const isForeign = facts.origin !== undefined && !rules.acceptedOrigins.includes(facts.origin);
  return mayChange && isForeign ? { outcome: 'refused', finding: 'origin_foreign' } : { outcome: 'accepted' };
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

export function csrfFacts(method: string, headers: IncomingHttpHeaders): CsrfFacts {
  const length = headers['content-length'];
  return {
    method,
    authorization: headers.authorization,
    csrfHeader: single(headers['x-csrf']),
    hasBody: headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0'),
    contentType: headers['content-type'],
    origin: headers.origin,
    fetchSite: single(headers['sec-fetch-site']),
  };
}
