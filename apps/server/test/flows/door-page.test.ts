import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, navigation, openProbedDoor } from './door-probe.ts';
import type { OpenedDoor } from './door-probe.ts';

const paths = ['/', '/sign-in', '/auth/error', '/companies/:slug/members'];
const notice = 'Staging <b onmouseover="x">& "friends"</b> $& $1';
const template =
  '<!doctype html><meta name="notice" content="__NOTICE__"><meta name="base" content="__BASE__">' +
  '<meta name="company" content="__COMPANY__"><meta name="api" content="__API__">' +
  '<meta name="app" content="__APP__">' +
  '<style nonce="__NONCE__"></style><script nonce="__NONCE__" src="/auth/assets/app-1a2b.js"></script>';

let folder: string;
let door: OpenedDoor;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-page-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), template);
  await writeFile(join(folder, 'favicon.ico'), 'icon');
  await writeFile(join(folder, '.env'), 'canary');
  await writeFile(join(folder, 'assets', 'app-1a2b.js'), 'start()');
  await writeFile(join(folder, 'assets', 'app-1a2b.js.map'), 'canary');
  await writeFile(join(folder, 'assets', '.hidden'), 'canary');
  const appOrigin = 'https://app.example';
  const page = { folder, notice, company: 'acme', basePath: '/auth/app', appOrigin, paths };
  door = await openProbedDoor({ page });
});
afterAll(async () => {
  await door.app.close();
  await rm(folder, { recursive: true });
});

describe('the pages', () => {
  test.each(['/', '/sign-in?returnTo=%2Fa', '/auth/error?code=x&ref=y', '/companies/acme/members'])(
    '%s is the SPA',
    async (path) => {
      const answer = await ask(door.port, path, { headers: navigation });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.text).toContain('<meta name="base" content="/auth/app">');
      expect(answer.text).toContain('<meta name="company" content="acme">');
      // The API is where the page is; a sign-in that hands out tokens ends elsewhere.
      expect(answer.text).toContain('<meta name="api" content="">');
      expect(answer.text).toContain('<meta name="app" content="https://app.example">');
    },
  );

  test('scripts run by a nonce that is fresh with every answer, and nothing inline runs (H-16)', async () => {
    const nonces = new Set<string>();
    for (let times = 0; times < 3; times += 1) {
      const { headers, text } = await ask(door.port, '/', { headers: navigation });
      const policy = headers.get('content-security-policy') ?? '';
      const nonce = /script-src 'nonce-([\w-]{22})' 'strict-dynamic';/.exec(policy)?.[1] ?? '';
      expect(text.match(new RegExp(`nonce="${nonce}"`, 'g'))).toHaveLength(2);
      expect(policy).not.toContain('unsafe');
      expect(policy).toContain("frame-ancestors 'none'");
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(3);
  });

  test('the notice of the operator is text, whatever is in it', async () => {
    const { text } = await ask(door.port, '/', { headers: navigation });
    expect(text).toContain(
      'content="Staging &lt;b onmouseover=&quot;x&quot;&gt;&amp; &quot;friends&quot;&lt;/b&gt; $&amp; $1"',
    );
  });

  test('what the address says is not in the page', async () => {
    const { text } = await ask(door.port, '/auth/error?code=canary&ref=canary', { headers: navigation });
    expect(text).not.toContain('canary');
  });

  test.each(['/nowhere', '/.git/config', '/metrics', '/debug', '/docs'])(
    'a person at %s sees that there is nothing, as a page and as a status (K-10)',
    async (path) => {
      const person = await ask(door.port, path, { headers: navigation });
      expect(person.status).toBe(404);
      expect(person.text).toContain('app-1a2b.js');
      const program = await ask(door.port, path);
      expect(program.problem().code).toBe('not_found');
    },
  );

  test('a page is not posted to', async () => {
    const answer = await ask(door.port, '/sign-in', { method: 'POST' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
  });
});

describe('the files of the pages', () => {
  test('are kept by the browser for a year, for their names change with them', async () => {
    const answer = await ask(door.port, '/auth/assets/app-1a2b.js');
    expect(answer).toMatchObject({ status: 200, text: 'start()' });
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('content-type')).toContain('javascript');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('the icon is where browsers look for it, unless the pages share their origin with an application', async () => {
    expect((await ask(door.port, '/auth/favicon.ico')).text).toBe('icon');
    expect((await ask(door.port, '/favicon.ico')).status).toBe(404);
    const alone = await openProbedDoor({ page: { folder, notice, company: 'acme', basePath: '/', paths } });
    expect((await ask(alone.port, '/favicon.ico')).text).toBe('icon');
    await alone.app.close();
  });

  test.each([
    '/auth/assets/app-1a2b.js.map',
    '/auth/assets/app-1a2b.js%2emap',
    '/auth/assets/.hidden',
    '/auth/assets/%2ehidden',
    '/auth/assets/',
    '/auth/assets',
    '/auth/assets/../index.html',
    '/auth/assets/%2e%2e/.env',
    '/auth/assets/..%2f.env',
    '/auth/assets/..%5c.env',
    '/auth/assets/%00',
    '/auth/.env',
    '/.env',
    '/auth/index.html',
    '/index.html',
  ])('%s is not served', async (path) => {
    const answer = await ask(door.port, path);
    expect([400, 404]).toContain(answer.status);
    expect(answer.text).not.toMatch(/canary|doctype/);
  });
});

test('without a build the page says how to make one, and the API works', async () => {
  const unbuilt = await openProbedDoor({
    page: { folder: join(folder, 'none'), notice: '', company: '', basePath: '/', paths },
  });
  const page = await ask(unbuilt.port, '/', { headers: navigation });
  expect(page.status).toBe(503);
  expect(page.text).toContain('npm run build');
  expect((await ask(unbuilt.port, '/api/v1/probe')).status).toBe(200);
  await unbuilt.app.close();
});
