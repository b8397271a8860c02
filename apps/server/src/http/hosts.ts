import { isLoopbackHost } from '../kernel/loopback.ts';

export type HostRules = {
  readonly localOnly: boolean;
  readonly publicOrigin: URL;
  readonly acceptedOrigins: readonly string[];
};

export type HostFacts = {
  readonly host: string | undefined;
  /** Whether a `Forwarded` or `X-Forwarded-*` header came along. */
  readonly isForwarded: boolean;
  /** A GET or HEAD that a person's browser makes to open a page. */
  readonly opensPage: boolean;
};

export type HostDecision =
  | { readonly outcome: 'answered' }
  /** Cookies belong to one name: the page opens under the public one. */
  | { readonly outcome: 'moved' }
  | { readonly outcome: 'refused'; readonly finding: 'host_missing' | 'host_unknown' | 'forwarded_in_local' };

const hostShape = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9.-]{1,253})(?::\d{1,5})?$/;

function hostnameOf(host: string): string | undefined {
  return hostShape.exec(host)?.[1];
}

/** The spellings of an origin's host: with and without the scheme's own port. */
function spellings(origin: string): string[] {
  const url = new URL(origin);
  if (url.port !== '') return [url.host];
  return [url.host, `${url.host}:${url.protocol === 'https:' ? '443' : '80'}`];
}

/** Names are compared as text, never resolved: a name that merely points to loopback is somebody's rebinding. */
export function hostPolicy(rules: HostRules): (facts: HostFacts) => HostDecision {
  const accepted = new Set(rules.localOnly ? [] : rules.acceptedOrigins.flatMap(spellings));
  const publicName = rules.publicOrigin.hostname;
  const movesPages = isLoopbackHost(publicName);
  return ({ host, isForwarded, opensPage }) => {
    if (rules.localOnly && isForwarded) return { outcome: 'refused', finding: 'forwarded_in_local' };
    if (host === undefined) return { outcome: 'refused', finding: 'host_missing' };
    const spelled = host.toLowerCase();
    if (accepted.has(spelled)) return { outcome: 'answered' };
    const hostname = hostnameOf(spelled);
    if (hostname === undefined || !isLoopbackHost(hostname))
      return { outcome: 'refused', finding: 'host_unknown' };
    return movesPages && opensPage && hostname !== publicName
      ? { outcome: 'moved' }
      : { outcome: 'answered' };
  };
}
