import { expect, test } from 'vitest';
import { fromField, toField } from './local-moment.ts';

test('a moment goes into a field and comes out of it as it was, whatever this device’s clock is set to', () => {
  const moment = '2026-05-10T12:34:00.000Z';
  expect(toField(moment)).toMatch(/^2026-05-(?:09|10|11)T\d\d:\d4$/);
  expect(fromField(toField(moment))).toBe(moment);
});

test('an empty field is no moment', () => {
  expect(toField(undefined)).toBe('');
  expect(fromField('')).toBeUndefined();
  expect(fromField('2026-13-')).toBeUndefined();
});
