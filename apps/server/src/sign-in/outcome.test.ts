import { expect, test } from 'vitest';
import { errorCatalogue } from '../kernel/errors.ts';
import type { ErrorCode } from '../kernel/errors.ts';
import { outcomeOf } from './outcome.ts';

// The keys of the catalogue, which `Object.keys` forgets.
const codes = Object.keys(errorCatalogue) as ErrorCode[];

test.each([
  ['provider_denied', 'cancelled'],
  ['provider_refused', 'refused'],
  ['email_domain_not_allowed', 'refused'],
  ['attempt_invalid', 'refused'],
  ['provider_misconfigured', 'misconfigured'],
  ['provider_unavailable', 'unavailable'],
  ['storage_unavailable', 'failed'],
  ['internal_error', 'failed'],
] as const)('a sign-in that ends with %s counts as %s', (code, outcome) => {
  expect(outcomeOf(code)).toBe(outcome);
});

test('no code counts as a success', () => {
  expect(codes.filter((code) => outcomeOf(code) === 'succeeded')).toEqual([]);
});

test('what is nobody’s refusal is never counted as one', () => {
  const faults = codes.filter((code) => errorCatalogue[code].status >= 500);
  expect(faults.filter((code) => outcomeOf(code) === 'refused')).toEqual([]);
  expect(faults.length).toBeGreaterThan(3);
});
