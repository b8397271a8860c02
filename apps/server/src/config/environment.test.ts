import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { diskFiles, processEnvironment } from './environment.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-config-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('the environment is that of this process', () => {
  expect(processEnvironment()['PATH']).toBeTypeOf('string');
});

test('a file that is there can be read', () => {
  const path = join(folder, 'secret');
  writeFileSync(path, 'content');
  expect(diskFiles.isReadable(path)).toBe(true);
  expect(diskFiles.readText(path)).toBe('content');
});

test('a folder, a missing file and a file too large for a secret are refused', () => {
  const large = join(folder, 'large');
  writeFileSync(large, 'x'.repeat(65_537));
  expect(diskFiles.isReadable(folder)).toBe(false);
  expect(diskFiles.isReadable(join(folder, 'missing'))).toBe(false);
  expect(() => diskFiles.readText(join(folder, 'missing'))).toThrow();
  expect(() => diskFiles.readText(large)).toThrow('too large');
});
