import { expect, test } from 'vitest';
import { pageHref } from './pages.ts';
import { isReturnPath } from './return-path.ts';

test.each(['/', '/auth/app/', '/auth/app'])('below %s the pages keep together', (base) => {
  const folder = base === '/' ? '/' : '/auth/app/';
  expect(pageHref(base, { to: 'start' })).toBe(`${folder}account`);
  expect(pageHref(base, { to: 'sessions' })).toBe(`${folder}account/sessions`);
  expect(pageHref(base, { to: 'sign-in' })).toBe(`${folder}sign-in`);
  expect(pageHref(base, { to: 'switch-account' })).toBe(`${folder}sign-in?switch=1`);
  expect(pageHref(base, { to: 'security' })).toBe(`${folder}account/security`);
  expect(pageHref(base, { to: 'register' })).toBe(`${folder}register`);
  expect(pageHref(base, { to: 'forgot-password' })).toBe(`${folder}forgot-password`);
  expect(pageHref(base, { to: 'password-set' })).toBe(`${folder}sign-in?passwordSet=1`);
  expect(pageHref(base, { to: 'prove-email' })).toBe(`${folder}prove-email`);
  expect(pageHref(base, { to: 'invitation', id: 'i-1' })).toBe(`${folder}invitations/i-1`);
  expect(pageHref(base, { to: 'invitation', id: 'i-1', switchAccount: true })).toBe(
    `${folder}invitations/i-1?switch=1`,
  );
  expect(pageHref(base, { to: 'company', slug: 'acme' })).toBe(`${folder}companies/acme/projects`);
  expect(pageHref(base, { to: 'signed-out' })).toBe(`${folder}sign-in?signedOut=1`);
});

test('the sign-in page is told where the person was going, if that is a place of this site', () => {
  expect(pageHref('/', { to: 'sign-in', returnTo: '/a?b=c' })).toBe('/sign-in?returnTo=%2Fa%3Fb%3Dc');
  expect(pageHref('/', { to: 'sign-in', returnTo: '//elsewhere.example' })).toBe('/sign-in');
  expect(pageHref('/', { to: 'sign-in', returnTo: '/a', invitation: 'i-1' })).toBe(
    '/sign-in?returnTo=%2Fa&invitation=i-1',
  );
});

test.each([
  '/',
  '/reports',
  '/reports?next=https://x.example',
  '/authors',
  '/apiary',
  `/${'a'.repeat(2047)}`,
])('people can be sent back to %s', (path) => {
  expect(isReturnPath(path)).toBe(true);
});

test.each([
  '',
  'reports',
  '//x.example',
  '/\\x.example',
  '/a\\b',
  '/a%5Cb',
  '/a\nb',
  '/a%0ab',
  '/a%7f',
  '/auth/login',
  '/auth',
  '/api/v1/me',
  '/api?x',
  `/${'a'.repeat(2048)}`,
])('nobody is sent back to %j', (path) => {
  expect(isReturnPath(path)).toBe(false);
});
