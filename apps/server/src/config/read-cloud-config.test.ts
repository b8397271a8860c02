import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Secret } from '../kernel/secret.ts';
import { ConfigError } from './config-error.ts';
import type { Mistake } from './config-error.ts';
import type { Environment } from './environment.ts';
import { readCloudConfig } from './read-cloud-config.ts';
import { accepted } from './samples/accepted-values.ts';
import {
  canary,
  filesOf,
  fullDeployment,
  microsoftDeployment,
  smallDeployment,
} from './samples/environments.ts';
import { refused } from './samples/refused-values.ts';
import { cloudVariableGroups, cloudVariables } from './variables.ts';

const files = filesOf({ '/srv/list': '', '/run/secret': 'a-secret-of-some-length-that-is-in-a-file\n' });

function mistakesOf(environment: Environment): readonly Mistake[] {
  try {
    readCloudConfig(environment, files);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
}

/** With secrets and addresses as text. */
function plain(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (value instanceof URL) return value.href;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}

function partAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((part, key) => {
    return typeof part === 'object' && part !== null ? new Map(Object.entries(part)).get(key) : undefined;
  }, plain(value));
}

const acceptedRows = Object.entries(accepted).flatMap(([variable, rows]) =>
  rows.map(([given, at, means, within]) => ({ variable, given, at, means, within })),
);
const refusedRows = Object.entries(refused).flatMap(([variable, rows]) =>
  rows.map(([given, says, within]) => ({ variable, given, says, within })),
);

test.each(acceptedRows)('$variable may be "$given", which is read as $at', (row) => {
  const config = readCloudConfig({ ...fullDeployment, ...row.within, [row.variable]: row.given }, files);
  expect(partAt(config, row.at)).toEqual(row.means);
});

test.each(refusedRows)('$variable may not be "$given": it $says', ({ variable, given, says, within }) => {
  const mistakes = mistakesOf({ ...fullDeployment, ...within, [variable]: given });
  expect(mistakes.map((mistake) => mistake.variable)).toEqual([variable]);
  expect(mistakes[0]?.sentence).toContain(says);
});

test.each(refusedRows.filter(({ given }) => given.length > 12))(
  'refusing $variable does not repeat "$given"',
  ({ variable, given, within }) => {
    const mistakes = mistakesOf({ ...fullDeployment, ...within, [variable]: given });
    const whatIsWrong = mistakes.map(({ sentence }) => sentence.split('Expected:')[0]);
    expect(whatIsWrong).toHaveLength(1);
    expect(whatIsWrong.join('')).not.toContain(given);
  },
);

test('an environment without any variable is a server for this machine alone, without sign-in', () => {
  const config = readCloudConfig({}, files);
  expect(plain(config)).toMatchObject({
    mode: 'local',
    bind: { host: '127.0.0.1', port: 3000 },
    addresses: { publicOrigin: 'http://localhost:3000/', publicUrl: 'http://localhost:3000/' },
    database: { kind: 'embedded', dataDir: '.data/cloud' },
    warnings: [],
  });
  expect(Object.keys(config)).not.toContain('session');
  expect(Object.keys(config)).not.toContain('providers');
});

test('a deployment listens on every address and takes its public address from the redirect URI', () => {
  expect(plain(readCloudConfig(smallDeployment, files))).toMatchObject({
    mode: 'sso',
    bind: { host: '0.0.0.0', port: 3000 },
    addresses: { publicOrigin: 'https://gate.example/', appBaseUrl: 'https://gate.example/' },
    policy: { kind: 'sso' },
  });
});

test('a deployment with Microsoft alone lists no provider and returns to the one address that Entra knows', () => {
  expect(plain(readCloudConfig(microsoftDeployment, files))).toMatchObject({
    providers: [],
    microsoft: { redirectUri: 'https://gate.example/api/v1/auth/microsoft/callback' },
  });
});

test('the configuration cannot be changed once it is read', () => {
  const config = readCloudConfig(smallDeployment, files);
  const parts = [
    config,
    config.bind,
    config.http,
    config.warnings,
    config.mode === 'sso' ? config.session : config,
  ];
  expect(parts.every((part) => Object.isFrozen(part))).toBe(true);
});

