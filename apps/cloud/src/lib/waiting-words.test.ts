import { expect, test } from 'vitest';
import { waitingWords } from './waiting-words.ts';

test('a wait is told in minutes, and a long one in hours, never as less than it is', () => {
  expect(waitingWords(1)).toContain('in a minute');
  expect(waitingWords(61)).toContain('in 2 minutes');
  expect(waitingWords(89 * 60)).toContain('in 89 minutes');
  expect(waitingWords(90 * 60)).toContain('in about 2 hours');
  expect(waitingWords(23 * 3600 + 1)).toContain('in about 24 hours');
});

test('without a word from the server, no time is promised', () => {
  expect(waitingWords(undefined)).toContain('later');
});
