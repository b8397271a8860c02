import { losesAttempts } from '../../lib/lost-attempts.ts';
import { problemText } from '../../lib/problem-choice.ts';
import { readReference } from '../../lib/reference.ts';
import { cookieLost } from '../../messages/en.ts';
import type { ProblemText } from '../../messages/en.ts';

export type ShownError = {
  readonly code: string;
  readonly reference: string | undefined;
  readonly text: ProblemText;
};

type Browser = {
  readonly search: string;
  readonly tabShelf: Pick<Storage, 'getItem' | 'setItem'> | undefined;
  readonly keepsCookies: boolean;
  readonly nowMs: number;
};

/** What the error page shows: of its address, the code chooses a text and the reference is shown if it is one. */
export function readError({ search, tabShelf, keepsCookies, nowMs }: Browser): ShownError {
  const query = new URLSearchParams(search);
  const code = query.get('code') ?? '';
  const reference = readReference(query.get('ref'));
  const isLost =
    code === 'attempt_invalid' &&
    (losesAttempts(tabShelf, { reference: reference ?? String(nowMs), atMs: nowMs }) || !keepsCookies);
  return { code, reference, text: isLost ? cookieLost : problemText(code) };
}
