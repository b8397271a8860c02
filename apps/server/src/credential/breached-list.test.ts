import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkBreachedList, noBreachedList, openBreachedList } from './breached-list.ts';

const folder = mkdtempSync(join(tmpdir(), 'breached-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const hashOf = (password: string) => createHash('sha1').update(password).digest('hex').toUpperCase();
const known = Array.from({ length: 60 }, (_, place) => `password ${String(place)}`);
const sorted = known.map(hashOf).toSorted();

let files = 0;
function fileOf(text: string): string {
  files += 1;
  const file = join(folder, String(files));
  writeFileSync(file, text);
  return file;
}

describe.each([
  ['hashes and counts', sorted.map((hash, place) => `${hash}:${String(place * place)}`).join('\n')],
  ['hashes alone, with an end of line at the end', `${sorted.join('\n')}\n`],
  ['ends of lines of two characters', sorted.map((hash) => `${hash}:7\r\n`).join('')],
  ['first digits', sorted.map((hash) => hash.slice(0, 16)).join('\n')],
])('a list of %s', (_name, text) => {
  const file = fileOf(text);

  test('holds each of its passwords, the first and the last too, and no other', async () => {
    await checkBreachedList(file);
    const list = openBreachedList(file);
    for (const password of known) expect(await list.has(password), password).toBe(true);
    for (const password of known) expect(await list.has(`${password}!`)).toBe(false);
  });
});

test('a list of one line is one, and without a file nothing is in a list', async () => {
  const list = openBreachedList(fileOf(hashOf('one')));
  expect([await list.has('one'), await list.has('two')]).toEqual([true, false]);
  expect(await noBreachedList.has('one')).toBe(false);
});

test.each([
  ['nothing', ''],
  ['prose', 'these are no hashes\nat all'],
  ['other hashes', `${createHash('sha256').update('one').digest('hex').toUpperCase()}\n`],
  ['hashes in no order', `${sorted.toReversed().join('\n')}\n`],
  ['too few digits', sorted.map((hash) => hash.slice(0, 15)).join('\n')],
])('a file of %s is refused', async (_name, text) => {
  await expect(checkBreachedList(fileOf(text))).rejects.toThrow(/^its? /);
});

test('a file that is gone or broken by now lets nothing through', async () => {
  await expect(openBreachedList(join(folder, 'absent')).has('one')).rejects.toThrow();
  await expect(openBreachedList(fileOf('broken')).has('one')).rejects.toThrow('no hashes');
});
