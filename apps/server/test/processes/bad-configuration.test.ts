import { expect, test } from 'vitest';
import { smallDeployment } from '../../src/config/samples/environments.ts';
import type { Variables } from '../support/processes.ts';
import { cloudScript, runToEnd } from '../support/processes.ts';

/** In every value, so that a process that prints one is found out. */
const canary = 'c4n4ry';
const port = { CLOUDGRID_BFF_PORT: '0' };
const deployed = { ...smallDeployment, ...port, DATA_DIR: '/nonexistent/never-made' };

/** What is wrong, the environment, and the names that must be told. */
const mistakes: readonly (readonly [string, Variables, readonly string[]])[] = [
  [
    'a pair of modes that does not exist',
    { ...port, CLOUDGRID_DEPLOYMENT_MODE: 'local', CLOUDGRID_AUTH_MODE: 'sso' },
    ['CLOUDGRID_DEPLOYMENT_MODE', 'CLOUDGRID_AUTH_MODE'],
  ],
  [
    'words that no variable knows',
    {
      CLOUDGRID_DEPLOYMENT_MODE: `${canary}-mode`,
      CLOUDGRID_AUTH_MODE: `${canary}-auth`,
      CLOUDGRID_BFF_PORT: `${canary}-port`,
    },
    ['CLOUDGRID_DEPLOYMENT_MODE', 'CLOUDGRID_AUTH_MODE'],
  ],
  [
    'sign-in variables where nobody signs in',
    {
      ...port,
      CLOUDGRID_AUTH_PROVIDERS: 'github',
      CLOUDGRID_SESSION_SECRET: `${canary}-session-secret-of-32-bytes-`,
      MS_CLIENT_ID: `${canary}-client`,
      AUTH_POLICY: 'standard',
      AUTH_ALLOWED_EMAIL_DOMAINS: `${canary}.example`,
    },
    [
      'CLOUDGRID_DEPLOYMENT_MODE',
      'CLOUDGRID_AUTH_PROVIDERS',
      'CLOUDGRID_SESSION_SECRET',
      'MS_CLIENT_ID',
      'AUTH_POLICY',
      'AUTH_ALLOWED_EMAIL_DOMAINS',
    ],
  ],
  [
    'an address that others could reach where nobody signs in',
    { ...port, CLOUDGRID_BFF_HOST: '0.0.0.0' },
    ['CLOUDGRID_BFF_HOST'],
  ],
  [
    'nothing but the mode',
    { ...port, CLOUDGRID_DEPLOYMENT_MODE: 'deployed', CLOUDGRID_AUTH_MODE: 'sso' },
    ['CLOUDGRID_AUTH_PROVIDERS', 'CLOUDGRID_SESSION_SECRET'],
  ],
  [
    'a provider that nobody plays, and listed ones without their variables',
    { ...deployed, CLOUDGRID_AUTH_PROVIDERS: `github,${canary}` },
    ['CLOUDGRID_AUTH_PROVIDERS'],
  ],
  [
    'a secret that is too short, numbers that are none, and a slug that is none',
    {
      ...deployed,
      CLOUDGRID_SESSION_SECRET: canary,
      CLOUDGRID_SESSION_TTL_SECONDS: `${canary}s`,
      CLOUDGRID_AUTH_COMPANY_ID: `${canary} & sons`,
      CLOUDGRID_AUTH_BOOTSTRAP_EMAIL: `${canary}@`,
      ACCESS_TOKEN_EXPIRE_MINUTES: `-${canary}`,
      HTTP_READ_BUFFER_BYTES: `${canary}k`,
    },
    [
      'CLOUDGRID_SESSION_SECRET',
      'CLOUDGRID_SESSION_TTL_SECONDS',
      'CLOUDGRID_AUTH_COMPANY_ID',
      'CLOUDGRID_AUTH_BOOTSTRAP_EMAIL',
      'ACCESS_TOKEN_EXPIRE_MINUTES',
      'HTTP_READ_BUFFER_BYTES',
    ],
  ],
  [
    'addresses in plain http, on another path, and of two origins',
    {
      ...deployed,
      CLOUDGRID_AUTH_PROVIDERS: 'github,google',
      CLOUDGRID_AUTH_GITHUB_REDIRECT_URI: `http://${canary}.example/auth/callback`,
      CLOUDGRID_AUTH_GOOGLE_ISSUER: `http://${canary}.example`,
      CLOUDGRID_AUTH_GOOGLE_CLIENT_ID: `${canary}-client`,
      CLOUDGRID_AUTH_GOOGLE_REDIRECT_URI: `https://${canary}.example/elsewhere`,
    },
    [
      'CLOUDGRID_AUTH_GITHUB_REDIRECT_URI',
      'CLOUDGRID_AUTH_GOOGLE_ISSUER',
      'CLOUDGRID_AUTH_GOOGLE_CLIENT_SECRET',
      'CLOUDGRID_AUTH_GOOGLE_REDIRECT_URI',
    ],
  ],
  [
    'the platform app of Microsoft without its secret and addresses',
    { ...deployed, MS_CLIENT_ID: `${canary}-client` },
    ['MS_CLIENT_SECRET', 'API_PUBLIC_URL', 'APP_BASE_URL'],
  ],
  [
    'names that are nearly right, and one that nobody knows',
    {
      ...deployed,
      CLOUDGRID_AUTH_GITHUB_CLIENT_IDD: `${canary}-1`,
      MS_CLIENT_SECRTE: `${canary}-2`,
      AUTH_POLCY: `${canary}-3`,
      CLOUDGRID_SOMETHING_ELSE: `${canary}-4`,
    },
    ['CLOUDGRID_AUTH_GITHUB_CLIENT_IDD', 'MS_CLIENT_SECRTE', 'AUTH_POLCY', 'CLOUDGRID_SOMETHING_ELSE'],
  ],
  [
    'a restricted deployment that lets nobody in, and mail that must go out and cannot',
    {
      ...deployed,
      AUTH_POLICY: 'restricted',
      CLOUDGRID_INVITATION_EMAIL_MODE: 'disabled',
      CLOUDGRID_INVITATION_EMAIL_REQUIRE_DELIVERY: 'true',
    },
    ['AUTH_ALLOWED_EMAIL_DOMAINS', 'CLOUDGRID_INVITATION_EMAIL_REQUIRE_DELIVERY'],
  ],
  [
    'a database that is none, keys that are none, a secret file that is missing, and proxies that are none',
    {
      ...deployed,
      DATABASE_URL: `mysql://${canary}@db/${canary}`,
      SECRETS_KEY: canary,
      CLOUDGRID_AUTH_GITHUB_CLIENT_SECRET: undefined,
      CLOUDGRID_AUTH_GITHUB_CLIENT_SECRET_FILE: `/nonexistent/${canary}`,
      TRUSTED_PROXIES: `${canary}/99`,
      OUTBOUND_ALLOWED: `${canary}:x`,
      CLOUDGRID_LOG_LEVEL: `${canary}-loud`,
    },
    [
      'DATABASE_URL',
      'SECRETS_KEY',
      'CLOUDGRID_AUTH_GITHUB_CLIENT_SECRET_FILE',
      'TRUSTED_PROXIES',
      'OUTBOUND_ALLOWED',
      'CLOUDGRID_LOG_LEVEL',
    ],
  ],
];

test.for(mistakes)(
  'nothing is started with %s; every mistake is named, no value is',
  async ([, env, names]) => {
    const { code, signal, out, err } = await runToEnd({ script: cloudScript, env });
    expect({ code, signal, out }).toEqual({ code: 1, signal: null, out: '' });
    expect(err).toMatch(/^CONFIG_INVALID: /);
    expect(names.filter((name) => !err.includes(name))).toEqual([]);
    expect(err).not.toContain(canary);
    expect(err, 'no stack').not.toMatch(/^\s+at /m);
  },
);

test('an empty value counts as unset', async () => {
  const env = { ...deployed, CLOUDGRID_SESSION_SECRET: '' };
  const { code, err } = await runToEnd({ script: cloudScript, env });
  expect(code).toBe(1);
  expect(err.trim().split('\n').slice(1)).toEqual([
    expect.stringContaining('CLOUDGRID_SESSION_SECRET is not set'),
  ]);
});
