import { expect, test } from 'vitest';
import { tokenIn } from './link-token.ts';

test.each(['#token=abc_-9.~', 'token=abc_-9.~'])('the token of %s is found', (fragment) => {
  expect(tokenIn(fragment)).toBe('abc_-9.~');
});

test.each(['', '#', '#token=', '#content', `#token=${'a'.repeat(257)}`, '#token=<b>'])(
  'there is none in %j',
  (fragment) => {
    expect(tokenIn(fragment)).toBeUndefined();
  },
);
