import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply } from 'fastify';
import { AppError } from '../kernel/errors.ts';
import type { Door, PageOptions } from './door.ts';
import { newNonce, pagePolicy } from './headers.ts';
import { escapeHtml, htmlType, sendPlainPage } from './plain-page.ts';

type SendPage = (reply: FastifyReply, status: number) => FastifyReply;

const notBuilt = {
  title: 'The pages are not built yet',
  text: 'Run `npm run build`, then start this server again. Its API works meanwhile.',
};

/** Read once: what is served is what was there at the start. */
async function readPage(options: PageOptions): Promise<SendPage> {
  const file = join(options.folder, 'index.html');
  if (!existsSync(file)) return (reply) => sendPlainPage(reply, 503, notBuilt);
  const template = await readFile(file, 'utf8');
  const around = template
    .replaceAll('__NOTICE__', () => escapeHtml(options.notice))
    .replaceAll('__COMPANY__', () => escapeHtml(options.company))
    .replaceAll('__BASE__', () => escapeHtml(options.basePath))
    // Pages that we serve ourselves are on the origin of the API.
    .replaceAll('__API__', '')
    .replaceAll('__APP__', () => escapeHtml(options.appOrigin ?? ''))
    .split('__NONCE__');
  return (reply, status) => {
    const nonce = newNonce();
    reply.header('content-security-policy', pagePolicy(nonce));
    return reply.code(status).type(htmlType).send(around.join(nonce));
  };
}

/** Where browsers look unasked; with an application behind the gate these are its own. */
const rootNames = new Set(['favicon.ico', 'robots.txt']);
const isServed = (name: string) => !name.startsWith('.') && !name.endsWith('.map');

async function addFiles(app: Door, { folder, basePath }: PageOptions): Promise<void> {
  await app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/auth/assets/',
    // One route for each file that is there now: no path of a request ever reaches the file system.
    wildcard: false,
    globIgnore: ['**/*.map'],
    index: false,
    immutable: true,
    maxAge: '365d',
  });
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && isServed(entry.name)).map((entry) => entry.name);
  for (const name of names.filter((one) => one !== 'index.html')) {
    const send = (_request: unknown, reply: FastifyReply) => reply.sendFile(name, folder, { maxAge: '1h' });
    app.get(`/auth/${name}`, { schema: { hide: true } }, send);
    if (basePath === '/' && rootNames.has(name)) app.get(`/${name}`, { schema: { hide: true } }, send);
  }
}

/** The SPA at its addresses, and `reply.sendPage()` for the flow whose address it shares. */
export async function addPage(app: Door, options: PageOptions | undefined): Promise<void> {
  const send: SendPage =
    options === undefined
      ? () => {
          throw new AppError('not_found');
        }
      : await readPage(options);
  app.decorateReply('sendPage', function (this: FastifyReply, status = 200) {
    return send(this, status);
  });
  if (options === undefined) return;
  if (existsSync(join(options.folder, 'assets'))) await addFiles(app, options);
  for (const path of options.paths) {
    app.get(path, { schema: { hide: true } }, (_request, reply) => reply.sendPage());
  }
}
