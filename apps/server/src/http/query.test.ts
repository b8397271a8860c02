import { describe, expect, test } from 'vitest';
import { parseQuery, queryRefusal } from './query.ts';

describe('a query string', () => {
  test.each([
    ['', {}],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=1%262&b=c+d', { a: '1&2', b: 'c d' }],
    ['a', { a: '' }],
    ['%E0%A4%A=1', { '\ufffd%A': '1' }],
    ['constructor=1', { constructor: '1' }],
  ])('%j is read', (text, expected) => {
    expect({ ...parseQuery(text) }).toEqual(expected);
    expect(queryRefusal(parseQuery(text))).toBeUndefined();
  });

  test('has no prototype to poison', () => {
    const query = parseQuery('__proto__=1');
    expect(Object.keys(query)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(query)).toBeNull();
  });

  test.each(['a=1&a=2', 'a=1&b=2&a=1', 'a=1&%61=2', '__proto__=1&__proto__=2'])(
    '%j names one twice',
    (text) => {
      expect(queryRefusal(parseQuery(text))).toBe('query: a parameter is repeated');
      expect(Object.keys(parseQuery(text))).toEqual([]);
    },
  );

  test.each([101, 100_000])('%i parameters are refused in under ten milliseconds, unread (D-09)', (count) => {
    const text = Array.from({ length: count }, (_, at) => `p${at}=1`).join('&');
    const startedAt = performance.now();
    expect(queryRefusal(parseQuery(text))).toBe('query: more than 100 parameters');
    expect(performance.now() - startedAt).toBeLessThan(10);
  });
});
