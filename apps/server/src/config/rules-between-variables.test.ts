import { describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import type { Environment } from './environment.ts';
import { readCloudConfig } from './read-cloud-config.ts';
import {
  filesOf,
  fullDeployment,
  microsoftDeployment,
  sessionSecret,
  smallDeployment,
} from './samples/environments.ts';

const secretOnDisk = 'a secret of 32 bytes and then some';
const files = filesOf({
  '/run/secret': `${secretOnDisk}\r\n`,
  '/run/empty': '\n',
  '/run/short': 'short',
});

function mistakesOf(environment: Environment): Readonly<Record<string, string>> {
  try {
    readCloudConfig(environment, files);
    return {};
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return Object.fromEntries(error.mistakes.map(({ variable, sentence }) => [variable, sentence]));
  }
}

function ssoConfigOf(environment: Environment) {
  const config = readCloudConfig(environment, files);
  if (config.mode !== 'sso') throw new Error('expected a deployment with sign-in');
  return config;
}

describe('the kind of deployment', () => {
  test.each([
    ['local', 'sso'],
    ['deployed', 'local'],
    ['deployed', ''],
    ['', 'sso'],
  ])('%j with %j is a mistake that names both variables', (deployment, signIn) => {
    const pair = { CLOUDGRID_DEPLOYMENT_MODE: deployment, CLOUDGRID_AUTH_MODE: signIn };
    const mistakes = mistakesOf({ ...smallDeployment, ...pair });
    expect(Object.keys(mistakes)).toEqual(['CLOUDGRID_DEPLOYMENT_MODE']);
    expect(mistakes['CLOUDGRID_DEPLOYMENT_MODE']).toContain('CLOUDGRID_AUTH_MODE');
  });

  test.each([
    'CLOUDGRID_AUTH_PROVIDERS',
    'CLOUDGRID_AUTH_COMPANY_ID',
    'CLOUDGRID_AUTH_GITHUB_CLIENT_SECRET_FILE',
    'CLOUDGRID_SESSION_SECRET',
    'CLOUDGRID_SESSION_SECRET_FILE',
    'CLOUDGRID_SESSION_TTL_SECONDS',
    'MS_CLIENT_ID',
    'MS_CLIENT_SECRET_FILE',
    'MS_TENANT_ID',
    'AUTH_POLICY',
    'AUTH_ALLOWED_EMAIL_DOMAINS',
    'AUTH_ALLOWED_GROUPS',
  ])('%s is a mistake where nobody signs in', (name) => {
    const mistakes = mistakesOf({ [name]: 'x' });
    expect(Object.keys(mistakes)).toEqual([name]);
    expect(mistakes[name]).toContain('CLOUDGRID_DEPLOYMENT_MODE');
    expect(mistakesOf({ [name]: '' })).toEqual({});
  });

  test.each(['0.0.0.0', '::', '10.0.0.1', 'gate.example', 'localhost.example'])(
    'a server without sign-in does not listen on %s',
    (host) => {
      const mistakes = mistakesOf({
        CLOUDGRID_BFF_HOST: host,
        CLOUD_INTERNAL_API_TOKEN: sessionSecret,
        INTERNAL_HOST: host,
      });
      expect(Object.keys(mistakes).toSorted()).toEqual(['CLOUDGRID_BFF_HOST', 'INTERNAL_HOST']);
      expect(mistakes['CLOUDGRID_BFF_HOST']).toContain('CLOUDGRID_DEPLOYMENT_MODE');
    },
  );

  test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost', 'gate.localhost'])('but it does on %s', (host) => {
    expect(readCloudConfig({ CLOUDGRID_BFF_HOST: host }, files).bind.host).toBe(host);
  });

  test('a server without sign-in has no public address and trusts no proxy', () => {
    const names = ['API_PUBLIC_URL', 'APP_BASE_URL', 'CLOUDGRID_PUBLIC_URL'];
    const mistakes = mistakesOf(Object.fromEntries(names.map((name) => [name, 'https://gate.example'])));
    expect(Object.keys(mistakes).toSorted()).toEqual(names);
    const config = readCloudConfig({ TRUSTED_PROXIES: '10.0.0.1', CLOUDGRID_BFF_PORT: '3100' }, files);
    expect(config.trustedProxies).toEqual([]);
    expect(config.addresses.publicOrigin.href).toBe('http://localhost:3100/');
    expect(config.warnings).toHaveLength(1);
  });

  test('after a mistake in the pair the rest is checked as the deployment that was meant', () => {
    const names = Object.keys(
      mistakesOf({ CLOUDGRID_DEPLOYMENT_MODE: 'deployd', CLOUDGRID_SESSION_SECRET: 'short' }),
    );
    expect(names).toEqual([
      'CLOUDGRID_DEPLOYMENT_MODE',
      'CLOUDGRID_AUTH_PROVIDERS',
      'CLOUDGRID_SESSION_SECRET',
    ]);
    expect(Object.keys(mistakesOf({ CLOUDGRID_DEPLOYMENT_MODE: 'lokal' }))).toEqual([
      'CLOUDGRID_DEPLOYMENT_MODE',
    ]);
  });
});

