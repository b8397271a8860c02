/** One fact: its name, and in words each value that it can take. */
export type Fact<Facts> = {
  readonly name: string;
  readonly values: readonly (readonly [words: string, facts: Partial<Facts>])[];
};

type Leaf = { readonly outcome: string };
type Branch = { readonly branches: readonly (readonly [words: readonly string[], below: Tree])[] };
type Tree = Leaf | Branch;

export type DecisionTable = {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

const whatever = '–';

/**
 * The outcome for every combination of the facts, with rows put together that differ in nothing: values that lead to the
 * same in all that follows share a row, and a fact that never matters has no column.
 */
export function decisionTable<Facts>(
  facts: readonly Fact<Facts>[],
  decide: (facts: Partial<Facts>) => string,
): DecisionTable {
  const all = rowsOf(grow(facts, {}, decide), facts.length);
  const isUsed = facts.map((_, column) => all.some((row) => row[column] !== whatever));
  const pick = (row: readonly string[]) => row.filter((_, column) => isUsed[column] ?? true);
  return { head: pick([...facts.map(({ name }) => name), 'Outcome']), rows: all.map(pick) };
}

function grow<Facts>(
  [fact, ...others]: readonly Fact<Facts>[],
  known: Partial<Facts>,
  decide: (facts: Partial<Facts>) => string,
): Tree {
  if (fact === undefined) return { outcome: decide(known) };
  const grown = fact.values.map(
    ([words, facts]) => [words, grow(others, { ...known, ...facts }, decide)] as const,
  );
  const branches = new Map<string, { words: string[]; below: Tree }>();
  for (const [words, below] of grown) {
    const alike = branches.get(JSON.stringify(below));
    if (alike === undefined) branches.set(JSON.stringify(below), { words: [words], below });
    else alike.words.push(words);
  }
  const all = branches.size === 1;
  return { branches: [...branches.values()].map(({ words, below }) => [all ? [whatever] : words, below]) };
}

function rowsOf(tree: Tree, depth: number): readonly (readonly string[])[] {
  if ('outcome' in tree)
    return [[...Array.from({ length: depth }, () => whatever), tree.outcome].slice(depth)];
  return tree.branches.flatMap(([words, below]) =>
    rowsOf(below, depth - 1).map((row) => [words.join(' *or* '), ...row]),
  );
}
