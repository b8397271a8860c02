import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkImports, importRules } from './import-check.ts';
import type { Breach } from './import-check.ts';
import { housePlaces, withHouse } from './planted-house.ts';
import type { Planted } from './planted-house.ts';
import { root } from './tree.ts';

const folders = ['apps', 'packages', 'demo', 'e2e', 'scripts'];
const server = 'apps/server/src';
const web = 'apps/cloud/src';

/** One import that breaks each rule. Where a file is new, nobody imports it, which is a breach of its own. */
const planted: readonly (Planted & { readonly rule: string; readonly also?: readonly string[] })[] = [
  { rule: 'kernel-knows-itself', from: `${server}/kernel/secret.ts`, to: 'packages/contract/src/index.ts' },
  { rule: 'kernel-uses-zod', from: `${server}/kernel/secret.ts`, to: 'jose' },
  { rule: 'db-knows-the-kernel', from: `${server}/db/tables.ts`, to: `${server}/keys/keys.ts` },
  { rule: 'db-uses-postgres', from: `${server}/db/tables.ts`, to: 'jose' },
  { rule: 'process-knows-the-kernel', from: `${server}/process/serve.ts`, to: `${server}/http/server.ts` },
  { rule: 'process-uses-node', from: `${server}/process/serve.ts`, to: 'pino' },
  { rule: 'config-knows-the-kernel', from: `${server}/config/config.ts`, to: `${server}/db/tables.ts` },
  { rule: 'config-uses-zod', from: `${server}/config/config.ts`, to: 'pino' },
  {
    rule: 'config-is-read-by-processes',
    from: `${server}/sign-in/finish.ts`,
    to: `${server}/config/config.ts`,
  },
  {
    rule: 'samples-are-for-tests',
    from: `${server}/config/config.ts`,
    to: `${server}/config/samples/sample.ts`,
  },
  { rule: 'provider-knows-the-kernel', from: `${server}/provider/oidc.ts`, to: `${server}/db/scopes.ts` },
  { rule: 'provider-uses-its-protocol', from: `${server}/provider/oidc.ts`, to: 'kysely' },
  {
    rule: 'room-knows-the-ground-floor',
    from: `${server}/identity/users.ts`,
    to: `${server}/session/sessions.ts`,
  },
  { rule: 'room-uses-the-query-builder', from: `${server}/identity/users.ts`, to: 'pg' },
  { rule: 'keys-use-jose', from: `${server}/keys/keys.ts`, to: 'nodemailer' },
  { rule: 'mail-uses-nodemailer', from: `${server}/mail/mail.ts`, to: 'jose' },
  { rule: 'credential-uses-its-hashes', from: `${server}/credential/passwords.ts`, to: 'jose' },
  { rule: 'flow-knows-no-flow', from: `${server}/sign-in/finish.ts`, to: `${server}/members/members.ts` },
  { rule: 'flow-works-in-a-scope', from: `${server}/sign-in/finish.ts`, to: `${server}/db/tables.ts` },
  { rule: 'only-routes-know-http', from: `${server}/sign-in/finish.ts`, to: `${server}/http/server.ts` },
  {
    rule: 'flow-introduces-rooms',
    from: `${server}/members/members.ts`,
    to: 'packages/stand-ins/src/index.ts',
    also: ['server-stands-alone'],
  },
  { rule: 'flow-uses-no-package', from: `${server}/sign-in/finish.ts`, to: 'fastify' },
  { rule: 'view-uses-the-query-builder', from: `${server}/sign-in/sign-in-view.ts`, to: 'zod' },
  { rule: 'routes-parse', from: `${server}/sign-in/routes.ts`, to: 'kysely' },
  { rule: 'routes-are-handed-the-server', from: `${server}/sign-in/routes.ts`, to: 'fastify' },
  { rule: 'door-knows-no-room', from: `${server}/http/server.ts`, to: `${server}/session/sessions.ts` },
  { rule: 'door-uses-fastify', from: `${server}/http/server.ts`, to: 'kysely' },
  { rule: 'device-uses-its-parser', from: `${server}/http/device.ts`, to: 'fastify' },
  { rule: 'places-use-their-reader', from: `${server}/http/places.ts`, to: 'pg' },
  { rule: 'limits-use-their-counter', from: `${server}/http/limits/rate-limits.ts`, to: 'zod' },
  { rule: 'metrics-use-their-registry', from: `${server}/http/metrics/metrics.ts`, to: 'fastify' },
  { rule: 'telemetry-uses-opentelemetry', from: `${server}/http/metrics/telemetry.ts`, to: 'prom-client' },
  {
    rule: 'build-is-called-by-processes',
    from: `${server}/keys/keys.ts`,
    to: `${server}/build-cloud.ts`,
    also: ['room-knows-the-ground-floor'],
  },
  { rule: 'process-is-imported-by-nobody', from: 'apps/server/test/world.ts', to: `${server}/cloud.ts` },
  { rule: 'build-introduces-rooms', from: `${server}/build-cloud.ts`, to: 'pg' },
  { rule: 'server-stands-alone', from: `${server}/build-cloud.ts`, to: `${web}/ui/page.tsx` },
  {
    rule: 'contract-knows-itself',
    from: 'packages/contract/src/index.ts',
    to: `${server}/kernel/secret.ts`,
  },
  { rule: 'contract-uses-zod', from: 'packages/contract/src/index.ts', to: 'fastify' },
  {
    rule: 'stand-ins-know-themselves',
    from: 'packages/stand-ins/src/index.ts',
    to: `${server}/kernel/secret.ts`,
  },
  { rule: 'web-knows-the-contract', from: `${web}/ui/page.tsx`, to: `${server}/kernel/secret.ts` },
  {
    rule: 'feature-knows-no-feature',
    from: `${web}/features/home/home.tsx`,
    to: `${web}/features/error/error.tsx`,
  },
  {
    rule: 'features-are-leaves',
    from: `${web}/ui/page.tsx`,
    to: `${web}/features/home/home.tsx`,
  },
  {
    rule: 'no-test-in-the-product',
    from: `${server}/build-cloud.ts`,
    to: 'apps/server/test/world.ts',
    also: ['server-stands-alone'],
  },
  {
    rule: 'no-development-package-in-the-product',
    from: `${server}/kernel/secret.ts`,
    to: 'tool-of-tests',
    also: ['kernel-uses-zod'],
  },
  { rule: 'packages-are-declared', from: `${web}/ui/page.tsx`, to: 'undeclared' },
  { rule: 'every-import-is-found', from: `${server}/build-cloud.ts`, to: `${server}/keys/lost.ts` },
  {
    rule: 'no-circle',
    from: `${server}/sign-in/finish.ts`,
    to: `${server}/sign-in/routes.ts`,
  },
  {
    rule: 'server-file-is-reached',
    from: `${server}/keys/unused.ts`,
    to: `${server}/keys/unused.ts`,
    statement: '',
    also: ['no-orphan'],
  },
  {
    rule: 'web-file-is-reached',
    from: `${web}/lib/unused.ts`,
    to: `${web}/lib/unused.ts`,
    statement: '',
    also: ['no-orphan'],
  },
  {
    rule: 'no-orphan',
    from: 'packages/contract/src/unused.ts',
    to: 'packages/contract/src/unused.ts',
    statement: '',
  },
];

