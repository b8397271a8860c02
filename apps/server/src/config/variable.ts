/** What is known about one variable. The reader takes its default from here; the documentation is made of it. */
export type Variable = {
  /** Read in the place of an absent value, so it is written the way an operator would write it. */
  readonly default?: string;
  /** The default in words, where it follows from other variables. */
  readonly otherwise?: string;
  /** May also be given as a file, by `NAME_FILE`. */
  readonly secret?: true;
  /** One sentence or two for operators, in Markdown. */
  readonly rule: string;
};

export type VariableTable = Readonly<Record<string, Variable>>;

/** A table under its heading, as the documentation shows it. */
export type VariableGroup = {
  readonly title: string;
  readonly intro?: string;
  readonly variables: VariableTable;
};
