import { expect, test } from 'vitest';
import { providerWords } from './provider-names.ts';

test.each([
  ['github', 'Continue with GitHub'],
  ['google', 'Sign in with Google'],
  ['azure', 'Sign in with Microsoft'],
  ['microsoft', 'Sign in with Microsoft'],
])('the button of %s says what its provider asks for', (id, label) => {
  expect(providerWords({ id, name: 'Azure Entra' }).label).toBe(label);
});

test('a provider without a brand here goes by its own name', () => {
  expect(providerWords({ id: 'keycloak', name: 'Acme Keycloak' }).label).toBe('Continue with Acme Keycloak');
});

test('whoever signed in by password signed in with no provider', () => {
  expect(providerWords({ id: 'password', name: 'password' }).name).toBe('a password');
});
