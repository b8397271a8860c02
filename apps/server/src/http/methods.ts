import type { RouteOptions } from 'fastify';
import { upstreamRoute } from './upstream/target.ts';

type KnownRoute = { readonly pattern: RegExp; readonly methods: Set<string> };

/** `/a/:id/*` as fastify's router reads it: a name is one segment, the star is the rest. */
function patternOf(url: string): RegExp {
  const source = url
    .split('/')
    .map((segment) => {
      if (segment === '*') return '.*';
      if (segment.startsWith(':')) return '[^/]+';
      return segment.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('/');
  return new RegExp(`^${source}$`);
}

/** Remembers what was registered, so that a known path asked with another method can say what is allowed. */
export type MethodBook = {
  /** What the application behind the gate allows, nobody here knows. */
  note(route: Pick<RouteOptions, 'url' | 'method'>): void;
  allowedAt(path: string): string[];
};

export function openMethodBook(): MethodBook {
  const known = new Map<string, KnownRoute>();
  return {
    note({ url, method }) {
      if (url === upstreamRoute) return;
      const entry = known.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
      for (const one of [method].flat()) entry.methods.add(one);
      known.set(url, entry);
    },
    allowedAt(path) {
      const methods = new Set<string>();
      for (const entry of known.values()) {
        if (entry.pattern.test(path)) for (const method of entry.methods) methods.add(method);
      }
      return [...methods].sort();
    },
  };
}
