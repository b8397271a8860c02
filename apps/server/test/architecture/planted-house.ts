import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const server = 'apps/server/src';

/** A tree of the same shape as the real one, one file to a place, in which every import is allowed. */
const soundHouse: Readonly<Record<string, readonly string[]>> = {
  [`${server}/cloud.ts`]: [
    `${server}/build-cloud.ts`,
    `${server}/config/config.ts`,
    `${server}/process/serve.ts`,
  ],
  [`${server}/process/serve.ts`]: [],
  [`${server}/build-cloud.ts`]: [
    `${server}/config/config.ts`,
    `${server}/http/server.ts`,
    `${server}/sign-in/routes.ts`,
    `${server}/sign-in/finish.ts`,
    `${server}/sign-in/sign-in-view.ts`,
    `${server}/members/members.ts`,
    `${server}/audit/record.ts`,
    `${server}/provider/oidc.ts`,
    `${server}/identity/users.ts`,
    `${server}/session/sessions.ts`,
    `${server}/keys/keys.ts`,
    `${server}/mail/mail.ts`,
    `${server}/credential/passwords.ts`,
  ],
  [`${server}/config/config.ts`]: [`${server}/kernel/secret.ts`],
  [`${server}/config/samples/sample.ts`]: [`${server}/kernel/secret.ts`],
  [`${server}/kernel/secret.ts`]: ['zod'],
  [`${server}/db/scopes.ts`]: ['kysely', 'pg', `${server}/db/tables.ts`, `${server}/kernel/secret.ts`],
  [`${server}/db/tables.ts`]: [],
  [`${server}/http/server.ts`]: [
    'fastify',
    'pino',
    '@gatehouse/contract',
    `${server}/http/device.ts`,
    `${server}/http/places.ts`,
    `${server}/http/limits/rate-limits.ts`,
    `${server}/http/metrics/metrics.ts`,
    `${server}/http/metrics/telemetry.ts`,
  ],
  [`${server}/http/device.ts`]: ['bowser'],
  [`${server}/http/places.ts`]: ['maxmind', 'zod'],
  [`${server}/http/limits/rate-limits.ts`]: ['rate-limiter-flexible'],
  [`${server}/http/metrics/metrics.ts`]: ['prom-client'],
  [`${server}/http/metrics/telemetry.ts`]: ['@opentelemetry/api'],
  [`${server}/sign-in/routes.ts`]: [
    'zod',
    'type fastify',
    '@gatehouse/contract',
    `${server}/sign-in/finish.ts`,
  ],
  [`${server}/sign-in/finish.ts`]: [`${server}/identity/users.ts`, `${server}/db/scopes.ts`],
  [`${server}/sign-in/sign-in-view.ts`]: ['kysely', `${server}/db/scopes.ts`],
  [`${server}/members/members.ts`]: [`${server}/audit/record.ts`],
  [`${server}/audit/record.ts`]: ['kysely', `${server}/db/scopes.ts`],
  [`${server}/provider/oidc.ts`]: ['jose', 'oauth4webapi', `${server}/kernel/secret.ts`],
  [`${server}/identity/users.ts`]: [`${server}/db/scopes.ts`],
  [`${server}/session/sessions.ts`]: [`${server}/db/scopes.ts`],
  [`${server}/keys/keys.ts`]: ['jose'],
  [`${server}/mail/mail.ts`]: ['nodemailer'],
  [`${server}/credential/passwords.ts`]: ['otpauth'],
  [`${server}/config/config.test.ts`]: [`${server}/config/config.ts`, `${server}/config/samples/sample.ts`],
  'apps/server/test/world.ts': [`${server}/build-cloud.ts`, '@gatehouse/stand-ins'],
  'packages/contract/src/index.ts': ['zod'],
  'packages/stand-ins/src/index.ts': ['jose'],
  'apps/cloud/src/app/main.tsx': [
    'apps/cloud/src/features/home/home.tsx',
    'apps/cloud/src/features/error/error.tsx',
  ],
  'apps/cloud/src/features/home/home.tsx': ['apps/cloud/src/ui/page.tsx', '@gatehouse/contract'],
  'apps/cloud/src/features/error/error.tsx': ['apps/cloud/src/ui/page.tsx'],
  'apps/cloud/src/ui/page.tsx': [],
};

const packagesInUse = [
  'zod',
  'kysely',
  'pg',
  'fastify',
  'pino',
  'jose',
  'oauth4webapi',
  'nodemailer',
  'otpauth',
  'bowser',
  'maxmind',
  'prom-client',
  'rate-limiter-flexible',
  '@opentelemetry/api',
];
const developmentPackages = ['tool-of-tests'];
const workspaces = {
  '@gatehouse/contract': 'packages/contract',
  '@gatehouse/stand-ins': 'packages/stand-ins',
};

/** One more import for the sound house: of a file, of a package, or in words of its own. A new file may carry it. */
export type Planted = { readonly from: string; readonly to: string; readonly statement?: string };

export const housePlaces = Object.keys(soundHouse);

/** Writes the sound house with more imports into a folder of its own, which `work` may read. */
export async function withHouse<T>(
  planted: readonly Planted[],
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-house-'));
  try {
    writePackages(folder);
    for (const file of new Set([...housePlaces, ...planted.map(({ from }) => from)])) {
      const sound = (soundHouse[file] ?? []).map((target) => importOf(file, target));
      const added = planted
        .filter(({ from }) => from === file)
        .map(({ to, statement }) => statement ?? importOf(file, to));
      write(folder, file, [...sound, ...added, 'export {};'].join('\n'));
    }
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function importOf(file: string, target: string): string {
  const [, kind = '', name = ''] = /^(type )?(.*)$/.exec(target) ?? [];
  const isFile = /\.(ts|tsx|css)$/.test(name);
  const way = relative(dirname(file), name);
  const specifier = isFile ? (way.startsWith('.') ? way : `./${way}`) : name;
  return `import ${kind}{ x } from '${specifier}';`;
}

function writePackages(folder: string): void {
  const dependencies = Object.fromEntries(
    [...packagesInUse, ...Object.keys(workspaces)].map((name) => [name, '1.0.0']),
  );
  const devDependencies = Object.fromEntries(developmentPackages.map((name) => [name, '1.0.0']));
  write(
    folder,
    'package.json',
    JSON.stringify({ name: 'house', type: 'module', dependencies, devDependencies }),
  );
  for (const name of [...packagesInUse, ...developmentPackages, 'undeclared']) {
    write(
      folder,
      `node_modules/${name}/package.json`,
      JSON.stringify({ name, type: 'module', main: 'index.js' }),
    );
    write(folder, `node_modules/${name}/index.js`, 'export const x = 1;');
  }
  for (const [name, place] of Object.entries(workspaces)) {
    const exports = { '.': './src/index.ts' };
    write(folder, `${place}/package.json`, JSON.stringify({ name, type: 'module', exports, dependencies }));
    mkdirSync(join(folder, 'node_modules', dirname(name)), { recursive: true });
    symlinkSync(join(folder, place), join(folder, 'node_modules', name), 'dir');
  }
}

function write(folder: string, file: string, content: string): void {
  mkdirSync(join(folder, dirname(file)), { recursive: true });
  writeFileSync(join(folder, file), content);
}
