export type Mistake = {
  readonly variable: string;
  /** What is wrong and what is expected, without the value. */
  readonly sentence: string;
};

/** Every mistake of an environment at once. Holds names and our own words; no value of any variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'CONFIG_INVALID';
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    super(formatMistakes(mistakes));
    this.mistakes = mistakes;
  }
}

/** `CONFIG_INVALID`, then one line for each mistake: what an operator reads when a process refuses to start. */
function formatMistakes(mistakes: readonly Mistake[]): string {
  const count = mistakes.length === 1 ? 'one mistake' : `${mistakes.length} mistakes`;
  const lines = mistakes.map(({ variable, sentence }) => `  ${variable} ${sentence}`);
  return [`CONFIG_INVALID: ${count} in the environment, nothing was started`, ...lines].join('\n');
}
