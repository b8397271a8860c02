import { describe, expect, test } from 'vitest';
import { Secret } from '../kernel/secret.ts';
import { proofCodes } from './proof-codes.ts';

const [older, newer] = [new Secret('the older key'), new Secret('the newer key')];
const proofId = '0198c2f4-0000-7000-8000-000000000001';
const another = '0198c2f4-0000-7000-8000-000000000002';

describe('the code of a proof', () => {
  test('is six digits, the same at every time, and another one for another proof or key', () => {
    const { codeOf } = proofCodes([older]);
    const codes = [codeOf(proofId), codeOf(another), proofCodes([newer]).codeOf(proofId)];
    expect(codes.every((code) => /^\d{6}$/.test(code))).toBe(true);
    expect(new Set(codes).size).toBe(3);
    expect(codeOf(proofId)).toBe(codes[0]);
  });

  test('keeps its zeros in front', () => {
    const { codeOf } = proofCodes([older]);
    const codes = Array.from({ length: 200 }, (_, n) => codeOf(`proof ${String(n)}`));
    expect(codes.some((code) => code.startsWith('0'))).toBe(true);
    expect(codes.every((code) => code.length === 6)).toBe(true);
  });

  test('is taken with spaces as it was sent, and nothing else is', () => {
    const { codeOf, matches } = proofCodes([older]);
    const code = codeOf(proofId);
    expect(matches(proofId, ` ${code.slice(0, 3)} ${code.slice(3)}\t`)).toBe(true);
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
    for (const text of ['', wrong, code.slice(1), `${code}0`, `-${code}`, codeOf(another)])
      expect(matches(proofId, text), text).toBe(false);
  });

  test('outlives the rotation of its key', () => {
    const code = proofCodes([older]).codeOf(proofId);
    const rotated = proofCodes([newer, older]);
    expect(rotated.codeOf(proofId)).not.toBe(code);
    expect(rotated.matches(proofId, code)).toBe(true);
    expect(proofCodes([newer]).matches(proofId, code)).toBe(false);
  });

  test('without any key there is none', () => {
    expect(() => proofCodes([])).toThrow('no key');
  });
});
