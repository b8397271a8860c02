import { expect, test } from 'vitest';
import { groupReference, readReference } from './reference.ts';

test('a reference is read out in two groups of four', () => {
  expect(groupReference('7KQM3XRD')).toBe('7KQM 3XRD');
});

test('only a reference is shown in the place of a reference', () => {
  expect(readReference('7KQM3XRD')).toBe('7KQM3XRD');
  for (const other of [
    '7KQM3XR',
    '7KQM3XRDD',
    '7kqm3xrd',
    '7KQM 3XRD',
    '7KQMAXRD',
    '7KQM1XRD',
    '<b>XXXXX',
    '',
    null,
  ]) {
    expect(readReference(other)).toBeUndefined();
  }
});
