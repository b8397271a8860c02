import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { webBuild } from './web-build.ts';

export type StaticPages = {
  /** The origin of the API. */
  readonly api: string;
  /** An empty folder, or one that does not exist yet. */
  readonly out: string;
  /** A line shown on every page. */
  readonly notice?: string;
  /** The short name of the one company of the deployment, if it has only one. */
  readonly company?: string;
};

/**
 * Puts the built pages into a folder, as any static host can serve them: what our own server writes into the page with
 * every answer is written once.
 * @throws Error where the folder has something in it
 */
export async function placeStaticPages({ api, out, notice, company }: StaticPages): Promise<void> {
  await mkdir(out, { recursive: true });
  if ((await readdir(out)).length > 0) throw new Error(`${out} is not empty`);
  const template = await readFile(join(webBuild.folder, webBuild.entry), 'utf8');
  // The same for the same pages. It admits the styles that our pages make themselves; scripts are admitted by origin.
  const nonce = createHash('sha256').update(template).digest('base64url').slice(0, 22);
  const page = template
    .replace('<meta name="viewport"', () => `${policyTag(api, nonce)}\n    <meta name="viewport"`)
    .replaceAll('__NOTICE__', () => escapeHtml(notice ?? ''))
    .replaceAll('__COMPANY__', () => escapeHtml(company ?? ''))
    .replaceAll('__BASE__', '/')
    .replaceAll('__API__', () => escapeHtml(api))
    .replaceAll('__APP__', '')
    .replaceAll('__NONCE__', nonce);
  await cp(join(webBuild.folder, 'assets'), join(out, 'auth/assets'), { recursive: true });
  await writeFile(join(out, 'index.html'), page);
}

/** In the page itself, so that every host has it. What only a header can say is left to the host: `frame-ancestors`. */
function policyTag(api: string, nonce: string): string {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    `connect-src ${api}`,
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}" />`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => entities[letter] ?? letter);
}
