import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { AppError } from '../kernel/errors.ts';
import { checkClaims, parseIdToken } from './id-token.ts';
import type { SigningAlgorithm } from './key-set.ts';

const now = new Date('2026-03-01T12:00:00Z');
const seconds = now.getTime() / 1000;
const expected = {
  clientId: 'client',
  audience: 'client',
  nonce: 'nonce',
  code: 'code',
  accessToken: 'access',
  issuedEarlierSeconds: 0,
};
const good = { aud: 'client', nonce: 'nonce', sub: 'ada', iat: seconds, exp: seconds + 3600 };

function half(algorithm: string, text: string): string {
  const digest = createHash(algorithm).update(text).digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function finding(work: () => unknown): string {
  try {
    work();
    return 'accepted';
  } catch (error) {
    if (error instanceof AppError && error.code === 'provider_refused') return error.context.finding ?? '';
    throw error;
  }
}

type Rule = {
  readonly name: string;
  readonly claims: Record<string, unknown>;
  readonly result: string;
  readonly alg?: SigningAlgorithm;
  readonly expects?: Partial<typeof expected>;
};

function judged({ claims, alg = 'RS256', expects = {} }: Rule): string {
  const token = { compact: '', hint: { alg }, claims: { ...good, ...claims } };
  return finding(() => {
    checkClaims(token, { ...expected, ...expects }, now);
  });
}

describe('the claims of an ID token', () => {
  test.each<Rule>([
    { name: 'nothing but what is needed', claims: {}, result: 'accepted' },
    { name: 'the audience in a list', claims: { aud: ['client'] }, result: 'accepted' },
    {
      name: 'ours and a foreign audience, made for us',
      claims: { aud: ['client', 'x'], azp: 'client' },
      result: 'accepted',
    },
    { name: 'ours and a foreign audience', claims: { aud: ['client', 'x'] }, result: 'audience_mismatch' },
    {
      name: 'ours and a foreign audience, made for it',
      claims: { aud: ['client', 'x'], azp: 'x' },
      result: 'audience_mismatch',
    },
    { name: 'our audience, made for somebody else', claims: { azp: 'x' }, result: 'audience_mismatch' },
    { name: 'an empty list of audiences', claims: { aud: [] }, result: 'audience_mismatch' },
    { name: 'an audience that only looks alike', claims: { aud: 'Client' }, result: 'audience_mismatch' },
    {
      name: 'a configured audience',
      claims: { aud: 'api' },
      expects: { audience: 'api' },
      result: 'accepted',
    },
    {
      name: 'the client id in its place',
      claims: {},
      expects: { audience: 'api' },
      result: 'audience_mismatch',
    },
    {
      name: 'both of them',
      claims: { aud: ['api', 'client'] },
      expects: { audience: 'api' },
      result: 'accepted',
    },
    { name: 'another nonce', claims: { nonce: 'x' }, result: 'nonce_mismatch' },
    { name: 'no nonce', claims: { nonce: undefined }, result: 'nonce_mismatch' },
    { name: 'no expiry', claims: { exp: undefined }, result: 'expiry_missing' },
    { name: 'an expiry in words', claims: { exp: '2030' }, result: 'expiry_missing' },
    { name: 'no time of issue', claims: { iat: undefined }, result: 'issued_at_missing' },
    { name: 'an expiry 59 s ago', claims: { exp: seconds - 59 }, result: 'accepted' },
    { name: 'an expiry 60 s ago', claims: { exp: seconds - 60 }, result: 'expired' },
    { name: 'a beginning in 60 s', claims: { nbf: seconds + 60 }, result: 'accepted' },
    { name: 'a beginning in 61 s', claims: { nbf: seconds + 61 }, result: 'not_yet_valid' },
    { name: 'an issue in 60 s', claims: { iat: seconds + 60 }, result: 'accepted' },
    { name: 'an issue in 61 s', claims: { iat: seconds + 61 }, result: 'issued_in_future' },
    { name: 'an issue 70 s ago', claims: { iat: seconds - 70 }, result: 'accepted' },
    { name: 'an issue 71 s ago', claims: { iat: seconds - 71 }, result: 'issued_too_long_ago' },
    {
      name: 'an issue dated back',
      claims: { iat: seconds - 370 },
      expects: { issuedEarlierSeconds: 300 },
      result: 'accepted',
    },
    { name: 'no subject', claims: { sub: undefined }, result: 'subject_missing' },
    { name: 'an empty subject', claims: { sub: '' }, result: 'subject_missing' },
    { name: 'a number for a subject', claims: { sub: 7 }, result: 'subject_missing' },
    { name: 'a subject of 255 characters', claims: { sub: 's'.repeat(255) }, result: 'accepted' },
    { name: 'a subject of 256 characters', claims: { sub: 's'.repeat(256) }, result: 'subject_malformed' },
    { name: 'a subject with a zero byte', claims: { sub: 'ada\u0000' }, result: 'subject_malformed' },
    {
      name: 'the right hashes',
      claims: { at_hash: half('sha256', 'access'), c_hash: half('sha256', 'code') },
      result: 'accepted',
    },
    {
      name: 'the right hash of EdDSA',
      alg: 'EdDSA',
      claims: { at_hash: half('sha512', 'access') },
      result: 'accepted',
    },
    {
      name: 'another access token’s hash',
      claims: { at_hash: half('sha256', 'x') },
      result: 'access_token_hash_mismatch',
    },
    { name: 'a null hash', claims: { at_hash: null }, result: 'access_token_hash_mismatch' },
    { name: 'another code’s hash', claims: { c_hash: half('sha256', 'x') }, result: 'code_hash_mismatch' },
  ])('$name: $result', (rule) => {
    expect(judged(rule)).toBe(rule.result);
  });

  test('a clock that is wrong is measured', () => {
    const token = { compact: '', hint: { alg: 'RS256' as const }, claims: { ...good, iat: seconds + 300 } };
    try {
      checkClaims(token, expected, now);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ context: { finding: 'issued_in_future', differenceSeconds: 300 } });
    }
  });
});

