import { expect, test } from 'vitest';
import { AppError } from '../kernel/errors.ts';
import { codeIn } from './authorization-code.ts';

const issuer = 'https://id.acme.example';

function outcome(query: string, alwaysNamesItself = false): string {
  const callback = new URL(`https://app.example/auth/callback?${query}`);
  try {
    return codeIn(callback, { alwaysNamesItself, mayCallItself: (named) => named === issuer });
  } catch (error) {
    if (error instanceof AppError) return `${error.code} ${error.context.finding ?? ''}`;
    throw error;
  }
}

test.each([
  { query: 'code=abc', result: 'abc' },
  { query: `code=abc&iss=${issuer}`, result: 'abc' },
  { query: `code=abc&iss=${issuer}/`, result: 'provider_refused issuer_mismatch' },
  { query: 'code=abc&iss=', result: 'provider_refused issuer_mismatch' },
  { query: `code=abc&iss=${issuer}&iss=${issuer}`, result: 'provider_refused callback_malformed' },
  { query: '', result: 'provider_refused code_missing' },
  { query: 'code=', result: 'provider_refused code_missing' },
  { query: 'code=a&code=b', result: 'provider_refused callback_malformed' },
  { query: 'error=access_denied', result: 'provider_denied access_denied' },
  { query: 'error=access_denied&code=abc', result: 'provider_denied access_denied' },
  { query: 'error=access_denied&iss=https://evil.example', result: 'provider_refused issuer_mismatch' },
  { query: 'error=consent_required', result: 'provider_refused consent_required' },
  { query: 'error=interaction_required', result: 'provider_refused interaction_required' },
  { query: 'error=login_required', result: 'provider_refused login_required' },
  { query: 'error=redirect_uri_mismatch', result: 'provider_misconfigured redirect_uri_mismatch' },
  { query: 'error=whatever', result: 'provider_refused provider_error' },
  { query: 'error=', result: 'provider_refused provider_error' },
])('a callback with ?$query', ({ query, result }) => {
  expect(outcome(query)).toBe(result);
});

test('P-07 a provider that promised to name itself has to, in errors too', () => {
  expect(outcome('code=abc', true)).toBe('provider_refused issuer_missing');
  expect(outcome('error=access_denied', true)).toBe('provider_refused issuer_missing');
  expect(outcome(`code=abc&iss=${issuer}`, true)).toBe('abc');
});
