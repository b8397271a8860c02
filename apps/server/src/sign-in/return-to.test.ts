import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseReturnTo, returnToOrHome } from './return-to.ts';

describe('where a sign-in may return to', () => {
  test.each([
    ['/', '/'],
    ['/reports', '/reports'],
    ['/reports?month=2026-11&by=a%20b#top', '/reports?month=2026-11&by=a%20b#top'],
    ['/search?next=https://other.example/', '/search?next=https://other.example/'],
    ['/authors', '/authors'],
    ['/apiary', '/apiary'],
    ['/größe?maß=ö', '/gr%C3%B6%C3%9Fe?ma%C3%9F=%C3%B6'],
    ['/a/./b/../c', '/a/c'],
    ['', '/'],
  ])('%s is kept', (given, kept) => {
    expect(parseReturnTo(given)).toBe(kept);
  });

  test.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '\\/evil.example',
    '/%5Cevil.example',
    '/%5cevil.example',
    '/%255cevil.example',
    '/%2fevil.example',
    '/x\ny',
    '/x%0ay',
    '/x%250ay',
    '/x\ty',
    '/\t/evil.example',
    '/%09/evil.example',
    '/%00',
    '/auth/logout',
    '/AUTH/logout',
    '/%61uth/logout',
    '/x/../auth/logout',
    '/./auth/logout',
    '/%2e/auth/logout',
    '/api/v1/me',
    '/a/..//evil.example',
    'javascript:alert(1)',
    'reports',
    ' /reports',
    `/${'x'.repeat(2048)}`,
  ])('%j is refused', (given) => {
    expect(() => parseReturnTo(given)).toThrow('return_to_invalid');
  });

  test('H-02 what was changed while it was stored is judged again when it is used', () => {
    expect(returnToOrHome('/reports')).toBe('/reports');
    expect(returnToOrHome('//evil.example/')).toBe('/');
    expect(returnToOrHome('https://evil.example/')).toBe('/');
  });

  test('H-20 whatever is accepted stays on this origin, and 64 kB are judged in no time', () => {
    const origin = 'https://gate.example';
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webPath(), fc.stringMatching(/^[/\\%.a-f0-9]*$/)), (text) => {
        try {
          expect(new URL(parseReturnTo(`/${text}`), origin).origin).toBe(origin);
        } catch (error) {
          expect(String(error)).toContain('return_to_invalid');
        }
      }),
      { numRuns: 2_000 },
    );
    const startedMs = performance.now();
    expect(() => parseReturnTo(`/${'%25'.repeat(22_000)}`)).toThrow('return_to_invalid');
    expect(performance.now() - startedMs).toBeLessThan(50);
  });
});