test('mistakes of every subject are told at once', () => {
  const names = mistakesOf({
    ...fullDeployment,
    CLOUDGRID_BFF_PORT: 'x',
    APP_BASE_URL: 'http://app.example',
    CLOUDGRID_AUTH_GITHUB_CLIENT_ID: '',
    CLOUDGRID_AUTH_GOOGLE_REDIRECT_URI: 'https://gate.example/',
    MS_CLIENT_SECRET: '',
    CLOUDGRID_SESSION_SECRET: 'short',
    AUTH_POLICY: 'open',
    SECRETS_KEY: '',
    CLOUDGRID_INVITATION_EMAIL_FROM: '',
    TRUSTED_PROXIES: '0.0.0.0/0',
    CLOUDGRID_WORKERS: '0',
    HTTP_READ_BUFFER_BYTES: '1',
    CLOUDGRID_SESION_SECRET: 'x',
  }).map(({ variable }) => variable);
  expect(names.toSorted()).toEqual([
    'APP_BASE_URL',
    'AUTH_POLICY',
    'CLOUDGRID_AUTH_GITHUB_CLIENT_ID',
    'CLOUDGRID_AUTH_GOOGLE_REDIRECT_URI',
    'CLOUDGRID_BFF_PORT',
    'CLOUDGRID_INVITATION_EMAIL_FROM',
    'CLOUDGRID_SESION_SECRET',
    'CLOUDGRID_SESSION_SECRET',
    'CLOUDGRID_WORKERS',
    'HTTP_READ_BUFFER_BYTES',
    'MS_CLIENT_SECRET',
    'SECRETS_KEY',
    'TRUSTED_PROXIES',
  ]);
});

test('an operator reads one line for each mistake under CONFIG_INVALID', () => {
  const error = new ConfigError(
    mistakesOf({ ...smallDeployment, CLOUDGRID_SESSION_SECRET: canary, METRICS_PORT: canary }),
  );
  expect(error.code).toBe('CONFIG_INVALID');
  expect(error.message.split('\n')).toEqual([
    'CONFIG_INVALID: 2 mistakes in the environment, nothing was started',
    '  CLOUDGRID_SESSION_SECRET is shorter than 32 bytes. Expected: 32 bytes or more; several, separated by commas, to rotate.',
    '  METRICS_PORT is not a whole number. Expected: a whole number from 0 to 65535.',
  ]);
});

test('a value is never printed, whichever variable it was given to', () => {
  for (const base of [{}, fullDeployment]) {
    for (const variable of Object.keys(cloudVariables)) {
      const given = { ...base, [variable]: canary, [`${variable}_FILE`]: `/${canary}` };
      expect(JSON.stringify(mistakesOf(given))).not.toContain(canary);
    }
    const everywhere = Object.fromEntries(
      Object.keys(cloudVariables).map((name) => [name, `${canary}\u0007`]),
    );
    expect(JSON.stringify(mistakesOf({ ...base, ...everywhere }))).not.toContain(canary);
  }
});

test('a configuration that is logged shows no secret', () => {
  const config = readCloudConfig(fullDeployment, files);
  expect(JSON.stringify(config)).not.toContain(canary);
  expect(JSON.stringify(config)).not.toContain('-secret');
  expect(JSON.stringify(config)).not.toContain('db.internal');
});

test('whatever an environment holds, the answer is a configuration or CONFIG_INVALID', () => {
  const names = [
    ...Object.keys(cloudVariables),
    'CLOUDGRID_OTHER',
    'MS_OTHER',
    'AUTH_POLIC',
    'DATABASE_URL_FILE',
    '__proto__',
  ];
  const samples = Object.values(accepted).flatMap((rows) => rows.map(([given]) => given));
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(...samples),
    fc.webUrl({ validSchemes: ['http', 'https', 'ftp'] }),
  );
  const environment = fc.oneof(
    fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), value),
    fc
      .dictionary(fc.constantFrom(...names), value)
      .map((part): Environment => ({ ...fullDeployment, ...part })),
  );
  fc.assert(
    fc.property(environment, (garbage) => {
      try {
        expect(['local', 'sso']).toContain(readCloudConfig(garbage, files).mode);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        expect((error as ConfigError).mistakes.length).toBeGreaterThan(0); // just seen to be one
      }
    }),
    { numRuns: 500 },
  );
}, 30_000);

describe('the documentation', () => {
  /** Hands out values and notes who asked for which, but cannot be listed. */
  function recorded(environment: Environment, asked: Set<string>): Environment {
    return new Proxy(environment, {
      ownKeys: () => [],
      getOwnPropertyDescriptor(target, name) {
        asked.add(String(name));
        return Reflect.getOwnPropertyDescriptor(target, name);
      },
    });
  }

  test('lists every variable that is read, and no other', () => {
    const asked = new Set<string>();
    for (const environment of [{}, fullDeployment, { ...fullDeployment, HTTP_READ_BUFFER_BYTES: '8192' }]) {
      readCloudConfig(recorded(environment, asked), files);
    }
    const documented = cloudVariableGroups.flatMap(({ variables }) =>
      Object.entries(variables).flatMap(([name, { secret }]) =>
        secret === true ? [name, `${name}_FILE`] : [name],
      ),
    );
    expect([...asked].toSorted()).toEqual(documented.toSorted());
  });

  test('lists each variable once', () => {
    const documented = cloudVariableGroups.flatMap(({ variables }) => Object.keys(variables));
    expect(documented.toSorted()).toEqual(Object.keys(cloudVariables).toSorted());
  });
});
