import { readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { placeStaticPages } from '../../scripts/static-pages.ts';
import { isPortTaken } from './demo-error.ts';

export type SecondOrigin = { readonly origin: string; readonly close: () => Promise<void> };

type Place = { readonly api: string; readonly folder: string; readonly notice: string };
type File = { readonly type: string; readonly content: Buffer };

const usualPort = 3106;
const page = '/index.html';
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
/** The policy of the page is in the page; only a header can say who may frame it. */
const headers = {
  'cache-control': 'no-store',
  'content-security-policy': "frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * The pages once more, on an origin of their own that has no server but one for files: there they hold tokens. Nothing
 * depends on its port: where somebody else has it, it takes a free one.
 */
export async function openSecondOrigin({ api, folder, notice }: Place): Promise<SecondOrigin> {
  const out = join(folder, 'second-origin');
  await rm(out, { recursive: true, force: true });
  await placeStaticPages({ api, out, notice, company: 'acme' });
  const files = await readFiles(out);
  const server = createServer(({ url = '' }, response) => {
    const path = url.split('?', 1)[0] ?? '';
    // Assets are there or not; every other path is one of the pages'.
    const file = files.get(path) ?? (path.startsWith('/auth/assets/') ? undefined : files.get(page));
    send(response, file);
  });
  await listen(server, usualPort).catch(async (error: unknown) => {
    if (!isPortTaken(error)) throw error;
    await listen(server, 0);
  });
  // A server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${String(port)}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readFiles(folder: string): Promise<ReadonlyMap<string, File>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = names.filter((name) => name.isFile()).map((name) => join(name.parentPath, name.name));
  const read = async (path: string) => {
    const type = types[extname(path)] ?? 'application/octet-stream';
    return [path.slice(folder.length), { type, content: await readFile(path) }] as const;
  };
  return new Map(await Promise.all(paths.map(read)));
}

function send(response: ServerResponse, file: File | undefined): void {
  if (file === undefined) {
    response.writeHead(404, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'content-type': file.type }).end(file.content);
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
