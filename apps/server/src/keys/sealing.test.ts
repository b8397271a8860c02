import { describe, expect, test } from 'vitest';
import { Secret } from '../kernel/secret.ts';
import { openSealer } from './sealing.ts';

const master = (byte: number) => new Secret(Buffer.alloc(32, byte).toString('base64'));
const [oldKey, newKey] = [master(1), master(2)];
const purpose = 'cloud/signing-key/v1';
const place = ['connections', 'client_secret', 'acme', 'c1'];
const secret = Buffer.from('what nobody may read');

describe('a secret that is sealed', () => {
  test('opens at its own place, and shows nothing of itself', () => {
    const sealer = openSealer([oldKey], purpose);
    const sealed = sealer.seal(secret, place);
    expect(sealer.open(sealed, place)).toEqual(secret);
    expect(sealed.includes(secret)).toBe(false);
    expect(sealed.length).toBe(1 + 8 + 12 + secret.length + 16);
  });

  test('is sealed differently each time', () => {
    const sealer = openSealer([oldKey], purpose);
    const all = Array.from({ length: 50 }, () => sealer.seal(secret, place).toString('hex'));
    expect(new Set(all).size).toBe(50);
  });

  test('may be empty', () => {
    const sealer = openSealer([oldKey], purpose);
    expect(sealer.open(sealer.seal(Buffer.alloc(0), place), place)).toEqual(Buffer.alloc(0));
  });

  test.each([
    ['another row', ['connections', 'client_secret', 'acme', 'c2']],
    ['another company', ['connections', 'client_secret', 'evil', 'c1']],
    ['another column', ['connections', 'totp_seed', 'acme', 'c1']],
    ['fewer parts', ['connections', 'client_secret', 'acme']],
    ['parts cut elsewhere', ['connections', 'client_secret', 'acmec', '1']],
    ['parts run together', ['connectionsclient_secretacmec1']],
    ['parts that look like lengths', ['connections', 'client_secret', 'acme2:c1']],
    ['nothing at all', []],
  ])('does not open at a place with %s', (_name, other) => {
    const sealer = openSealer([oldKey], purpose);
    expect(sealer.open(sealer.seal(secret, place), other)).toBeUndefined();
  });

  test('does not open for another purpose', () => {
    const sealed = openSealer([oldKey], purpose).seal(secret, place);
    expect(openSealer([oldKey], 'cloud/audit-seal/v2').open(sealed, place)).toBeUndefined();
  });

  test('does not open with one bit changed, wherever it is, or cut short', () => {
    const sealer = openSealer([oldKey], purpose);
    const sealed = sealer.seal(secret, place);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(sealer.open(changed, place), `bit ${String(bit)}`).toBeUndefined();
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(sealer.open(sealed.subarray(0, length), place), `${String(length)} bytes`).toBeUndefined();
    }
  });
});

describe('K-08: a list of master keys', () => {
  const before = openSealer([oldKey], purpose);
  const meanwhile = openSealer([newKey, oldKey], purpose);
  const afterwards = openSealer([newKey], purpose);

  test('opens what each of them sealed, and seals with the first', () => {
    const old = before.seal(secret, place);
    expect(meanwhile.open(old, place)).toEqual(secret);
    expect([before.isCurrent(old), meanwhile.isCurrent(old)]).toEqual([true, false]);
    const renewed = meanwhile.seal(secret, place);
    expect([before.isCurrent(renewed), meanwhile.isCurrent(renewed)]).toEqual([false, true]);
    expect(afterwards.open(renewed, place)).toEqual(secret);
    expect(before.open(renewed, place)).toBeUndefined();
    expect(afterwards.open(old, place)).toBeUndefined();
  });

  test('must hold one', () => {
    expect(() => openSealer([], purpose)).toThrow('no master key');
  });
});