describe('the tree keeps the rules of import', async () => {
  const { files, breaches } = await checkImports(root, folders);

  test('no file imports what its place may not know', () => {
    expect(breaches.map(sentenceOf)).toEqual([]);
  });

  test('every room and every application was read', () => {
    expect(files.length).toBeGreaterThan(250);
    const rooms = readdirSync(join(root, server), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    const places = [
      ...rooms
        .map(({ name }) => `${server}/${name}/`)
        .filter((room) => readdirSync(join(root, room)).length > 0),
      'apps/server/test/',
      `${web}/app/`,
      `${web}/features/`,
      'packages/contract/src/',
      'packages/stand-ins/src/',
      'scripts/',
    ];
    expect(places.filter((place) => !files.some((file) => file.startsWith(place)))).toEqual([]);
  });
});

const fixtureFolders = ['apps', 'packages'];

describe('the check finds what it is for', async () => {
  const { breaches } = await withHouse(planted, (folder) => checkImports(folder, fixtureFolders));

  test('a sound house breaks no rule, and all of it is read', async () => {
    const sound = await withHouse([], (folder) => checkImports(folder, fixtureFolders));
    expect(sound.breaches.map(sentenceOf)).toEqual([]);
    expect(sound.files).toEqual(expect.arrayContaining(housePlaces));
  });

  test('every rule has a sentence and a planted breach', () => {
    expect(importRules.filter(({ comment }) => (comment?.length ?? 0) < 20)).toEqual([]);
    expect(planted.map(({ rule }) => rule).toSorted()).toEqual(
      importRules.map(({ name }) => name).toSorted(),
    );
  });

  test.each(planted)('$rule: $from must not import $to', ({ rule, also = [], from, to }) => {
    const found = breaches
      .filter((breach) => breach.from === from && leadsTo(breach, to))
      .map((breach) => breach.rule);
    // Many imports planted at once close circles by themselves; the one that is meant has its own line.
    const meant = rule === 'no-circle' ? found : found.filter((name) => name !== 'no-circle');
    expect(meant.toSorted()).toEqual([rule, ...also].toSorted());
  });

  test('nothing but what was planted is reported', () => {
    const isPlanted = (breach: Breach) =>
      planted.some(({ from, to }) => breach.from === from && leadsTo(breach, to));
    const others = breaches.filter((breach) => breach.rule !== 'no-circle' && !isPlanted(breach));
    expect(others.map(sentenceOf)).toEqual([]);
  });

  test('an import is seen in every form', async () => {
    const forms = [
      "import type { X } from '../session/sessions.ts';",
      "import { type X } from '../session/sessions.ts';",
      "import * as sessions from '../session/sessions.ts';",
      "import '../session/sessions.ts';",
      "export { x } from '../session/sessions.ts';",
      "export type * from '../session/sessions.ts';",
      "export const later = () => import('../session/sessions.ts');",
      "export type X = import('../session/sessions.ts').X;",
      "require('../session/sessions.ts');",
    ];
    const to = `${server}/session/sessions.ts`;
    const plants = forms.map((statement, place) => ({
      from: `${server}/identity/form-${place}.ts`,
      to,
      statement,
    }));
    const report = await withHouse(plants, (folder) => checkImports(folder, fixtureFolders));
    const seen = report.breaches
      .filter(({ rule }) => rule === 'room-knows-the-ground-floor')
      .map(({ from }) => from);
    expect(forms.filter((_, place) => !seen.includes(`${server}/identity/form-${place}.ts`))).toEqual([]);
  });
});

/** A package is found in its folder, a file that is not there under the words of the import. */
function leadsTo(breach: Breach, to: string): boolean {
  return (
    breach.to === to || breach.to === `node_modules/${to}/index.js` || basename(breach.to) === basename(to)
  );
}

function sentenceOf({ rule, from, to }: Breach): string {
  const comment = importRules.find(({ name }) => name === rule)?.comment ?? '';
  return `${from} → ${to}: ${comment} (${rule})`;
}
