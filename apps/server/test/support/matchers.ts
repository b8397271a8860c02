import { expect } from 'vitest';
import type { Answer } from './browser.ts';

type Problem = { readonly code: string; readonly status: number; readonly reference: string };

/** The code of a refusal, whether it came as problem+json or as a redirect to the error page. */
export function codeOf(answer: Answer): string | undefined {
  if (answer.location?.pathname === '/auth/error')
    return answer.location.searchParams.get('code') ?? undefined;
  if (!String(answer.headers['content-type']).startsWith('application/problem+json')) return undefined;
  // A problem is what the line above made sure of.
  return (answer.json() as Problem).code;
}

export function referenceOf(answer: Answer): string {
  const fromPage = answer.location?.searchParams.get('ref');
  // The caller knows that this answer is a refusal.
  return fromPage ?? (answer.json() as Problem).reference;
}

expect.extend({
  /** As a page: 303 to the error page with this code. As an API: problem+json with this status and code. */
  toBeRefusedWith(answer: Answer, code: string) {
    const found = codeOf(answer);
    const isRightStatus = answer.location !== undefined ? answer.status === 303 : answer.status >= 400;
    return {
      pass: found === code && isRightStatus,
      message: () =>
        `expected a refusal with ${code}, got ${String(answer.status)} ${found ?? answer.body.slice(0, 300)}`,
    };
  },
  toBeProblem(answer: Answer, status: number, code: string) {
    const found = codeOf(answer);
    return {
      pass: answer.status === status && found === code,
      message: () =>
        `expected ${String(status)} ${code}, got ${String(answer.status)} ${found ?? answer.body.slice(0, 300)}`,
    };
  },
  toRedirectTo(answer: Answer, path: string) {
    const { location } = answer;
    const found =
      location === undefined ? undefined : `${location.pathname}${location.search}${location.hash}`;
    return {
      pass: found === path && (answer.status === 302 || answer.status === 303),
      message: () =>
        `expected a redirect to ${path}, got ${String(answer.status)} ${found ?? answer.body.slice(0, 300)}`,
    };
  },
});

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- declaration merging takes interfaces only
  interface Matchers {
    toBeRefusedWith(code: string): void;
    toBeProblem(status: number, code: string): void;
    toRedirectTo(path: string): void;
  }
}
