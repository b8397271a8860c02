import { hash } from '@node-rs/argon2';
import { expect, test } from 'vitest';
import { openWorkQueue } from '../kernel/work-queue.ts';
import { hashesAtOnce, passwordHashes } from './password-hashes.ts';

const hashes = passwordHashes(openWorkQueue({ name: 'hashes', atOnce: 2, waiting: 50 }));
const cheap = { memoryCost: 64, timeCost: 1, parallelism: 1, algorithm: 2 } as const;

test('F-13 argon2id at the documented cost, with a salt of its own each time', async () => {
  const [one, other] = await Promise.all([hashes.hash('same password'), hashes.hash('same password')]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(one).not.toBe(other);
  expect(await hashes.compare('same password', one)).toBe('fits');
});

test('F-13 a hash of other parameters fits, and says that it is old', async () => {
  expect(await hashes.compare('of before', await hash('of before', cheap))).toBe('fits_old');
  expect(await hashes.compare('of another', await hash('of before', cheap))).toBe('wrong');
});

test('F-10 F-09 all of a password counts, whatever is in it', async () => {
  const begin = 'x'.repeat(72);
  const long = await hash(`${begin}a`, cheap);
  expect(await hashes.compare(`${begin}b`, long)).toBe('wrong');
  expect(await hashes.compare(begin, long)).toBe('wrong');
  const withNul = await hash('before\0after', cheap);
  expect(await hashes.compare('before', withNul)).toBe('wrong');
  expect(await hashes.compare('before\0after', withNul)).toBe('fits_old');
});

test('F-01 nobody’s password takes a hash of ours too, and never fits', async () => {
  let ran = 0;
  const counted = passwordHashes({
    run: (work) => {
      ran += 1;
      return work();
    },
  });
  // The text whose hash the stand-in is: even that is nobody's.
  expect(await counted.compare('x'.repeat(20), undefined)).toBe('wrong');
  expect(ran).toBe(1);
});

test.each([
  [1, 1],
  [2, 1],
  [3, 2],
  [4, 3],
  [64, 3],
])('F-14 of %i processors %i hash', (processors, atOnce) => {
  expect(hashesAtOnce(processors)).toBe(atOnce);
});
