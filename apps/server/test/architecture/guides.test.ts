import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../../..');
const read = (path: string) => readFile(join(root, path), 'utf8');
const reader = 'apps/server/test/support/assertion-reader.ts';

test.each([
  ['docs/guides/nginx.md', 'nginx', 'ops/nginx/gatehouse.conf'],
  ['docs/guides/caddy.md', 'caddy', 'ops/caddy/Caddyfile'],
  ['docs/guides/nginx.md', 'ts', reader],
  ['docs/guides/caddy.md', 'ts', reader],
  ['docs/guides/verifying-our-tokens.md', 'js', 'docs/samples/verify-token.mjs'],
  ['docs/guides/verifying-our-tokens.md', 'python', 'docs/samples/verify_token.py'],
])('%s shows, as %s, what is in %s', async (guide, language, file) => {
  const [text, shipped] = await Promise.all([read(guide), read(file)]);
  expect(text).toContain(`\n\`\`\`${language}\n${shipped}\`\`\`\n`);
});
