import { expect, test } from 'vitest';
import { codeDigits } from './code-digits.ts';

test.each(['123456', ' 123 456 ', '123 456', '123-456', '１２３４５６', '1 2 3 4 5 6\n'])(
  '“%s” is a whole code',
  (typed) => {
    expect(codeDigits(typed)).toBe('123456');
  },
);

test.each(['', '12345', '1234567', '12345a', 'abcdef'])('“%s” is none', (typed) => {
  expect(codeDigits(typed)).toBeUndefined();
});
