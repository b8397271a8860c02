import { describe, expect, test } from 'vitest';
import { addressMatcher, parseTraceParent } from './traceparent.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('a trace that another program began', () => {
  test.each([
    [`00-${traceId}-${spanId}-01`, 1],
    [`00-${traceId}-${spanId}-00`, 0],
    [`cc-${traceId}-${spanId}-01-what-a-later-version-says`, 1],
  ])('%s is taken over', (header, flags) => {
    expect(parseTraceParent(header)).toEqual({ traceId, spanId, flags });
  });

  test.each([
    undefined,
    '',
    `ff-${traceId}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${traceId}-${spanId}-1`,
    `00-${traceId}-${spanId}`,
  ])('%s is none', (header) => {
    expect(parseTraceParent(header)).toBeUndefined();
  });

  test('two of them are none', () => {
    expect(parseTraceParent([`00-${traceId}-${spanId}-01`])).toBeUndefined();
  });
});

describe('whose word counts', () => {
  const isProxy = addressMatcher(['10.1.0.0/16', '192.0.2.7/32', 'fd00::/8']);

  test.each(['10.1.255.255', '::ffff:10.1.2.3', '192.0.2.7', 'fd12::1'])('%s is one of ours', (address) => {
    expect(isProxy(address)).toBe(true);
  });

  test.each(['10.2.0.0', '192.0.2.8', '::1', 'fe80::1', 'nonsense', '', undefined])(
    '%s is not',
    (address) => {
      expect(isProxy(address)).toBe(false);
    },
  );

  test('where there is none, nobody is', () => {
    expect(addressMatcher([])('127.0.0.1')).toBe(false);
  });
});
