import { isLoopbackHost } from '../../kernel/loopback.ts';
import type { Rule, Verdict } from '../reading.ts';
import { familyOf, isHostName } from './network-addresses.ts';

type UrlDemands = {
  readonly plainHttp: 'loopback only' | 'anywhere';
  readonly path: 'none' | 'any';
  readonly query?: 'any';
};

const urlShape =
  /^https?:\/\/(?<authority>[^/?#\\\s]+)(?<path>\/[^?#\\\s]*)?(?<query>\?[^#\\\s]*)?(?<fragment>#.*)?$/i;

/**
 * An address as people write it. What a URL parser would silently repair (dot segments, backslashes, spaces) is
 * refused, since providers compare addresses letter by letter.
 */
function parseUrl(text: string, demands: UrlDemands): Verdict<URL> {
  const written = urlShape.exec(text)?.groups;
  const url = URL.parse(text);
  if (written === undefined || url === null) return { wrong: 'is not an http or https address' };
  const wrong = faultOf(written, url, demands);
  return wrong === undefined ? { value: url } : { wrong };
}

function faultOf(
  written: Partial<Record<string, string>>,
  url: URL,
  demands: UrlDemands,
): string | undefined {
  if (written['authority']?.includes('@') === true) return 'carries a user name or password';
  if (written['fragment'] !== undefined) return 'has a fragment';
  if (written['query'] !== undefined && demands.query === undefined) return 'has a query';
  if (!isPlainHost(url.hostname)) return 'has no host name that is one';
  if ((written['path'] ?? '/') !== url.pathname) return 'has a path that is not in its plain form';
  if (demands.path === 'none' && url.pathname !== '/') return 'has a path';
  const isPlainHttp = url.protocol === 'http:' && !isLoopbackHost(url.hostname);
  return isPlainHttp && demands.plainHttp === 'loopback only'
    ? 'is plain http and not a loopback address'
    : undefined;
}

function isPlainHost(host: string): boolean {
  return isHostName(host) || familyOf(host.replace(/^\[(.*)\]$/, '$1')) !== undefined;
}

const secure = 'an https address (http for a loopback host)';

/** Scheme, host and port of a public address. A slash at the end is accepted and means nothing. */
export const publicOrigin: Rule<URL> = {
  expects: `${secure} of host and port alone, without path, query or fragment`,
  parse: (text) => parseUrl(text, { plainHttp: 'loopback only', path: 'none' }),
};

export const loopbackOrigin: Rule<URL> = {
  expects: 'an http or https address of a loopback host, as CLOUDGRID_DEPLOYMENT_MODE is local',
  parse(text) {
    const verdict = publicOrigin.parse(text);
    if ('wrong' in verdict || isLoopbackHost(verdict.value.hostname)) return verdict;
    return { wrong: 'is not the address of a loopback host' };
  },
};

/** Ends without a slash, so that `${base}/path` lies below it. */
export const baseAddress: Rule<string> = {
  expects: `${secure}, with a path if need be, without query or fragment`,
  parse(text) {
    const verdict = parseUrl(text, { plainHttp: 'loopback only', path: 'any' });
    return 'wrong' in verdict ? verdict : { value: verdict.value.href.replace(/\/+$/, '') };
  },
};

/** Exactly as written: tokens name it letter by letter (OpenID Connect Core §3.1.3.7). */
export const issuerAddress: Rule<string> = {
  expects: `the issuer as its tokens name it: ${secure}, without query or fragment`,
  parse(text) {
    const verdict = parseUrl(text, { plainHttp: 'loopback only', path: 'any' });
    return 'wrong' in verdict ? verdict : { value: text };
  },
};

export const keySetAddress: Rule<URL> = {
  expects: `${secure}, without fragment`,
  parse: (text) => parseUrl(text, { plainHttp: 'loopback only', path: 'any', query: 'any' }),
};

/** Inside the operator's network, so plain http is theirs to choose. */
export const upstreamOrigin: Rule<URL> = {
  expects: 'an http or https address of host and port alone, without path, query or fragment',
  parse: (text) => parseUrl(text, { plainHttp: 'anywhere', path: 'none' }),
};

/** Of the operator's own choosing, and often beside the server. */
export const collectorAddress: Rule<URL> = {
  expects: 'an http or https address, with a path if need be, without query or fragment',
  parse: (text) => parseUrl(text, { plainHttp: 'anywhere', path: 'any' }),
};

export function redirectAddress(path: string): Rule<URL> {
  return {
    expects: `${secure} whose path is exactly ${path}, without query or fragment`,
    parse(text) {
      const verdict = parseUrl(text, { plainHttp: 'loopback only', path: 'any' });
      if ('wrong' in verdict || verdict.value.pathname === path) return verdict;
      return { wrong: 'has another path' };
    },
  };
}
