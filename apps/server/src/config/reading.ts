import type { Mistake } from './config-error.ts';
import type { ConfigFiles, Environment } from './environment.ts';
import type { VariableTable } from './variable.ts';

export type Verdict<T> = { readonly value: T } | { readonly wrong: string };

/** How the text of a variable becomes a value. Pure; what it says never repeats the text. */
export type Rule<T> = {
  /** Completes "Expected: …". */
  readonly expects: string;
  parse(text: string): Verdict<T>;
};

/**
 * One pass over an environment. Mistakes are gathered, not thrown, so that every one is found. A reading of many names
 * serves wherever a reading of some of them is asked for.
 */
export type Reading<Name extends string> = {
  /** The value or the table's default; undefined where there is neither, or after a mistake. */
  take<T>(name: Name, rule: Rule<T>): T | undefined;
  /** Like `take`; an absent value is a mistake. `because` completes "is not set, but needed …". */
  need<T>(name: Name, rule: Rule<T>, because: string): T | undefined;
  /** The untouched text, where the value of one variable decides which others are read. */
  text(name: Name): string | undefined;
  /** By its own name or, for a secret, by its file's; an empty value is none. */
  isGiven(name: Name): boolean;
  /** Every name of the environment that has a value, known or not. */
  givenNames(): readonly string[];
  mistake(variable: string, sentence: string): void;
  warn(variable: string, sentence: string): void;
};

export type Findings = { readonly mistakes: readonly Mistake[]; readonly warnings: readonly string[] };

export type ReadingSource = {
  readonly environment: Environment;
  readonly table: VariableTable;
  readonly files: ConfigFiles;
};

export function openReading<Name extends string>(
  source: ReadingSource,
): { readonly reading: Reading<Name>; readonly findings: Findings } {
  const notes = noteFindings();
  const textOf = textSource(source, notes.mistake);

  function take<T>(name: Name, rule: Rule<T>): T | undefined {
    const text = textOf(name);
    if (text === undefined) return undefined;
    const verdict = rule.parse(text);
    if ('value' in verdict && !onlyPlaceholder.test(text)) return verdict.value;
    if ('value' in verdict) {
      notes.mistake(name, `${stillPlaceholder}. Expected: ${rule.expects}.`);
      return undefined;
    }
    const wrong = placeholder.test(text) ? `${verdict.wrong}; ${stillPlaceholder}` : verdict.wrong;
    notes.mistake(name, `${wrong}. Expected: ${rule.expects}.`);
    return undefined;
  }

  function isGiven(name: Name): boolean {
    const secret = source.table[name]?.secret === true;
    return valueIn(source.environment, name) !== undefined || (secret && hasFile(source.environment, name));
  }

  const reading: Reading<Name> = {
    take,
    need(name, rule, because) {
      if (isGiven(name)) return take(name, rule);
      notes.mistake(name, `is not set, but needed ${because}. Expected: ${rule.expects}.`);
      return undefined;
    },
    text: textOf,
    isGiven,
    givenNames: () => namesWithValues(source.environment),
    mistake: notes.mistake,
    warn: notes.warn,
  };
  return { reading, findings: notes.findings };
}

/** Of an example that was copied. Some rules know angle brackets of their own, so a part counts only where they refuse. */
const placeholder = /<[^<>]+>/;
const onlyPlaceholder = /^<[^<>]+>$/;
const stillPlaceholder = 'still holds a placeholder <…>';

function noteFindings() {
  const mistakes: Mistake[] = [];
  const warnings: string[] = [];
  return {
    findings: { mistakes, warnings } satisfies Findings,
    mistake: (variable: string, sentence: string): void => {
      const known = mistakes.some((one) => one.variable === variable && one.sentence === sentence);
      if (!known) mistakes.push({ variable, sentence });
    },
    warn: (variable: string, sentence: string): void => {
      warnings.push(`${variable} ${sentence}`);
    },
  };
}

/**
 * Secrets keep their white space but for line ends behind them, which files bring along. Every other value loses what
 * surrounds it, the `\r` of a Windows file too.
 */
function textSource({ environment, table, files }: ReadingSource, mistake: Reading<string>['mistake']) {
  return (name: string): string | undefined => {
    const variable = table[name];
    const direct = valueIn(environment, name);
    if (variable?.secret !== true) return direct?.trim() ?? variable?.default;
    const path = valueIn(environment, fileNameOf(name))?.trim();
    if (path === undefined) return direct?.replace(lineEnds, '');
    const content = secretInFile(path, files);
    if (direct !== undefined)
      mistake(name, `is set, and so is ${fileNameOf(name)}. Expected: one of the two.`);
    if ('wrong' in content) mistake(fileNameOf(name), content.wrong);
    return direct === undefined && 'value' in content ? content.value : undefined;
  };
}

const lineEnds = /[\r\n]+$/;

function secretInFile(path: string, files: ConfigFiles): Verdict<string> {
  try {
    const value = files.readText(path).replace(lineEnds, '');
    return value.trim() === '' ? { wrong: 'names an empty file. Expected: the secret in it.' } : { value };
  } catch (error) {
    return { wrong: unreadable(error) };
  }
}

function unreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'names a file that does not exist. Expected: a file with the secret.';
  if (code === 'EACCES')
    return 'names a file that may not be read. Expected: one that the user of the server may read.';
  if (code === 'EISDIR') return 'names a folder. Expected: a file with the secret.';
  return 'names no file that can be read and holds a secret.';
}

export function fileNameOf(name: string): string {
  return `${name}_FILE`;
}

function hasFile(environment: Environment, name: string): boolean {
  return valueIn(environment, fileNameOf(name)) !== undefined;
}

function valueIn(environment: Environment, name: string): string | undefined {
  const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
  return value === undefined || value.trim() === '' ? undefined : value;
}

function namesWithValues(environment: Environment): readonly string[] {
  return Object.keys(environment).filter((name) => valueIn(environment, name) !== undefined);
}
