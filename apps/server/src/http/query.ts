const mostParameters = 100;

const refusal = Symbol('why a query string was refused');

export type Query = { [name: string]: string } & { [refusal]?: string };

function refused(why: string): Query {
  // Object.create returns any; nothing is on it but what the next line puts there.
  return Object.assign(Object.create(null) as Query, { [refusal]: why });
}

function countOf(text: string, character: string, most: number): number {
  let count = 0;
  for (let at = text.indexOf(character); at !== -1 && count <= most; at = text.indexOf(character, at + 1))
    count += 1;
  return count;
}

/**
 * One value for a name: which of two counts, our reader and the one in front of us might answer differently.
 * Runs before any hook and must not throw; the door asks `queryRefusal` afterwards.
 */
export function parseQuery(text: string): Query {
  if (countOf(text, '&', mostParameters) >= mostParameters) return refused('query: more than 100 parameters');
  // Object.create returns any; without a prototype `__proto__` is a name like any other.
  const query = Object.create(null) as Query;
  if (text === '') return query;
  for (const [name, value] of new URLSearchParams(text)) {
    if (name in query) return refused('query: a parameter is repeated');
    query[name] = value;
  }
  return query;
}

export function queryRefusal(query: unknown): string | undefined {
  // Whatever route schema has replaced it since, before validation this is what parseQuery returned.
  return (query as Query | undefined)?.[refusal];
}
