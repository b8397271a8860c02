import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './stale-build.ts';
import type { Build } from './stale-build.ts';

const app = join(root, 'apps/server');
const folder = join(app, 'dist');

/** Looked for by the driver, which goes without. */
const absent = ['pg-native'];
/** Machine code, which stays where it was installed. */
const native = ['@node-rs/argon2'];

/** The Cloud Backend in a few files: the same code, found and read in half the time. Decision 0014. */
export const serverBuild: Build = {
  name: 'the Cloud Backend',
  folder,
  entry: 'cloud.mjs',
  sources: [
    join(app, 'src'),
    join(app, 'package.json'),
    join(root, 'packages/contract/src'),
    join(import.meta.dirname, 'server-build.ts'),
  ],
  async make() {
    const { rolldown } = await import('rolldown');
    const input = {
      cloud: join(app, 'src/cloud.ts'),
      'strength-thread': join(app, 'src/credential/strength-thread.ts'), // is started by its name
    };
    const bundle = await rolldown({ input, platform: 'node', external: [...absent, ...native] });
    // What runs from the last build can start again until this one is whole.
    const next = `${folder}.next`;
    await rm(next, { recursive: true, force: true });
    // One folder deep, as the sources are: what they find beside themselves they find from here.
    const names = { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' };
    const { output } = await bundle.write({ dir: next, format: 'esm', comments: false, ...names });
    await bundle.close();
    await rm(folder, { recursive: true, force: true });
    await rename(next, folder);
    return `${output.length} files`;
  },
};
