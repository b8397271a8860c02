import { expect, test } from 'vitest';
import { decideStepUp } from './decide-step-up.ts';

test.each([
  [true, true, 'code'],
  [true, false, 'code'],
  [false, true, 'password'],
  [false, false, 'sign_in'],
] as const)('app: %s, password: %s: %s', (hasApp, hasPassword, way) => {
  expect(decideStepUp({ hasApp, hasPassword })).toBe(way);
});
