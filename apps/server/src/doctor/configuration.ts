import type { Check } from './check.ts';
import { openGroup } from './check.ts';

const group = openGroup('configuration');
const page = 'docs/configuration.md';

/** A mistake as the reading of the environment words it: without the value, often with `Expected: …` at its end. */
export type Mistake = { readonly variable: string; readonly sentence: string };

export function mistakeChecks(mistakes: readonly Mistake[]): readonly Check[] {
  return mistakes.map(({ variable, sentence }) => {
    const [found = sentence, expected] = sentence.split(/ Expected: /);
    const mend =
      expected === undefined
        ? `${variable}: its rule is in ${page}.`
        : `${variable}: expected is ${expected}`;
    return group.failed(variable, { found, why: 'No server starts with this.', mend });
  });
}

/** `warnings`: one sentence each, beginning with the variable's name. */
export function environmentChecks(mode: string, warnings: readonly string[]): readonly Check[] {
  const told = warnings.map((warning) => {
    const [variable = '', ...words] = warning.split(' ');
    return group.warning(variable, {
      found: words.join(' '),
      why: 'A server starts all the same, and says so each time.',
      mend: `${variable}: its rule is in ${page}.`,
    });
  });
  return [group.ok('environment', `can be read, for the mode ${mode}`), ...told];
}