describe('names', () => {
  test.each([
    ['CLOUDGRID_SESION_SECRET', 'Did you mean CLOUDGRID_SESSION_SECRET?'],
    ['CLOUDGRID_AUTH_PROVIDRES', 'Did you mean CLOUDGRID_AUTH_PROVIDERS?'],
    ['CLOUDGRID_SESSION_SECRET_FIEL', 'Did you mean CLOUDGRID_SESSION_SECRET_FILE?'],
    ['CLOUDGRID_COLOUR', 'is unknown.'],
    ['CLOUDGRID_AUTH_PROVIDERS_FILE', 'only secrets are read from files'],
    ['MS_CLIENTID', 'Did you mean MS_CLIENT_ID?'],
    ['MS_CLEINT_SECRET', 'Did you mean MS_CLIENT_SECRET?'],
    ['MS_CLIENT_SECRET_FILES', 'Did you mean MS_CLIENT_SECRET_FILE?'],
    ['AUTH_POLICIE', 'Did you mean AUTH_POLICY?'],
    ['AUTH_ALLOWED_EMAIL_DOMAIN', 'Did you mean AUTH_ALLOWED_EMAIL_DOMAINS?'],
  ])('%s is a mistake', (name, says) => {
    const mistakes = mistakesOf({ ...smallDeployment, [name]: 'x' });
    expect(Object.keys(mistakes)).toEqual([name]);
    expect(mistakes[name]).toContain(says);
    expect(mistakesOf({ ...smallDeployment, [name]: ' ' })).toEqual({});
  });

  test.each(['MS_TENANT_ID', 'MS_EDGE_PATH', 'AUTH_TOKEN', 'AUTH_POLICIES', 'DATABASE_URI', 'PATH'])(
    '%s is another program’s',
    (name) => {
      expect(mistakesOf({ ...smallDeployment, [name]: 'x' })).toEqual({});
    },
  );

  test('a name is printed without what a terminal would obey', () => {
    expect(Object.keys(mistakesOf({ 'CLOUDGRID_\u001b[2J\n': 'x' }))).toEqual(['CLOUDGRID_?[2J?']);
  });
});

describe('a secret from a file', () => {
  const withoutSecret = { ...smallDeployment, CLOUDGRID_SESSION_SECRET: '' };

  test('is its content without the line end', () => {
    const config = ssoConfigOf({ ...withoutSecret, CLOUDGRID_SESSION_SECRET_FILE: '/run/secret' });
    expect(config.session.secrets.map((secret) => secret.reveal())).toEqual([secretOnDisk]);
  });

  test.each(['/run/none', '/run/empty'])('is a mistake of the file’s variable when %s holds none', (path) => {
    const mistakes = mistakesOf({ ...withoutSecret, CLOUDGRID_SESSION_SECRET_FILE: path });
    expect(Object.keys(mistakes)).toEqual(['CLOUDGRID_SESSION_SECRET_FILE']);
    expect(Object.values(mistakes).join('')).not.toContain(path);
  });

  test('is checked like one that is given directly', () => {
    const mistakes = mistakesOf({ ...withoutSecret, CLOUDGRID_SESSION_SECRET_FILE: '/run/short' });
    expect(mistakes['CLOUDGRID_SESSION_SECRET']).toContain('is shorter than 32 bytes');
  });

  test('is a mistake beside the same secret given directly', () => {
    const mistakes = mistakesOf({ ...smallDeployment, CLOUDGRID_SESSION_SECRET_FILE: '/run/secret' });
    expect(mistakes['CLOUDGRID_SESSION_SECRET']).toContain('CLOUDGRID_SESSION_SECRET_FILE');
  });
});

