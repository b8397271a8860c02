import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../kernel/errors.ts';
import { houseCookies, readCookie } from './cookies.ts';

const name = '__Host-gatehouse';

describe('reading a cookie', () => {
  test.each<[string | undefined, string | undefined]>([
    [undefined, undefined],
    ['', undefined],
    [';;; ;', undefined],
    [`${name}=abc`, 'abc'],
    [`a=b;${name}=abc;c=d`, 'abc'],
    [`a=b;  ${name}  =  abc  `, 'abc'],
    [`${name}=`, ''],
    [`${name}=a=b`, 'a=b'],
    [name, undefined],
    [`${name}-attempt=abc`, undefined],
    [`x${name}=abc`, undefined],
    [`a=${name}=abc`, undefined],
    [`${name.toLowerCase()}=abc`, undefined],
    [`"${name}"=abc`, undefined],
    // Browsers take these blanks for a part of the name, and then the prefix binds nobody.
    [`\u00a0${name}=abc`, undefined],
    [`${name}\u00a0=abc`, undefined],
    [`\u3000${name}=abc; \ufeff${name}=abc`, undefined],
    [`${name}=real; \u00a0${name}=planted`, 'real'],
  ])('%j gives %j', (header, value) => {
    expect(readCookie(header, name)).toBe(value);
  });

  test.each([`${name}=a; ${name}=b`, `${name}=a; ${name}=a`, `${name}=;x=y;\t${name} =a`])(
    'two of one name are refused, never the first taken: %j (S-04)',
    (header) => {
      expect(() => readCookie(header, name)).toThrow(new AppError('cookie_duplicate'));
    },
  );

  test('whatever is sent, it is a value that was sent, nothing, or a refusal', () => {
    const piece = fc.oneof(fc.constantFrom(name, `${name}=x`, ';', '=', ' ', '"'), fc.string());
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const header = pieces.join('');
        try {
          const value = readCookie(header, name);
          expect(value === undefined || header.includes(value)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

test.each([
  ['https://gate.example', '__Host-gatehouse', '__Host-gatehouse-attempt'],
  ['http://localhost:3000', 'gatehouse', 'gatehouse-attempt'],
])('at %s the cookies are %s and %s', (address, session, attempt) => {
  const cookies = houseCookies(new URL(address));
  expect([cookies.session.name, cookies.attempt.name]).toEqual([session, attempt]);
});
