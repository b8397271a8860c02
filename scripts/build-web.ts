/** Builds the Cloud web application when its sources have changed since the last build; says nothing otherwise. */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

const root = join(import.meta.dirname, '..');
const app = join(root, 'apps/cloud');
const built = join(app, 'dist');
const hashFile = join(built, '.build-hash');

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** One hash over everything the build reads: sources, settings, and the versions of what is bundled. */
async function hashOfSources(): Promise<string> {
  const folders = await Promise.all([join(app, 'src'), join(root, 'packages/contract/src')].map(filesBelow));
  const single = ['index.html', 'vite.config.ts', 'package.json'].map((name) => join(app, name));
  const files = [...folders.flat(), ...single, join(root, 'package-lock.json')]
    .filter((file) => !file.endsWith('.test.ts'))
    .sort();
  const hash = createHash('sha256');
  for (const [place, content] of (await Promise.all(files.map((file) => readFile(file)))).entries()) {
    hash.update(`${relative(root, files[place] ?? '')}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

async function isFresh(hash: string): Promise<boolean> {
  const kept = await readFile(hashFile, 'utf8').catch(() => '');
  const page = await stat(join(built, 'index.html')).catch(() => undefined);
  return kept === hash && page !== undefined;
}

async function build(hash: string) {
  const startMs = performance.now();
  process.env['NODE_ENV'] = 'production';
  const vite = await import('vite');
  await vite.build({ root: app, configFile: join(app, 'vite.config.ts'), logLevel: 'error' });
  await writeFile(hashFile, hash);
  const files = (await filesBelow(join(built, 'assets'))).filter((file) => /\.(?:js|css)$/.test(file));
  const sizes = await Promise.all(files.map(async (file) => gzipSync(await readFile(file)).length));
  const kilobytes = Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1000);
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  console.log(`Built the Cloud web application in ${seconds} s (${kilobytes} kB compressed).`);
}

try {
  const hash = await hashOfSources();
  if (!(await isFresh(hash))) await build(hash);
} catch (error) {
  console.error(
    `The Cloud web application could not be built: ${error instanceof Error ? error.message : String(error)}`,
  );
  console.error('If packages are missing, run `npm ci`, then `npm run build:web`.');
  process.exitCode = 1;
}
