import { expect, test } from 'vitest';
import { AppError } from '../kernel/errors.ts';
import { readMetadata } from './discovery.ts';

const issuer = 'https://id.acme.example';
const document = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/keys`,
};

function outcome(changes: Record<string, unknown>, source = issuer): string {
  try {
    readMetadata({ ...document, ...changes }, [issuer], new URL(source));
    return 'kept';
  } catch (error) {
    if (error instanceof AppError) return `${error.code} ${error.context.finding ?? ''}`;
    throw error;
  }
}

test.each([
  { name: 'the least that is needed', changes: {}, result: 'kept' },
  {
    name: 'no issuer',
    changes: { issuer: undefined },
    result: 'provider_misconfigured discovery_issuer_mismatch',
  },
  {
    name: 'a trailing slash',
    changes: { issuer: `${issuer}/` },
    result: 'provider_misconfigured discovery_issuer_mismatch',
  },
  {
    name: 'no keys',
    changes: { jwks_uri: undefined },
    result: 'provider_misconfigured discovery_incomplete',
  },
  {
    name: 'a plain http endpoint',
    changes: { token_endpoint: 'http://id.acme.example/token' },
    result: 'provider_misconfigured discovery_endpoint_insecure',
  },
  {
    name: 'an endpoint on our own machine',
    changes: { token_endpoint: 'http://127.0.0.1:5432/' },
    result: 'provider_misconfigured discovery_endpoint_insecure',
  },
  {
    name: 'an endpoint on our own machine over https',
    changes: { userinfo_endpoint: 'https://localhost/' },
    result: 'provider_misconfigured discovery_endpoint_insecure',
  },
  {
    name: 'an endpoint with a password',
    changes: { token_endpoint: 'https://user:pass@id.acme.example/token' },
    result: 'provider_misconfigured discovery_endpoint_insecure',
  },
  {
    name: 'an endpoint that is no address',
    changes: { jwks_uri: 7 },
    result: 'provider_misconfigured discovery_endpoint_insecure',
  },
])('metadata with $name: $result', ({ changes, result }) => {
  expect(outcome(changes)).toBe(result);
});

test('a provider on this machine may have its endpoints here', () => {
  expect(outcome({ token_endpoint: 'http://127.0.0.1:9/token' }, 'http://localhost:9')).toBe('kept');
});

test('what a provider says of client authentication and RFC 9207 is read', () => {
  const read = readMetadata(
    {
      ...document,
      token_endpoint_auth_methods_supported: ['client_secret_post', 7],
      authorization_response_iss_parameter_supported: true,
    },
    [issuer],
    new URL(issuer),
  );
  expect(read.clientAuthMethods).toEqual(['client_secret_post']);
  expect(read.sendsIssuer).toBe(true);
});
