import { expect, test } from 'vitest';
import { Secret, TOTP } from 'otpauth';
import { newTotpSecret, stepOf, totpUri } from './totp.ts';

/** RFC 6238, appendix B: the secret of its SHA-1 vectors, whose last six digits are ours. */
const secret = Secret.fromLatin1('12345678901234567890').base32;

test.each([
  [59, '287082', 1],
  [1_111_111_109, '081804', 37_037_036],
  [1_111_111_111, '050471', 37_037_037],
  [1_234_567_890, '005924', 41_152_263],
  [2_000_000_000, '279037', 66_666_666],
])('RFC 6238 at %i s the code is %s', (seconds, code, step) => {
  expect(stepOf(secret, code, new Date(seconds * 1000))).toBe(step);
});

test.each([
  [-2, undefined],
  [-1, 999],
  [0, 1000],
  [1, 1001],
  [2, undefined],
])('F-20 the code of %i steps from now', (away, step) => {
  const now = new Date(1000 * 30_000);
  const code = TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: now.getTime() + away * 30_000 });
  expect(stepOf(secret, code, now)).toBe(step);
});

test.each(['', '28708', '2870822', '28708a', '２８７０８２', '-28708', '287082\n'])(
  '%j is no code',
  (text) => {
    expect(stepOf(secret, text, new Date(59_000))).toBeUndefined();
  },
);

test('a secret has 160 bits, and every one is another', () => {
  const secrets = Array.from({ length: 50 }, newTotpSecret);
  expect(new Set(secrets).size).toBe(50);
  for (const one of secrets) expect(Secret.fromBase32(one).bytes.length).toBe(20);
});

test('the address for an app says whose account it is, where, and nothing that an app would have to guess', () => {
  const uri = new URL(totpUri(secret, { issuer: 'gate.acme.example', account: 'ada+x@acme.example' }));
  expect(uri.href).toMatch(/^otpauth:\/\/totp\/gate\.acme\.example:ada%2Bx%40acme\.example\?/);
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    issuer: 'gate.acme.example',
    secret,
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
});
