/** node scripts/place-pages.ts --api <origin> --out <folder>: the pages for a host of their own. */
import { parseArgs } from 'node:util';
import { placeStaticPages } from './static-pages.ts';
import { buildIfStale } from './stale-build.ts';
import { webBuild } from './web-build.ts';

const usage =
  'npm run pages -- --api https://api.example --out folder [--company short-name] [--notice "a line for every page"]';

/** Of what an operator types; anything but an origin would be one that no browser calls. */
function originOf(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url || url.href !== `${url.origin}/`) return undefined;
  const isLoopback = /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback) ? url.origin : undefined;
}

function readWish() {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { api: text, out: text, company: text, notice: text } });
  const { api = '', out = '', ...rest } = values;
  if (api === '' || out === '') throw new Error(usage);
  const origin = originOf(api);
  if (origin === undefined) throw new Error('--api is not the origin of an API, like https://api.example');
  return { api: origin, out, ...rest };
}

try {
  const wish = readWish();
  await buildIfStale(webBuild);
  await placeStaticPages(wish);
  console.log(
    `The pages are in ${wish.out}; they call ${wish.api}. docs/guides/spa-on-another-origin.md tells how to serve them.`,
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
