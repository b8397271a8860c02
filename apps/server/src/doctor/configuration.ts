import type { Check } from './check.ts';
import { openGroup } from './check.ts';

const group = openGroup('configuration');
const page = 'docs/configuration.md';

/** A mistake as the reading of the environment words it: without the value, often with `Expected: …` at its end. */
export type Mistake = { readonly variable: string; readonly sentence: string };

export function mistakeChecks(mistakes: readonly Mistake[]): readonly Check[] {
  return mistakes.map(({ variable, sentence }) => {
    const [found = sentence, expected] = sentence.split(/ Expected: | Did you mean .*/);
    const mend = mendOf(sentence, expected);
    return group.failed(variable, { found, why: 'No server starts with this.', mend });
  });
}

function mendOf(sentence: string, expected = ''): string {
  const [, meant] = / Did you mean (\S+)\?$/.exec(sentence) ?? [];
  if (meant !== undefined) return `Rename it to ${meant}, or remove it.`;
  if (sentence === 'is unknown.') return `Remove it; every name there is stands in ${page}.`;
  if (expected === '') return `Its rule is in ${page}.`;
  return sentence.startsWith('is not set') ? `Set it to ${expected}` : expected;
}

/** What is worth a line in the log of every start, and is nothing to be mended. */
const fineAsItIs = new Set(['DATABASE_URL']);

/** `warnings`: one sentence each, beginning with the variable's name. */
export function environmentChecks(mode: string, warnings: readonly string[]): readonly Check[] {
  const told = warnings.map((warning) => {
    const [variable = '', ...words] = warning.split(' ');
    if (fineAsItIs.has(variable)) return group.ok(variable, words.join(' '));
    return group.warning(variable, {
      found: words.join(' '),
      why: 'A server starts all the same, and says so each time.',
      mend: `Its rule is in ${page}.`,
    });
  });
  return [group.ok('environment', `can be read, for the mode ${mode}`), ...told];
}
