import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { domainOf, parseEmailAddress } from './email-address.ts';

describe('an e-mail address', () => {
  test.each([
    ['ada@acme.example', 'ada@acme.example'],
    ['  Ada@ACME.Example ', 'ada@acme.example'],
    ['ada.b+tag@acme.example', 'ada.b+tag@acme.example'],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['ada@BÜCHER.example', 'ada@xn--bcher-kva.example'],
    ["o'brien@acme.example", "o'brien@acme.example"],
  ])('H-15 %j is %s: letter case and the domain are folded, nothing else', (typed, stored) => {
    expect(parseEmailAddress(typed)).toBe(stored);
  });

  test('H-15 dots and tags make another address', () => {
    expect(parseEmailAddress('a.da@acme.example')).not.toBe(parseEmailAddress('ada@acme.example'));
    expect(parseEmailAddress('ada+x@acme.example')).not.toBe(parseEmailAddress('ada@acme.example'));
  });

  test.each(['mıke@acme.example', '\u212aate@acme.example', 'straße@acme.example', 'аda@acme.example'])(
    'H-14 %j is nobody else’s address, and none at all',
    (typed) => {
      expect(parseEmailAddress(typed)).toBeUndefined();
    },
  );

  test.each([
    '',
    'ada',
    '@acme.example',
    'ada@',
    'a@evil.example@acme.example',
    '"e@evil.example"@acme.example',
    'ada@acme.example, eve@evil.example',
    'Ada <ada@acme.example>',
    'ada@acme.example\r\nBcc: eve@evil.example',
    'ada(comment)@acme.example',
    'ada@[127.0.0.1]',
    'ada@127.0.0.1',
    'ada@localhost',
    'ada@acme..example',
    'ada@-acme.example',
    'ada@acme.example.',
    '.ada@acme.example',
    'a..da@acme.example',
    'ada @acme.example',
    'ada\u0000@acme.example',
    `${'a'.repeat(65)}@acme.example`,
    `ada@${'a'.repeat(250)}.example`,
  ])('C-13 %j is none', (typed) => {
    expect(parseEmailAddress(typed)).toBeUndefined();
  });

  test('read once, it is read the same again, and its domain is what follows the one @', () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string()), (typed) => {
        const address = parseEmailAddress(typed);
        if (address === undefined) return;
        expect(parseEmailAddress(address)).toBe(address);
        expect(address.split('@')).toEqual([address.slice(0, address.indexOf('@')), domainOf(address)]);
        expect(address).toMatch(/^[\x21-\x7e]+$/);
      }),
    );
  });

  test('H-20 64 kB are judged in no time', () => {
    for (const long of ['a'.repeat(65_536), `${'a.'.repeat(32_768)}@x.example`, `a@${'a.'.repeat(32_768)}`]) {
      const startedMs = performance.now();
      expect(parseEmailAddress(long)).toBeUndefined();
      expect(performance.now() - startedMs).toBeLessThan(20);
    }
  });
});
