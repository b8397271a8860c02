import type { Answer, Ask } from './exchange.ts';
import { json } from './exchange.ts';
import type { Gates } from './gates.ts';
import type { createJournal, RequestKind } from './journal.ts';
import type { Handler } from './loopback-server.ts';

export type Route = {
  readonly method: 'GET' | 'POST';
  /** Segments that begin with `:` match anything and come back in `ask.params`. */
  readonly path: string;
  readonly kind: RequestKind;
  readonly answer: (ask: Ask) => Answer | Promise<Answer>;
};

type Watchers = {
  readonly journal: ReturnType<typeof createJournal>;
  readonly gates: Gates;
  /** What the `Date` header says. */
  readonly clock: () => Date;
};

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const actual = given[index] ?? '';
    if (segment.startsWith(':')) params[segment.slice(1)] = actual;
    else if (segment !== actual) return undefined;
  }
  return params;
}

/** Journal first, then the gate, then the answer: a held request is already counted. */
export function routed(routes: readonly Route[], { journal, gates, clock }: Watchers): Handler {
  return async (arrived) => {
    for (const route of routes) {
      const params = route.method === arrived.method ? matchPath(route.path, arrived.path) : undefined;
      if (params === undefined) continue;
      const ask = { ...arrived, params };
      journal.record(route.kind, ask);
      await gates.pass(route.kind);
      const answer = await route.answer(ask);
      return { ...answer, headers: { date: clock().toUTCString(), ...answer.headers } };
    }
    journal.record('unknown', arrived);
    return json(404, { error: 'not_found' });
  };
}