describe('the shape of an ID token', () => {
  const compact = (header: unknown, claims: unknown = good) => `${encode(header)}.${encode(claims)}.c2ln`;

  test.each([
    { name: 'a signed token', token: compact({ alg: 'RS256', kid: 'k', typ: 'JWT' }), result: 'accepted' },
    { name: 'a signed token without key id and type', token: compact({ alg: 'ES256' }), result: 'accepted' },
    { name: 'no algorithm', token: compact({ typ: 'JWT' }), result: 'algorithm_refused' },
    { name: 'the algorithm none', token: compact({ alg: 'none' }), result: 'algorithm_refused' },
    { name: 'the algorithm nOnE', token: compact({ alg: 'nOnE' }), result: 'algorithm_refused' },
    { name: 'a shared secret', token: compact({ alg: 'HS256' }), result: 'algorithm_refused' },
    {
      name: 'an algorithm that is an object’s own',
      token: compact({ alg: 'toString' }),
      result: 'algorithm_refused',
    },
    { name: 'a key id that is no text', token: compact({ alg: 'RS256', kid: 7 }), result: 'token_malformed' },
    {
      name: 'critical extensions',
      token: compact({ alg: 'RS256', crit: ['b64'], b64: false }),
      result: 'token_malformed',
    },
    {
      name: 'an access token',
      token: compact({ alg: 'RS256', typ: 'at+jwt' }),
      result: 'token_type_refused',
    },
    {
      name: 'a logout token',
      token: compact({ alg: 'RS256', typ: 'logout+jwt' }),
      result: 'token_type_refused',
    },
    { name: 'claims that are a list', token: compact({ alg: 'RS256' }, []), result: 'token_malformed' },
    { name: 'two parts', token: 'e30.e30', result: 'token_malformed' },
    { name: 'an encrypted token', token: `${compact({ alg: 'RS256' })}.a.b`, result: 'token_malformed' },
    { name: 'no token', token: '', result: 'token_malformed' },
    {
      name: '16 kB and more',
      token: compact({ alg: 'RS256' }, { pad: 'x'.repeat(16_384) }),
      result: 'token_too_large',
    },
  ])('$name: $result', ({ token, result }) => {
    expect(finding(() => parseIdToken(token))).toBe(result);
  });

  test('a header’s own keys and addresses are not even read', () => {
    const header = {
      alg: 'RS256',
      kid: 'k',
      jku: 'https://evil.example',
      jwk: { kty: 'RSA' },
      x5u: 'https://evil.example',
    };
    expect(parseIdToken(compact(header)).hint).toEqual({ alg: 'RS256', kid: 'k' });
  });
});
