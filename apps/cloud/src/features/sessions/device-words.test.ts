import type { OwnSession } from '@gatehouse/contract';
import { expect, test } from 'vitest';
import { deviceWords } from './device-words.ts';

test.each<[OwnSession['device'], string]>([
  [{ kind: 'desktop', browser: 'Firefox', os: 'Linux' }, 'Firefox on Linux'],
  [{ kind: 'phone', browser: 'Safari' }, 'Safari'],
  [{ kind: 'tablet', os: 'Android' }, 'A tablet'],
  [{ kind: 'unknown' }, 'Unknown device'],
])('%j is called %s', (device, words) => {
  expect(deviceWords(device)).toBe(words);
});
