import { connectionTexts, problemTexts, unknownProblem } from '../messages/en.ts';
import type { ProblemText } from '../messages/en.ts';

const texts: ReadonlyMap<string, ProblemText> = new Map([
  ...Object.entries<ProblemText>(problemTexts),
  ...Object.entries<ProblemText>(connectionTexts),
]);

/** The text for a code, chosen by the code alone; the general one for a code that isn't known here. */
export const problemText = (code: string): ProblemText => texts.get(code) ?? unknownProblem;

/** A code as it may be shown to an administrator: ours, or none. */
export const knownCode = (code: string): string | undefined =>
  Object.hasOwn(problemTexts, code) ? code : undefined;
