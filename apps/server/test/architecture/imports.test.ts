import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkImports, importRules, root } from './import-check.ts';
import type { Breach } from './import-check.ts';
import { housePlaces, withHouse } from './planted-house.ts';
import type { Planted } from './planted-house.ts';

const folders = ['apps', 'packages', 'demo', 'e2e', 'scripts'];
const server = 'apps/server/src';
const web = 'apps/cloud/src';

/** One import that breaks each rule. Where a file is new, nobody imports it, which is a breach of its own. */
const planted: readonly (Planted & { readonly rule: string; readonly also?: readonly string[] })[] = [
  { rule: 'kernel-knows-itself', from: `${server}/kernel/secret.ts`, to: 'packages/contract/src/index.ts' },
  { rule: 'kernel-uses-zod', from: `${server}/kernel/secret.ts`, to: 'jose' },
  { rule: 'db-knows-the-kernel', from: `${server}/db/tables.ts`, to: `${server}/keys/keys.ts` },
  { rule: 'db-uses-postgres', from: `${server}/db/tables.ts`, to: 'jose' },
  { rule: 'config-knows-the-kernel', from: `${server}/config/config.ts`, to: `${server}/db/tables.ts` },
  { rule: 'config-uses-zod', from: `${server}/config/config.ts`, to: 'pino' },
  { rule: 'config-is-read-by-processes', from: `${server}/sign-in/finish.ts`, to: `${server}/config/config.ts` },
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
  {
    rule: 'build-is-called-by-processes',
    from: `${server}/keys/keys.ts`,
    to: `${server}/build-cloud.ts`,
    also: ['no-circle', 'room-knows-the-ground-floor'],
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
  { rule: 'stand-ins-know-themselves', from: 'packages/stand-ins/src/index.ts', to: `${server}/kernel/secret.ts` },
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
    also: ['no-circle'],
  },
  {
    rule: 'no-test-in-the-product',
    from: `${server}/build-cloud.ts`,
    to: 'apps/server/test/world.ts',
    also: ['no-circle'],
  },
  { rule: 'no-development-package-in-the-product', from: `${server}/kernel/secret.ts`, to: 'tool-of-tests', also: ['kernel-uses-zod'] },
  { rule: 'packages-are-declared', from: `${web}/ui/page.tsx`, to: 'undeclared' },
  { rule: 'every-import-is-found', from: `${server}/build-cloud.ts`, to: `${server}/keys/lost.ts` },
  {
    rule: 'no-circle',
    from: `${server}/sign-in/finish.ts`,
    to: `${server}/sign-in/routes.ts`,
  },
  { rule: 'server-file-is-reached', from: `${server}/keys/unused.ts`, to: `${server}/kernel/secret.ts` },
  { rule: 'web-file-is-reached', from: `${web}/lib/unused.ts`, to: `${web}/ui/page.tsx` },
  { rule: 'no-orphan', from: 'packages/contract/src/unused.ts', to: '', statement: '' },
];

describe('the tree keeps the rules of import', async () => {
  const { files, breaches } = await checkImports(root, folders);

  test('no file imports what its place may not know', () => {
    expect(breaches.map(sentenceOf)).toEqual([]);
  });

  test('every room and every application was read', () => {
    expect(files.length).toBeGreaterThan(250);
    const rooms = readdirSync(join(root, server), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const places = [
      ...rooms.map(({ name }) => `${server}/${name}/`),
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

describe('the check finds what it is for', () => {
  test('a sound house breaks no rule, and all of it is read', async () => {
    const { files, breaches } = await withHouse(undefined, (folder) => checkImports(folder, ['apps', 'packages']));
    expect(breaches.map(sentenceOf)).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(housePlaces));
  });

  test('every rule has a sentence and a planted breach', () => {
    expect(importRules.filter(({ comment }) => (comment?.length ?? 0) < 20)).toEqual([]);
    expect(planted.map(({ rule }) => rule).toSorted()).toEqual(importRules.map(({ name }) => name).toSorted());
  });

  test.each(planted)('$rule: $from must not import $to', async ({ rule, also = [], ...plant }) => {
    const { breaches } = await withHouse(plant, (folder) => checkImports(folder, ['apps', 'packages']));
    expect([...new Set(breaches.map((breach) => breach.rule))].toSorted()).toEqual([rule, ...also].toSorted());
  });

  test.each([
    ["import type { X } from '../session/sessions.ts';"],
    ["import { type X } from '../session/sessions.ts';"],
    ["import * as sessions from '../session/sessions.ts';"],
    ["import '../session/sessions.ts';"],
    ["export { x } from '../session/sessions.ts';"],
    ["export type * from '../session/sessions.ts';"],
    ["export const later = () => import('../session/sessions.ts');"],
    ["export type X = import('../session/sessions.ts').X;"],
    ["import { createRequire } from 'node:module'; createRequire(import.meta.url); require('../session/sessions.ts');"],
  ])('an import is seen in every form: %s', async (statement) => {
    const plant = { from: `${server}/identity/users.ts`, to: `${server}/session/sessions.ts`, statement };
    const { breaches } = await withHouse(plant, (folder) => checkImports(folder, ['apps', 'packages']));
    expect(breaches).toEqual([{ rule: 'room-knows-the-ground-floor', from: plant.from, to: plant.to }]);
  });
});

function sentenceOf({ rule, from, to }: Breach): string {
  const comment = importRules.find(({ name }) => name === rule)?.comment ?? '';
  return `${from} → ${to}: ${comment} (${rule})`;
}