describe('addresses', () => {
  test('redirect URIs on two origins are a mistake that names both variables', () => {
    const apart = { ...fullDeployment, MS_CLIENT_ID: '', MS_CLIENT_SECRET: '', API_PUBLIC_URL: '' };
    const mistakes = mistakesOf({
      ...apart,
      CLOUDGRID_AUTH_AZURE_REDIRECT_URI: 'https://b.example/auth/callback',
    });
    expect(Object.keys(mistakes)).toEqual(['CLOUDGRID_AUTH_AZURE_REDIRECT_URI']);
    expect(mistakes['CLOUDGRID_AUTH_AZURE_REDIRECT_URI']).toContain('CLOUDGRID_AUTH_GOOGLE_REDIRECT_URI');
  });

  test('the public address and the redirect URI are on one origin unless the server has an address of its own', () => {
    const elsewhere = { ...smallDeployment, CLOUDGRID_PUBLIC_URL: 'https://mail.example' };
    const mistakes = mistakesOf(elsewhere);
    expect(Object.keys(mistakes)).toEqual(['CLOUDGRID_AUTH_GITHUB_REDIRECT_URI']);
    expect(mistakes['CLOUDGRID_AUTH_GITHUB_REDIRECT_URI']).toContain('API_PUBLIC_URL');
    expect(mistakesOf({ ...elsewhere, API_PUBLIC_URL: 'https://gate.example' })).toEqual({});
  });

  test('mails lead to the application where no other address is set', () => {
    const { addresses } = ssoConfigOf(microsoftDeployment);
    expect(addresses.publicUrl.origin).toBe('https://app.example');
    expect(addresses.publicOrigin.origin).toBe('https://gate.example');
  });

  test('all listeners have ports of their own, except that 0 is any', () => {
    const ports = { CLOUD_INTERNAL_API_TOKEN: sessionSecret, INTERNAL_PORT: '3100', METRICS_PORT: '3100' };
    expect(Object.keys(mistakesOf({ ...smallDeployment, ...ports }))).toEqual(['METRICS_PORT']);
    const any = { ...ports, CLOUDGRID_BFF_PORT: '0', INTERNAL_PORT: '0', METRICS_PORT: '0' };
    expect(mistakesOf({ ...smallDeployment, ...any })).toEqual({});
  });
});

describe('warnings', () => {
  const quiet: Environment = { ...fullDeployment };

  test('a full deployment has none', () => {
    expect(readCloudConfig(quiet, files).warnings).toEqual([]);
  });

  test.each<readonly [string, Environment]>([
    ['HTTP_READ_BUFFER_BYTES', { HTTP_READ_BUFFER_BYTES: '16383' }],
    ['HTTP_WRITE_BUFFER_BYTES', { HTTP_WRITE_BUFFER_BYTES: '8192' }],
    ['DATABASE_URL', { DATABASE_URL: '' }],
    ['CLOUDGRID_AUTH_AZURE_ISSUER', { CLOUDGRID_AUTH_PROVIDERS: 'google,github' }],
    ['CLOUDGRID_AUTH_GITHUB_API_URL', { CLOUDGRID_AUTH_GITHUB_API_URL: 'https://ghe.example/api/v3' }],
    ['INTERNAL_PORT', { CLOUD_INTERNAL_API_TOKEN: '', INTERNAL_PORT: '3100' }],
    ['CLOUDGRID_INVITATION_EMAIL_FROM', { CLOUDGRID_INVITATION_EMAIL_SMTP_HOST: '' }],
    ['CLOUDGRID_INVITATION_EMAIL_SMTP_TLS', { CLOUDGRID_INVITATION_EMAIL_SMTP_TLS: 'none' }],
  ])('%s is warned of', (name, part) => {
    const { warnings } = readCloudConfig({ ...quiet, ...part }, files);
    expect(warnings.map((warning) => warning.split(' ')[0])).toEqual([name]);
  });
});

test.each([
  [{ CLOUDGRID_INVITATION_EMAIL_MODE: 'disabled' }, true],
  [{ CLOUDGRID_INVITATION_EMAIL_MODE: '' }, false],
])('mail that is switched off is told from mail that was never set up: %o', (variables, isDeliberate) => {
  const { mail } = readCloudConfig({ ...smallDeployment, ...variables });
  expect(mail).toEqual({ kind: 'disabled', isDeliberate });
});
