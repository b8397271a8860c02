/** node scripts/build.ts [web] [server]: builds what has changed since the last build; everything unless told. */
import { serverBuild } from './server-build.ts';
import { buildIfStale } from './stale-build.ts';
import { webBuild } from './web-build.ts';

const builds = { web: webBuild, server: serverBuild };
const asked = process.argv.slice(2);

for (const [name, build] of Object.entries(builds)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  try {
    await buildIfStale(build);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`Could not build ${build.name}: ${reason}`);
    console.error('If packages are missing, run `npm ci`, then `npm run build`.');
    process.exitCode = 1;
  }
}
