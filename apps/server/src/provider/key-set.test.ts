import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { AppError } from '../kernel/errors.ts';
import { chooseKey, readKeys } from './key-set.ts';
import type { KeyHint } from './key-set.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
const smallRsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' });
const ed25519 = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });

describe('which published keys are kept', () => {
  test.each([
    { name: 'an RSA key', key: { ...rsa, kid: 'a' }, kept: 1 },
    { name: 'a signature key', key: { ...rsa, kid: 'a', use: 'sig', key_ops: ['verify'] }, kept: 1 },
    { name: 'an elliptic key', key: p256, kept: 1 },
    { name: 'an Edwards key', key: ed25519, kept: 1 },
    { name: 'an encryption key', key: { ...rsa, use: 'enc' }, kept: 0 },
    { name: 'a key for other operations', key: { ...rsa, key_ops: ['encrypt'] }, kept: 0 },
    { name: 'a short RSA key', key: smallRsa, kept: 0 },
    { name: 'a private key', key: { ...rsa, d: 'AQAB' }, kept: 0 },
    { name: 'a shared secret', key: { kty: 'oct', k: 'c2VjcmV0' }, kept: 0 },
    { name: 'nothing', key: null, kept: 0 },
  ])('$name: $kept', ({ key, kept }) => {
    expect(readKeys({ keys: [key] })).toHaveLength(kept);
  });

  test.each([{}, { keys: 'none' }, { keys: null }, { keys: [] }])('none of %j', (document) => {
    expect(readKeys(document)).toEqual([]);
  });

  test('thirty-two at most', () => {
    const keys = Array.from({ length: 100 }, (_, index) => ({ ...p256, kid: `k${index}` }));
    expect(readKeys({ keys })).toHaveLength(32);
  });

  test('with the issuer that Entra puts beside them, and without certificates or addresses', () => {
    const [key] = readKeys({
      keys: [{ ...rsa, kid: 'k', issuer: 'https://x/{tenantid}', x5c: ['M'], x5u: 'https://evil' }],
    });
    expect(key).toEqual({
      kid: 'k',
      issuer: 'https://x/{tenantid}',
      jwk: { kty: 'RSA', n: rsa.n, e: rsa.e },
    });
  });
});

describe('which key a token may be tried with', () => {
  const keys = readKeys({
    keys: [
      { ...rsa, kid: 'any-rsa' },
      { ...rsa, kid: 'rs256', alg: 'RS256' },
      { ...p256, kid: 'es256' },
      { ...p384, kid: 'es384' },
      { ...ed25519, kid: 'eddsa' },
    ],
  });

  function chosen(hint: KeyHint, among = keys): string | undefined {
    try {
      const key = chooseKey(among, hint);
      return key === 'unknown' ? key : key.kid;
    } catch (error) {
      if (error instanceof AppError) return error.context.finding;
      throw error;
    }
  }

  test.each<{ hint: KeyHint; result: string }>([
    { hint: { alg: 'RS256', kid: 'rs256' }, result: 'rs256' },
    { hint: { alg: 'PS256', kid: 'any-rsa' }, result: 'any-rsa' },
    { hint: { alg: 'PS256', kid: 'rs256' }, result: 'algorithm_refused' },
    { hint: { alg: 'ES256', kid: 'rs256' }, result: 'algorithm_refused' },
    { hint: { alg: 'ES256', kid: 'es384' }, result: 'algorithm_refused' },
    { hint: { alg: 'EdDSA', kid: 'eddsa' }, result: 'eddsa' },
    { hint: { alg: 'RS256', kid: 'gone' }, result: 'unknown' },
    { hint: { alg: 'RS256' }, result: 'key_ambiguous' },
    { hint: { alg: 'PS256' }, result: 'any-rsa' },
    { hint: { alg: 'ES256' }, result: 'es256' },
  ])('$hint.alg with the key id $hint.kid: $result', ({ hint, result }) => {
    expect(chosen(hint)).toBe(result);
  });

  test('none, where nothing fits and no key id is given', () => {
    expect(chosen({ alg: 'EdDSA' }, readKeys({ keys: [rsa] }))).toBe('unknown');
  });
});
