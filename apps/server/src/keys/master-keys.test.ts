import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../kernel/secret.ts';
import { deriveKeys, keepMasterKey } from './master-keys.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-keys-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the key that an embedded database keeps', () => {
  test('is drawn once, however many ask at once, and only its owner reads it', async () => {
    const keys = await Promise.all(Array.from({ length: 10 }, () => keepMasterKey(folder)));
    expect(new Set(keys.map((key) => key.reveal())).size).toBe(1);
    const file = join(folder, 'secrets.key');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readFile(file, 'utf8')).trim()).toBe(keys[0]?.reveal());
  });

  test('is refused, not replaced, where its file is damaged', async () => {
    await writeFile(join(folder, 'secrets.key'), 'short');
    await expect(keepMasterKey(folder)).rejects.toThrow('no key of 32 bytes');
    expect(await readFile(join(folder, 'secrets.key'), 'utf8')).toBe('short');
  });
});

test('derived keys differ by master key, stay the same, and are none of the master keys', () => {
  const masters = [1, 2].map((byte) => new Secret(Buffer.alloc(32, byte).toString('base64')));
  const derived = deriveKeys(masters, 'cloud/audit-seal/v2');
  expect(new Set([...masters, ...derived.map(({ key }) => key)].map((key) => key.reveal())).size).toBe(4);
  expect(deriveKeys(masters, 'cloud/audit-seal/v2').map(({ keyId }) => keyId)).toEqual(
    derived.map(({ keyId }) => keyId),
  );
});
