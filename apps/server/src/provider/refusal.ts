import { AppError } from '../kernel/errors.ts';
import type { ErrorContext } from '../kernel/errors.ts';

/** An answer that may be read but not trusted; `finding` names the check that failed. */
export function refused(finding: string, facts: ErrorContext = {}): AppError {
  return new AppError('provider_refused', { ...facts, finding });
}

/**
 * A missing value is a failed check.
 * @throws AppError `provider_refused` with the finding, unless the value is a text
 */
export function textOf(value: unknown, finding: string): string {
  if (typeof value !== 'string' || value === '') throw refused(finding);
  return value;
}
