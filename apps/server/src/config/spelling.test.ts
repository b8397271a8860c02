import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closestTo, lettersApart } from './spelling.ts';

test.each([
  ['POLICY', 'POLICY', 0],
  ['POLICY', 'POLICE', 1],
  ['POLICY', 'POLIY', 1],
  ['POLICY', 'POLLICY', 1],
  ['POLICY', 'POILCY', 1],
  ['POLICY', 'OPILCY', 2],
  ['POLICY', 'POLICIES', 3],
  ['', 'AB', 2],
])('%s and %s are %i letters apart', (left, right, apart) => {
  expect(lettersApart(left, right, 5)).toBe(apart);
});

test('distance is the same both ways and never more than the longer word', () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (left, right) => {
      const apart = lettersApart(left, right, 20);
      expect(apart).toBe(lettersApart(right, left, 20));
      expect(apart).toBeLessThanOrEqual(Math.max(left.length, right.length));
      expect(apart === 0).toBe(left === right);
    }),
  );
});

test('counting stops beyond the limit', () => {
  expect(lettersApart('ABCDEFGH', 'STUVWXYZ', 2)).toBe(3);
});

test('the closest word is found, or none', () => {
  expect(closestTo('PORT', ['HOST', 'PORTS', 'FORTY'], 2)).toBe('PORTS');
  expect(closestTo('PORT', ['NAME'], 2)).toBeUndefined();
});
