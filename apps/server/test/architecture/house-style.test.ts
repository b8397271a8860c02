import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { auditWords } from '../../../cloud/src/messages/audit-words.ts';
import { problemTexts } from '../../../cloud/src/messages/problem-texts.ts';
import { auditEventTypes } from '../../src/audit/events.ts';
import { errorCatalogue } from '../../src/kernel/errors.ts';
import { filesBelow, productCode, readSource, root } from './tree.ts';
import type { SourceFile } from './tree.ts';

const src = 'apps/server/src';
const server = productCode(src);
const everything = filesBelow('.');

describe('the environment is read in one place', () => {
  const readers = (files: readonly SourceFile[]) =>
    files
      .filter(({ content }) =>
        /process\s*(?:\.|\?\.|\[['"`])\s*env\b|\benv\b[^;]*from 'node:process'/.test(content),
      )
      .map(({ path }) => path);

  test('only config/environment.ts reads it', () => {
    const code = productCode(src, 'apps/cloud/src', 'packages/contract/src', 'packages/stand-ins/src');
    expect(readers(code)).toEqual([`${src}/config/environment.ts`]);
  });

  test.each(['process.env', "process['env']", 'process?.env', "import { env } from 'node:process'"])(
    'a planted reader is found: %s',
    (content) => {
      expect(readers([{ path: 'planted.ts', content }])).toEqual(['planted.ts']);
    },
  );
});

describe('a room says at its door what it is', () => {
  const rooms = readdirSync(join(root, src), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && filesBelow(`${src}/${entry.name}`).length > 0)
    .map(({ name }) => `${src}/${name}`);

  test.each(rooms)('%s has a README of at most 15 lines', (room) => {
    const readme = readdirSync(join(root, room)).includes('README.md')
      ? readSource(`${room}/README.md`).content
      : '';
    const lines = readme.trim().split('\n');
    expect(readme.trim()).not.toBe('');
    expect(lines.length).toBeLessThanOrEqual(15);
  });
});

describe('names say what is inside', () => {
  const empty = /(^|[-.])(utils?|helpers?|common|manager|services?|auth|misc|shared|stuff)([-.]|$)/;
  const kebab = /^\.?[a-z0-9]+([-.][a-z0-9]+)*$/;
  const code = everything.filter((path) => /\.(tsx?|css)$/.test(path));

  const poorNames = (paths: readonly string[]) =>
    paths.filter((path) => path.split('/').some((part) => empty.test(part) || !kebab.test(part)));

  test('no file or folder is a drawer for everything', () => {
    expect(poorNames(code)).toEqual([]);
    expect(code.length).toBeGreaterThan(250);
  });

  test('an index.ts stands only at the door of a room or package', () => {
    const doors = new RegExp(`^(${src}/[^/]+|packages/[^/]+/src)$`);
    const indexes = code.filter((path) => /^index\.tsx?$/.test(basename(path)));
    expect(indexes.filter((path) => !doors.test(dirname(path)))).toEqual([]);
  });

  test.each([
    'src/utils/x.ts',
    'src/http/date-helper.ts',
    'src/session-manager.ts',
    'src/auth/x.ts',
    'src/HttpDoor.ts',
  ])('a planted name is found: %s', (path) => {
    expect(poorNames([path])).toEqual([path]);
  });
});

describe('nothing is declared that nobody says', () => {
  test('every error code has a text for people, and no text is for a code that is gone', () => {
    expect(Object.keys(problemTexts).toSorted()).toEqual(Object.keys(errorCatalogue).toSorted());
  });

  test('every kind of audit event has words for people', () => {
    expect(auditEventTypes.filter((type) => !(type in auditWords.audit.events))).toEqual([]);
  });

  test('every error code is thrown or returned somewhere', () => {
    const saying = server.filter(({ path }) => path !== `${src}/kernel/errors.ts`);
    expect(Object.keys(errorCatalogue).filter((code) => !isSaid(code, saying))).toEqual([]);
  });

  test('every kind of audit event is recorded somewhere', () => {
    const saying = server.filter(({ path }) => path !== `${src}/audit/events.ts`);
    expect(auditEventTypes.filter((type) => !isSaid(type, saying))).toEqual([]);
  });

  test('a word that nobody says is found', () => {
    expect(isSaid('session.forgotten', server)).toBe(false);
    expect(isSaid('session.started', server)).toBe(true);
  });
});

function isSaid(word: string, files: readonly SourceFile[]): boolean {
  return files.some(({ content }) => content.includes(`'${word}'`));
}

describe('the repository is the same on every machine', () => {
  const machinePath = /(?:^|[\s'"`(=])(?:\/home\/\w+\/|\/Users\/\w+\/|\/root\/|[A-Z]:\\Users\\)/m;
  const packageHost = /https?:\/\/[^\s/'"`]*(?:registry|artifactory|nexus|verdaccio|proxy\.golang)[^\s/'"`]*/;
  const tarball = /"resolved": "https?:\/\//;
  const words = [machinePath, packageHost, tarball];

  /** A checkout right below the root, such as /src in a container, is a word like any other. */
  const strayFiles = (files: readonly SourceFile[], checkout: string) => {
    const names = (content: string) => checkout.lastIndexOf('/') > 0 && content.includes(`${checkout}/`);
    const strays = files.filter(({ content }) => names(content) || words.some((word) => word.test(content)));
    return strays.map(({ path }) => path);
  };

  test('no file names a place on somebody’s disk or a package host of their own', () => {
    const texts = everything.filter(
      (path) => !/\.(png|ico|woff2?|webp)$/.test(path) && basename(path) !== 'house-style.test.ts',
    );
    expect(strayFiles(texts.map(readSource), root)).toEqual([]);
  });

  test.each([
    'cd /home/ada/gatehouse',
    '"/opt/checkout/apps/"',
    'registry=https://artifactory.acme.example/npm/',
    '"resolved": "https://packages.acme.example/zod.tgz"',
  ])('a planted one is found: %s', (content) => {
    expect(strayFiles([{ path: 'planted.md', content }], '/opt/checkout')).toEqual(['planted.md']);
  });
});
