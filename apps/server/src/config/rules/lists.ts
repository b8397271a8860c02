import type { Rule, Verdict } from '../reading.ts';

export type NonEmpty<T> = readonly [T, ...T[]];

type ListOptions<T> = {
  readonly expects: string;
  /** What makes two items the same; without it they may repeat. */
  readonly sameAs?: (item: T) => string;
};

/** Comma-separated, in the order given, white space around an item ignored, no item empty. */
export function listOf<T>(item: Rule<T>, options: ListOptions<T>): Rule<NonEmpty<T>> {
  const { sameAs } = options;
  return {
    expects: options.expects,
    parse(text) {
      const verdict = parseItems(text, item);
      if ('wrong' in verdict || sameAs === undefined) return verdict;
      const keys = new Set(verdict.value.map(sameAs));
      return keys.size < verdict.value.length ? { wrong: 'has the same entry twice' } : verdict;
    },
  };
}

function parseItems<T>(text: string, item: Rule<T>): Verdict<NonEmpty<T>> {
  const values: T[] = [];
  const parts = text.split(',').map((part) => part.trim());
  for (const [index, part] of parts.entries()) {
    if (part === '') return { wrong: 'has an empty entry' };
    const verdict = item.parse(part);
    if ('wrong' in verdict)
      return parts.length === 1 ? verdict : { wrong: `${verdict.wrong} (entry ${index + 1})` };
    values.push(verdict.value);
  }
  const [first, ...rest] = values;
  return first === undefined ? { wrong: 'has an empty entry' } : { value: [first, ...rest] };
}
