import { expect, test } from 'vitest';
import { matching } from './matching.ts';

const zuri = { name: 'Züri Handels AG', slug: 'zuri-handel' };
const acme = { name: 'Acme Reports', slug: 'acme' };

test.each([
  ['zuri', [zuri]],
  ['HANDELS züri', [zuri]],
  ['acme', [acme]],
  ['  ', [zuri, acme]],
  ['zuri acme', []],
])('looking for %j', (query, found) => {
  expect(matching([zuri, acme], query)).toEqual(found);
});
