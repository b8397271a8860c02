import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

export const root = join(import.meta.dirname, '../../../..');

export type SourceFile = { readonly path: string; readonly content: string };

/** What is made on a machine and kept out of the repository. */
const made = new Set([
  '.git',
  'node_modules',
  'dist',
  '.data',
  '.vitest',
  'test-results',
  'playwright-report',
]);

/** The paths of all files below `folder`, from the root of the repository, with slashes. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = relative(root, join(root, folder, entry.name));
    if (made.has(entry.name) || entry.name.endsWith('.log')) return [];
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

export function readSource(path: string): SourceFile {
  return { path, content: readFileSync(join(root, path), 'utf8') };
}

/** The code that runs, without its tests and samples. */
export function productCode(...folders: readonly string[]): readonly SourceFile[] {
  return folders
    .flatMap(filesBelow)
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|\/samples\//.test(path))
    .map(readSource);
}
