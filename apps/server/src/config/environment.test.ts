import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { diskFiles, processEnvironment } from './environment.ts';
import { readCloudConfig } from './read-cloud-config.ts';

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

test('a secret’s file that is missing, a folder or empty is told as such, and so is an example that was copied', () => {
  const empty = join(folder, 'empty');
  writeFileSync(empty, '\n');
  const told = (given: Record<string, string>) => {
    try {
      readCloudConfig(given);
    } catch (error) {
      return error instanceof ConfigError ? error.message : '';
    }
    return '';
  };
  expect(told({ DATABASE_URL_FILE: join(folder, 'missing') })).toContain('names a file that does not exist');
  expect(told({ DATABASE_URL_FILE: folder })).toContain('names a folder');
  expect(told({ DATABASE_URL_FILE: empty })).toContain('names an empty file');
  for (const given of ['<path>', '<path of the folder>'])
    expect(told({ DATA_DIR: given })).toContain('DATA_DIR still holds a placeholder');
  expect(told({ UPSTREAM_URL: 'http://<host>:80' })).toMatch(/UPSTREAM_URL is .*; still holds a placeholder/);
});

test('a folder, a missing file and a file too large for a secret are refused', () => {
  const large = join(folder, 'large');
  writeFileSync(large, 'x'.repeat(65_537));
  expect(diskFiles.isReadable(folder)).toBe(false);
  expect(diskFiles.isReadable(join(folder, 'missing'))).toBe(false);
  expect(() => diskFiles.readText(join(folder, 'missing'))).toThrow();
  expect(() => diskFiles.readText(large)).toThrow('too large');
});
