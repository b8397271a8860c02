import { connectionTexts, problemTexts, unknownProblem } from '../messages/en.ts';
import type { ProblemText } from '../messages/en.ts';

const texts: ReadonlyMap<string, ProblemText> = new Map([
  ...Object.entries<ProblemText>(problemTexts),
  ...Object.entries<ProblemText>(connectionTexts),
]);

/** The text for a code, chosen by the code alone; the general one for a code that isn't known here. */
export const problemText = (code: string): ProblemText => texts.get(code) ?? unknownProblem;

const signInCodes: ReadonlySet<string> = new Set<keyof typeof problemTexts>([
  'account_disabled',
  'attempt_invalid',
  'email_domain_not_allowed',
  'email_unverified',
  'identity_conflict',
  'identity_taken',
  'link_required',
  'provider_denied',
  'provider_misconfigured',
  'provider_refused',
  'provider_unavailable',
  'session_changed',
]);

/** Whether the reference leads to the trace of a sign-in; every other is in the server's log alone. */
export const isOfSignIn = (code: string): boolean => signInCodes.has(code);

/** A code as it may be shown to an administrator: ours, or none. */
export const knownCode = (code: string): string | undefined =>
  Object.hasOwn(problemTexts, code) ? code : undefined;
