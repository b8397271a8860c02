import type { Run } from './run.ts';

/** One line of the table. */
export type Finding = {
  readonly row: string;
  readonly unit: string;
  readonly ours: number;
  /** What was measured beside it in the same run. */
  readonly baseline?: { readonly name: string; readonly value: number };
  /** The same, where a ratio would say nothing. */
  readonly beside?: { readonly name: string; readonly value: number };
  /** Of the ratio where there is a baseline, of the figure itself where there is none. */
  readonly target?: { readonly least: number } | { readonly most: number };
  readonly note?: string;
};

export type Tell = (finding: Finding) => void;

/** One thing that is measured; it tells a line as soon as it has it. */
export type Part = (run: Run, tell: Tell) => Promise<void>;
