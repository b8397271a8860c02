import { expect, test } from 'vitest';
import { decideTarget } from './target.ts';

test.each([
  '/',
  '/reports',
  '/reports/2026?next=https://elsewhere.example/../a%2Fb%0a',
  '/a//b',
  '/a%20b%C3%A9',
  '/.hidden/..dots/...',
  '/auth',
  '/authors/1',
  '/api',
  '/api/v2/things',
  '/livezone',
])('%s belongs to the application', (target) => {
  expect(decideTarget(target)).toBe('upstream');
});

test.each([
  '/auth/verify',
  '/auth/',
  '/%61uth/verify',
  '/%2561uth/verify',
  '/auth//verify',
  '/api/v1/me',
  '/.well-known/jwks.json',
  '/%2ewell-known/jwks.json',
  '/livez',
  '/readyz?x',
  '/internal',
  '/internal/v1/companies',
])('%s stays ours', (target) => {
  expect(decideTarget(target)).toBe('ours');
});

test.each([
  '//elsewhere.example/',
  'http://elsewhere.example/',
  '*',
  '',
  '/../a',
  '/a/..',
  '/a/./b',
  '/a/%2e%2e/b',
  '/a/%2E./b',
  '/a/%252e%252e/b',
  '/a/..;x/b',
  '/a/..%3bx/b',
  '/a%2fb',
  '/a%252Fb',
  '/a%252%66b',
  `/a%${'25'.repeat(30_000)}2fb`,
  '/%2f%2felsewhere.example',
  '/a\\b',
  '/a%5cb',
  '/a%255Cb',
  '/a%00b',
  '/a%0d%0ab',
  '/a%7f',
  '/a\u0001',
  '/a#b',
  '/a?b#c',
])('S-23 %j could be read in two ways', (target) => {
  expect(decideTarget(target)).toBe('ambiguous');
});
