import { expect, test } from 'vitest';
import { decideLinking } from './decide-linking.ts';
import type { LinkingFacts } from './decide-linking.ts';

/** Written out: whether the browser is still the same person's, and to whom the identity leads. */
test.each<[LinkingFacts['isStillThere'], LinkingFacts['leadsTo'], unknown]>([
  [true, 'nobody', { outcome: 'linked' }],
  [true, 'oneself', { outcome: 'kept' }],
  [true, 'another', { outcome: 'refused', reason: 'identity_taken' }],
  [false, 'nobody', { outcome: 'refused', reason: 'session_changed' }],
  [false, 'oneself', { outcome: 'refused', reason: 'session_changed' }],
  [false, 'another', { outcome: 'refused', reason: 'session_changed' }],
])('still there: %s, leads to %s', (isStillThere, leadsTo, decision) => {
  expect(decideLinking({ isStillThere, leadsTo })).toEqual(decision);
});
