import { expect, test } from 'vitest';
import { judge, looksLikeAddress, readAddresses } from './addresses.ts';

test.each([
  ['a@x.example', ['a@x.example']],
  ['a@x.example b@x.example', ['a@x.example', 'b@x.example']],
  ['a@x.example,b@x.example;c@x.example', ['a@x.example', 'b@x.example', 'c@x.example']],
  ['a@x.example\r\nb@x.example\n\n', ['a@x.example', 'b@x.example']],
  ['email\na@x.example', ['email', 'a@x.example']],
  ['Ada Lovelace <ada@x.example>', ['ada@x.example']],
  ['"Lovelace, Ada" <ada@x.example>, Ben <ben@x.example>', ['ada@x.example', 'ben@x.example']],
  ['"Lovelace, Ada" <ada@x.example>\nBen "the <b>" <ben@x.example>', ['ada@x.example', 'b', 'ben@x.example']],
  ['Ada <ada@x.example> Ben <ben@x.example>', ['ada@x.example', 'ben@x.example']],
  ['ada@x.example <ada@x.example>', ['ada@x.example']],
  ["'ada@x.example' <ada@x.example>", ['ada@x.example']],
  ['first@x.example Ada <ada@x.example>', ['first@x.example', 'ada@x.example']],
  ['<ada@x.example>', ['ada@x.example']],
  ['mailto:ada@x.example', ['ada@x.example']],
  ['"a@x.example","b@x.example"', ['a@x.example', 'b@x.example']],
  ['Write to ada@x.example.', ['Write', 'to', 'ada@x.example']],
  ['Ada\tada@x.example', ['Ada', 'ada@x.example']],
  [' , ; \n ', []],
  ['a quote " that never ends, a@x.example', ['a', 'quote', 'that', 'never', 'ends', 'a@x.example']],
])('%j holds %j', (text, addresses) => {
  expect(readAddresses(text)).toEqual(addresses);
});

test('ten thousand addresses are read at once', () => {
  const many = Array.from({ length: 10_000 }, (_, place) => `person${String(place)}@x.example`);
  const startedAt = performance.now();
  expect(readAddresses(many.join(', '))).toEqual(many);
  expect(readAddresses(many.join('\n'))).toEqual(many);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});

test.each(['ada@acme.example', "o'hara+tag@sub.acme.example", 'ada@bücher.example', 'ADA@ACME.EXAMPLE'])(
  '%s looks like an address',
  (text) => {
    expect(looksLikeAddress(text)).toBe(true);
  },
);

test.each([
  '',
  'ada',
  'ada@',
  '@acme.example',
  'ada@acme',
  'a..b@acme.example',
  'a@b@c.example',
  'ada@-a.example',
])('%j does not', (text) => {
  expect(looksLikeAddress(text)).toBe(false);
});

test('the second of the same address is named, however it is written', () => {
  const entries = ['ada@acme.example', 'ADA@acme.example', 'ada', 'ada'].map((text, id) => ({ id, text }));
  expect(judge(entries).map(({ verdict }) => verdict)).toEqual(['fine', 'twice', 'malformed', 'malformed']);
});
