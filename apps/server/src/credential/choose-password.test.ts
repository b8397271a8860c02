import { afterAll, expect, test } from 'vitest';
import { choosePasswords } from './choose-password.ts';
import { openStrengthMeter } from './strength-meter.ts';

const meter = openStrengthMeter();
afterAll(() => meter.close());
const hashes = { hash: () => Promise.resolve('a hash'), compare: () => Promise.resolve('wrong' as const) };
const breached = { has: (password: string) => Promise.resolve(password === 'violin tractor marsh') };
const choose = choosePasswords({ hashes, meter, breached });
const owner = { hasSecondFactor: false };

test.each([
  ['too short', 'too_short'],
  ['passwordpassword', 'easily_guessed'],
  ['1q2w3e4r5t6y7u8i', 'easily_guessed'],
  ['aaaaaaaaaaaaaaaaaaaaaaaaa', 'easily_guessed'],
  ['gatehouse 123456', 'names_you'],
  ['violin tractor marsh', 'breached'],
])('%s is refused, and why is said', async (password, finding) => {
  const detail = expect.stringMatching(/\w+\.$/) as unknown;
  await expect(choose(password, owner)).rejects.toMatchObject({
    code: 'password_unacceptable',
    context: { finding, detail },
  });
});

test('a few unrelated words are taken, of any length up to the most', async () => {
  await expect(choose('violin tractor meadow', owner)).resolves.toBe('a hash');
  await expect(choose('violin tractor meadow '.repeat(11), owner)).resolves.toBe('a hash');
});
