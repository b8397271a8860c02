import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { filesBelow, root } from './stale-build.ts';
import type { Build } from './stale-build.ts';

const app = join(root, 'apps/cloud');
const folder = join(app, 'dist');

/** The Cloud web application, as browsers load it. */
export const webBuild: Build = {
  name: 'the Cloud web application',
  folder,
  entry: 'index.html',
  sources: [
    join(app, 'src'),
    join(root, 'packages/contract/src'),
    ...['index.html', 'vite.config.ts', 'package.json'].map((name) => join(app, name)),
    join(import.meta.dirname, 'web-build.ts'),
  ],
  async make() {
    process.env['NODE_ENV'] = 'production';
    const vite = await import('vite');
    await vite.build({ root: app, configFile: join(app, 'vite.config.ts'), logLevel: 'error' });
    const files = (await filesBelow(join(folder, 'assets'))).filter((file) => /\.(?:js|css)$/.test(file));
    const sizes = await Promise.all(files.map(async (file) => gzipSync(await readFile(file)).length));
    return `${Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1000)} kB compressed`;
  },
};
