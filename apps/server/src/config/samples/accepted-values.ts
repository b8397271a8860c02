import type { Environment } from '../environment.ts';
import type { CloudVariable } from '../variables.ts';
import { sessionSecret, wrappingKey } from './environments.ts';
import { acceptedTelemetry } from './telemetry-values.ts';

/** A value, where it ends up in the configuration, as what, and what it is given with besides a full deployment. */
export type Accepted = readonly [given: string, at: string, means: unknown, within?: Environment];

const otherSecret = '0123456789abcdef0123456789abcdef';
const urlSafeKey = Buffer.alloc(32, 0xfb).toString('base64url');
const standardKey = Buffer.alloc(32, 0xfb).toString('base64');
const noApi: Environment = { API_PUBLIC_URL: '', MS_CLIENT_ID: '', MS_CLIENT_SECRET: '' };
const onLoopback: Environment = {
  CLOUDGRID_AUTH_PROVIDERS: '',
  APP_BASE_URL: 'http://localhost:5173',
};

export const accepted: Readonly<Record<CloudVariable, readonly Accepted[]>> = {
  CLOUDGRID_DEPLOYMENT_MODE: [
    ['deployed', 'mode', 'sso'],
    [' deployed\r', 'mode', 'sso'],
  ],
  CLOUDGRID_AUTH_MODE: [['sso', 'mode', 'sso']],
  CLOUDGRID_BFF_HOST: [
    ['127.0.0.1', 'bind.host', '127.0.0.1'],
    ['::', 'bind.host', '::'],
    ['localhost', 'bind.host', 'localhost'],
  ],
  CLOUDGRID_BFF_PORT: [
    ['8080', 'bind.port', 8080],
    ['0', 'bind.port', 0],
  ],
  METRICS_PORT: [['9090', 'metricsPort', 9090]],
  API_PUBLIC_URL: [
    ['https://gate.example/', 'addresses.publicOrigin', 'https://gate.example/'],
    ['https://GATE.example:443', 'addresses.publicOrigin', 'https://gate.example/'],
    ['http://localhost:3000', 'addresses.publicOrigin', 'http://localhost:3000/', onLoopback],
    ['http://gate.localhost:3000', 'addresses.publicOrigin', 'http://gate.localhost:3000/', onLoopback],
    ['http://127.8.9.1', 'addresses.publicOrigin', 'http://127.8.9.1/', onLoopback],
    [
      'http://[::1]:3000',
      'microsoft.redirectUri',
      'http://[::1]:3000/api/v1/auth/microsoft/callback',
      onLoopback,
    ],
  ],
  APP_BASE_URL: [
    ['https://spa.example', 'addresses.appBaseUrl', 'https://spa.example/'],
    ['https://spa.example/', 'addresses.publicUrl', 'https://spa.example/'],
  ],
  CLOUDGRID_PUBLIC_URL: [
    ['https://mail.example', 'addresses.publicUrl', 'https://mail.example/'],
    ['https://gate.example', 'addresses.publicOrigin', 'https://gate.example/', noApi],
  ],
  CLOUDGRID_AUTH_COMPANY_ID: [['acme-2', 'company.slug', 'acme-2']],
  CLOUDGRID_AUTH_BOOTSTRAP_EMAIL: [['Ada@ACME.example', 'company.bootstrapEmail', 'ada@acme.example']],
  AUTH_POLICY: [
    ['restricted', 'policy.kind', 'restricted'],
    ['standard', 'policy.kind', 'standard', { AUTH_ALLOWED_EMAIL_DOMAINS: '' }],
    ['', 'policy.kind', 'sso', { AUTH_ALLOWED_EMAIL_DOMAINS: '' }],
  ],
  AUTH_ALLOWED_EMAIL_DOMAINS: [
    ['Acme.Example, bücher.example', 'policy.allowedDomains', ['acme.example', 'xn--bcher-kva.example']],
  ],
  CLOUDGRID_AUTH_PROVIDERS: [
    ['azure , github', 'providers.0.kind', 'azure'],
    ['azure , github', 'providers.1.kind', 'github'],
    ['', 'providers', []],
  ],
  CLOUDGRID_AUTH_GITHUB_CLIENT_ID: [['Iv1.abc', 'providers.1.clientId', 'Iv1.abc']],
  CLOUDGRID_AUTH_GITHUB_CLIENT_SECRET: [['s,e c', 'providers.1.clientSecret', 's,e c']],
  CLOUDGRID_AUTH_GITHUB_REDIRECT_URI: [
    ['https://gate.example/auth/callback', 'providers.1.redirectUri', 'https://gate.example/auth/callback'],
  ],
  CLOUDGRID_AUTH_GITHUB_BASE_URL: [
    ['https://ghe.example/code/', 'providers.1.baseUrl', 'https://ghe.example/code'],
    ['https://ghe.example/code', 'providers.1.apiUrl', 'https://ghe.example/code/api/v3'],
    ['https://github.com/', 'providers.1.apiUrl', 'https://api.github.com'],
    ['http://localhost:5001/github', 'providers.1.baseUrl', 'http://localhost:5001/github'],
  ],
  CLOUDGRID_AUTH_GITHUB_API_URL: [
    [
      'https://api.ghe.example',
      'providers.1.apiUrl',
      'https://api.ghe.example',
      { CLOUDGRID_AUTH_GITHUB_BASE_URL: 'https://ghe.example' },
    ],
  ],
  CLOUDGRID_AUTH_GOOGLE_ISSUER: [
    ['', 'providers.0.issuer', 'https://accounts.google.com'],
    ['https://idp.example/realm/', 'providers.0.issuer', 'https://idp.example/realm/'],
    ['http://127.0.0.1:5002', 'providers.0.issuer', 'http://127.0.0.1:5002'],
  ],
  CLOUDGRID_AUTH_GOOGLE_CLIENT_ID: [
    ['1.apps.example', 'providers.0.clientId', '1.apps.example'],
    ['1.apps.example', 'providers.0.audience', '1.apps.example'],
  ],
  CLOUDGRID_AUTH_GOOGLE_CLIENT_SECRET: [['GOCSPX-1', 'providers.0.clientSecret', 'GOCSPX-1']],
  CLOUDGRID_AUTH_GOOGLE_REDIRECT_URI: [
    ['https://gate.example/auth/callback', 'providers.0.redirectUri', 'https://gate.example/auth/callback'],
  ],
  CLOUDGRID_AUTH_GOOGLE_AUDIENCE: [['other', 'providers.0.audience', 'other']],
  CLOUDGRID_AUTH_GOOGLE_JWKS_URL: [
    ['https://keys.example/certs?v=3', 'providers.0.jwksUrl', 'https://keys.example/certs?v=3'],
    ['', 'providers.0.jwksUrl', undefined],
  ],
  CLOUDGRID_AUTH_AZURE_ISSUER: [
    ['https://login.example/entra/6d3b/v2.0', 'providers.2.issuer', 'https://login.example/entra/6d3b/v2.0'],
    ['https://login.microsoftonline.com/6d3b/v2.0', 'providers.2.directory', 'one'],
    ['https://login.microsoftonline.com/Common/v2.0', 'providers.2.directory', 'many'],
  ],
  CLOUDGRID_AUTH_AZURE_CLIENT_ID: [['app-1', 'providers.2.audience', 'app-1']],
  CLOUDGRID_AUTH_AZURE_CLIENT_SECRET: [['Q~8', 'providers.2.clientSecret', 'Q~8']],
  CLOUDGRID_AUTH_AZURE_REDIRECT_URI: [
    ['https://gate.example/auth/callback', 'providers.2.redirectUri', 'https://gate.example/auth/callback'],
  ],
  CLOUDGRID_AUTH_AZURE_AUDIENCE: [['other', 'providers.2.audience', 'other']],
  CLOUDGRID_AUTH_AZURE_JWKS_URL: [
    ['https://keys.example/certs', 'providers.2.jwksUrl', 'https://keys.example/certs'],
  ],
  CLOUDGRID_AUTH_AZURE_EMAIL_DOMAINS: [
    ['ACME.example,acme.test', 'providers.2.emailDomains', ['acme.example', 'acme.test']],
  ],
  MS_CLIENT_ID: [['app-2', 'microsoft.clientId', 'app-2']],
  MS_CLIENT_SECRET: [['Q~9', 'microsoft.clientSecret', 'Q~9']],
  MS_AUTHORITY_HOST: [
    ['', 'entraAuthority', 'https://login.microsoftonline.com'],
    ['https://login.microsoftonline.us/', 'entraAuthority', 'https://login.microsoftonline.us'],
    ['https://entra.example/cloud', 'entraAuthority', 'https://entra.example/cloud'],
  ],
  CLOUDGRID_SESSION_SECRET: [
    [`${otherSecret}, ${sessionSecret}`, 'session.secrets', [otherSecret, sessionSecret]],
    ['é'.repeat(16), 'session.secrets', ['é'.repeat(16)]],
  ],
  CLOUDGRID_SESSION_TTL_SECONDS: [
    ['3600', 'session.ttlMs', 3_600_000],
    ['', 'session.ttlMs', 28_800_000],
  ],
  CLOUDGRID_SESSION_IDLE_SECONDS: [
    ['28800', 'session.idleMs', 28_800_000],
    ['', 'session.idleMs', undefined],
  ],
  ACCESS_TOKEN_EXPIRE_MINUTES: [
    ['60', 'tokens.accessTtlMs', 3_600_000],
    ['', 'tokens.accessTtlMs', 900_000],
  ],
  REFRESH_TOKEN_EXPIRE_DAYS: [
    ['1', 'tokens.refreshTtlMs', 86_400_000],
    ['', 'tokens.refreshTtlMs', 604_800_000],
  ],
  REFRESH_COOKIE_SAMESITE: [
    ['none', 'tokens.refreshCookieSameSite', 'none'],
    ['strict', 'tokens.refreshCookieSameSite', 'strict'],
    ['', 'tokens.refreshCookieSameSite', 'lax'],
  ],
  DATABASE_URL: [
    ['postgresql://u:p@db/x?sslmode=require', 'database.url', 'postgresql://u:p@db/x?sslmode=require'],
    ['', 'database', { kind: 'embedded', dataDir: '.data/cloud' }],
  ],
  DATABASE_MIGRATION_URL: [['postgres://owner@db/x', 'database.migrationUrl', 'postgres://owner@db/x']],
  DATA_DIR: [['/var/lib/gate', 'dataDir', '/var/lib/gate']],
  SECRETS_KEY: [
    [wrappingKey, 'secretsKeys', { kind: 'given', keys: [wrappingKey] }],
    [`${urlSafeKey},${wrappingKey}`, 'secretsKeys.keys', [standardKey, wrappingKey]],
    ['', 'secretsKeys', { kind: 'kept', dataDir: '.data/cloud' }, { DATABASE_URL: '' }],
  ],
  CLOUDGRID_INVITATION_EMAIL_MODE: [
    ['smtp', 'mail.kind', 'smtp'],
    ['disabled', 'mail', { kind: 'disabled', isDeliberate: true }],
    ['', 'mail.kind', 'smtp'],
  ],
  CLOUDGRID_INVITATION_EMAIL_REQUIRE_DELIVERY: [
    ['false', 'mail.requireDelivery', false],
    ['', 'mail.requireDelivery', true],
  ],
  CLOUDGRID_INVITATION_EMAIL_FROM: [
    ['Gate@acme.example', 'mail.from', { address: 'gate@acme.example' }],
    ['The Gate <gate@acme.example>', 'mail.from', { address: 'gate@acme.example', name: 'The Gate' }],
    ['"Gate, The" <gate@acme.example>', 'mail.from', { address: 'gate@acme.example', name: 'Gate, The' }],
  ],
  CLOUDGRID_INVITATION_EMAIL_REPLY_TO: [
    ['help@acme.example', 'mail.replyTo', { address: 'help@acme.example' }],
  ],
  CLOUDGRID_INVITATION_EMAIL_SMTP_HOST: [['10.0.0.9', 'mail.server.host', '10.0.0.9']],
  CLOUDGRID_INVITATION_EMAIL_SMTP_PORT: [
    ['2525', 'mail.server.port', 2525],
    ['', 'mail.server.port', 587],
  ],
  CLOUDGRID_INVITATION_EMAIL_SMTP_TLS: [
    ['tls', 'mail.server.port', 465],
    ['none', 'mail.server.port', 25],
    ['', 'mail.server.tls', 'starttls'],
  ],
  CLOUDGRID_INVITATION_EMAIL_SMTP_USERNAME: [['gate', 'mail.server.login.username', 'gate']],
  CLOUDGRID_INVITATION_EMAIL_SMTP_PASSWORD: [['p w', 'mail.server.login.password', 'p w']],
  CLOUDGRID_INVITATION_EMAIL_SMTP_TIMEOUT_MS: [['1000', 'mail.server.timeoutMs', 1000]],
  CLOUDGRID_INVITATION_EMAIL_MAX_ATTEMPTS: [['20', 'mail.maxAttempts', 20]],
  CLOUDGRID_INVITATION_EMAIL_RETRY_BASE_SECONDS: [['5', 'mail.retryBaseMs', 5000]],
  TRUSTED_PROXIES: [
    ['10.0.0.1, 10.1.0.0/16,fd00::/8', 'trustedProxies', ['10.0.0.1/32', '10.1.0.0/16', 'fd00::/8']],
  ],
  OUTBOUND_ALLOWED: [
    ['Keycloak.internal', 'outboundAllowed', [{ kind: 'host', host: 'keycloak.internal' }]],
    ['10.0.0.0/8', 'outboundAllowed', [{ kind: 'range', address: '10.0.0.0', prefix: 8, family: 'ipv4' }]],
    ['fd12::7', 'outboundAllowed', [{ kind: 'range', address: 'fd12::7', prefix: 128, family: 'ipv6' }]],
  ],
  DNS_SERVERS: [
    ['10.0.0.2:5353,fd00::2,[fd00::3]:53', 'dnsServers', ['10.0.0.2:5353', 'fd00::2', '[fd00::3]:53']],
  ],
  UPSTREAM_URL: [['http://app.internal:8000', 'upstreamUrl', 'http://app.internal:8000/']],
  CLOUD_INTERNAL_API_TOKEN: [
    [otherSecret, 'internal.tokens', [otherSecret]],
    ['', 'internal', undefined],
  ],
  INTERNAL_HOST: [['10.0.0.3', 'internal.bind.host', '10.0.0.3']],
  INTERNAL_PORT: [
    ['3100', 'internal.bind.port', 3100],
    ['', 'internal.bind.port', 3001],
  ],
  HTTP_READ_BUFFER_BYTES: [
    ['16384', 'http.readBufferBytes', 16_384, { NODE_ENV: 'production' }],
    ['', 'http.readBufferBytes', 65_536],
  ],
  HTTP_WRITE_BUFFER_BYTES: [['1024', 'http.writeBufferBytes', 1024]],
  NODE_ENV: [['production', 'mode', 'sso']],
  CLOUDGRID_LOG_LEVEL: [['silent', 'logLevel', 'silent']],
  CLOUDGRID_WORKERS: [['4', 'workers', 4]],
  INVITATION_TTL_DAYS: [['30', 'invitationTtlDays', 30]],
  BREACHED_PASSWORDS_FILE: [['/srv/list', 'breachedPasswordsFile', '/srv/list']],
  ...acceptedTelemetry,
  GEOIP_FILE: [['/srv/list', 'geoipFile', '/srv/list']],
};
