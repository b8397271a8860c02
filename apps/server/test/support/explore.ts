export type Explored<State> = {
  readonly states: number;
  readonly steps: number;
  /** The shortest way to a state that must not be, if there is one. */
  readonly broken?: { readonly what: string; readonly way: readonly string[]; readonly state: State };
};

type Machine<State> = {
  readonly first: State;
  readonly next: (state: State) => readonly (readonly [string, State])[];
  readonly key: (state: State) => string;
  readonly broken: (state: State) => string | undefined;
};

/** Visits every state that can be reached, nearest first, and stops at the first that must not be. */
export function explore<State>({ first, next, key, broken }: Machine<State>): Explored<State> {
  type Visit = { readonly state: State; readonly from?: Visit; readonly by: string };
  const seen = new Set([key(first)]);
  const queue: Visit[] = [{ state: first, by: '' }];
  let steps = 0;
  for (const visit of queue) {
    const what = broken(visit.state);
    if (what !== undefined)
      return { states: seen.size, steps, broken: { what, way: wayTo(visit), state: visit.state } };
    for (const [by, state] of next(visit.state)) {
      steps += 1;
      const name = key(state);
      if (seen.has(name)) continue;
      seen.add(name);
      queue.push({ state, from: visit, by });
    }
  }
  return { states: seen.size, steps };
}

type Trail = { readonly from?: Trail; readonly by: string };

function wayTo(visit: Trail): readonly string[] {
  const way: string[] = [];
  for (let at = visit; at.from !== undefined; at = at.from) way.unshift(at.by);
  return way;
}
