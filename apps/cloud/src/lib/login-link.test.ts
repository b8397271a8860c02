import { expect, test } from 'vitest';
import { loginLink } from './login-link.ts';

const plain = { switchAccount: false };

test('a button leads where the server says', () => {
  expect(loginLink('/auth/login?provider=github', plain)).toBe('/auth/login?provider=github');
});

test('the place a person came from travels along, whole', () => {
  const link = loginLink('/auth/login?provider=google', {
    switchAccount: false,
    returnTo: '/reports?a=1&b=ä#x',
  });
  expect(new URL(link ?? '', 'http://here').searchParams.get('returnTo')).toBe('/reports?a=1&b=ä#x');
});

test('switching accounts asks the provider to offer a choice', () => {
  expect(loginLink('/auth/login?provider=azure', { switchAccount: true })).toBe(
    '/auth/login?provider=azure&prompt=select_account',
  );
});

test('a sign-in that begins at an invitation names it, so that it is accepted on the way', () => {
  expect(
    loginLink('/auth/login?provider=google', {
      switchAccount: true,
      invitation: '0199-a',
      returnTo: '/invitations/0199-a',
    }),
  ).toBe(
    '/auth/login?provider=google&returnTo=%2Finvitations%2F0199-a&invitation=0199-a&prompt=select_account',
  );
});

test('a place that the server would refuse is left out rather than failing the sign-in', () => {
  for (const returnTo of [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/auth/app/',
    '/a%0d',
    '',
  ]) {
    expect(loginLink('/auth/login?provider=github', { switchAccount: false, returnTo })).toBe(
      '/auth/login?provider=github',
    );
  }
});

test('a backend on another origin keeps its address', () => {
  expect(loginLink('https://api.acme.example/auth/login?provider=github', plain)).toBe(
    'https://api.acme.example/auth/login?provider=github',
  );
});

test('an address that is no page never becomes a link', () => {
  expect(loginLink('javascript:alert(1)', plain)).toBeUndefined();
  expect(loginLink('http://', plain)).toBeUndefined();
});
