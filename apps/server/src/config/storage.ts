import { Secret } from '../kernel/secret.ts';
import type { Mode } from './mode.ts';
import { present } from './parts.ts';
import type { Reading, Rule } from './reading.ts';
import type { NonEmpty } from './rules/lists.ts';
import { wrappingKeys } from './rules/secrets.ts';
import { path } from './rules/words.ts';
import type { VariableTable } from './variable.ts';

export const storageVariables = {
  DATABASE_URL: {
    secret: true,
    otherwise: 'a Postgres of our own in `DATA_DIR`',
    rule: '`postgres://…` or `postgresql://…`. Any number of processes may share it.',
  },
  DATABASE_MIGRATION_URL: {
    secret: true,
    otherwise: 'the same login as `DATABASE_URL`',
    rule: 'A login that owns the schema and migrates it, so that the other need not. Only with `DATABASE_URL`.',
  },
  DATA_DIR: {
    default: '.data/cloud',
    rule: 'Folder for the embedded database and the keys that are made for it.',
  },
  SECRETS_KEY: {
    secret: true,
    otherwise: 'made and kept in `DATA_DIR`',
    rule: '32 bytes in base64 that wrap what is encrypted at rest. A list, separated by commas, rotates: the first encrypts, all decrypt. Needed under `sso` with `DATABASE_URL`, since other processes must know it too.',
  },
} as const satisfies VariableTable;

type StorageReading = Reading<keyof typeof storageVariables>;

export type DatabaseConfig =
  | { readonly kind: 'embedded'; readonly dataDir: string }
  | {
      readonly kind: 'url';
      readonly url: Secret;
      /** Owns the schema; absent: `url` does. */
      readonly migrationUrl?: Secret;
    };

/** What wraps secrets at rest: keys that were given, or a key that this process makes and keeps. */
export type SecretsKeys =
  | { readonly kind: 'given'; readonly keys: NonEmpty<Secret> }
  | { readonly kind: 'kept'; readonly dataDir: string };

const databaseUrl: Rule<Secret> = {
  expects: 'an address that begins with postgres:// or postgresql://',
  parse(text) {
    const isDatabase = /^postgres(?:ql)?:\/\/\S+$/.test(text) && URL.canParse(text);
    return isDatabase ? { value: new Secret(text) } : { wrong: 'is not the address of a Postgres database' };
  },
};

export function readDataDir(reading: StorageReading): string | undefined {
  return reading.take('DATA_DIR', path);
}

export function readDatabase(
  reading: StorageReading,
  dataDir: string | undefined,
): DatabaseConfig | undefined {
  const url = reading.take('DATABASE_URL', databaseUrl);
  const migrationUrl = reading.take('DATABASE_MIGRATION_URL', databaseUrl);
  if (reading.isGiven('DATABASE_URL')) return url && { kind: 'url', url, ...present({ migrationUrl }) };
  if (reading.isGiven('DATABASE_MIGRATION_URL')) {
    reading.mistake('DATABASE_MIGRATION_URL', 'has no database to migrate. Expected: DATABASE_URL with it.');
    return undefined;
  }
  return dataDir === undefined ? undefined : { kind: 'embedded', dataDir };
}

/** In `local` there is one process on one machine, so a key kept beside it serves a database elsewhere as well. */
export function readSecretsKeys(
  reading: StorageReading,
  { mode, dataDir }: { readonly mode: Mode; readonly dataDir: string | undefined },
): SecretsKeys | undefined {
  const isNeeded = mode === 'sso' && reading.isGiven('DATABASE_URL');
  if (isNeeded || reading.isGiven('SECRETS_KEY')) {
    const keys = reading.need('SECRETS_KEY', wrappingKeys, 'with DATABASE_URL');
    return keys && { kind: 'given', keys };
  }
  return dataDir === undefined ? undefined : { kind: 'kept', dataDir };
}
