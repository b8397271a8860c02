import { databasePart } from './build-doctor-database.ts';
import type { CloudConfig, SsoConfig } from './config/cloud-config.ts';
import type { PlatformProvider } from './config/providers.ts';
import { addressChecks } from './doctor/addresses.ts';
import { checkBreachedList } from './credential/index.ts';
import { aroundChecks } from './doctor/around.ts';
import { bufferChecks } from './doctor/buffers.ts';
import { certificateChecks } from './doctor/certificate.ts';
import type { Check } from './doctor/check.ts';
import { openGroup } from './doctor/check.ts';
import { environmentChecks } from './doctor/configuration.ts';
import type { Part } from './doctor/examine.ts';
import { gitHubChecks } from './doctor/github.ts';
import { openIdChecks } from './doctor/open-id.ts';
import type { OpenIdTarget } from './doctor/open-id.ts';
import { portChecks } from './doctor/ports.ts';
import type { ProbeDeps } from './doctor/probe.ts';
import { secretCheck } from './doctor/secrets.ts';
import { certificateEnd, connects } from './doctor/sockets.ts';
import { houseCookies } from './http/cookies.ts';
import { endsAsDatabase } from './http/places.ts';
import { systemClock } from './kernel/clock.ts';
import { openOutbound } from './kernel/outbound.ts';
import { greetServer } from './mail/index.ts';
import { entraRules } from './provider/entra.ts';

const mailPatienceMs = 10_000;

/** What there is to look at in this configuration, in the order of the report. Nothing is looked at yet. */
export function buildDoctor(config: CloudConfig): readonly Part[] {
  const probes: ProbeDeps = { outbound: openOutbound(), clock: systemClock, certificateEnd };
  const { mode, warnings, http } = config;
  const plain = [
    ...environmentChecks(mode, warnings),
    ...secretChecks(config),
    ...bufferChecks(http.readBufferBytes, http.writeBufferBytes),
  ];
  return [
    { group: 'configuration', look: () => Promise.resolve(plain) },
    databasePart(config, systemClock),
    { group: 'addresses', look: () => lookAtAddresses(config, probes) },
    ...providerParts(config, probes),
    { group: 'surroundings', look: () => aroundChecks(aroundOf(config), connects) },
  ];
}

function secretChecks(config: CloudConfig): readonly Check[] {
  const { secretsKeys, internal } = config;
  const session = config.mode === 'sso' ? config.session.secrets : [];
  const lists = [
    { variable: 'CLOUDGRID_SESSION_SECRET', secrets: session },
    { variable: 'SECRETS_KEY', secrets: secretsKeys.kind === 'given' ? secretsKeys.keys : [] },
    { variable: 'CLOUD_INTERNAL_API_TOKEN', secrets: internal?.tokens ?? [] },
  ];
  const given = lists.filter(({ secrets }) => secrets.length > 0).map(secretCheck);
  if (secretsKeys.kind === 'given') return given;
  return [...given, openGroup('secrets').ok('SECRETS_KEY', 'made and kept in DATA_DIR')];
}

async function lookAtAddresses(config: CloudConfig, probes: ProbeDeps): Promise<readonly Check[]> {
  const { addresses, bind, metricsPort, trustedProxies } = config;
  const { session, attempt } = houseCookies(addresses.publicOrigin);
  const checks = addressChecks({
    ...addresses,
    bind,
    trustedProxies,
    cookieNames: [session.name, attempt.name],
    redirects: config.mode === 'sso' ? redirectsOf(config) : [],
  });
  const ports = { CLOUDGRID_BFF_PORT: bind.port, ...(metricsPort && { METRICS_PORT: metricsPort }) };
  const [taken, certificate] = await Promise.all([
    portChecks(bind.host, ports, connects),
    certificateChecks(openGroup('addresses'), addresses.publicOrigin, probes),
  ]);
  return [...checks, ...taken, ...certificate];
}

function redirectsOf({ providers, microsoft }: SsoConfig) {
  return [
    ...providers.map(({ kind, redirectUri }) => ({ provider: kind, redirectUri })),
    ...(microsoft === undefined ? [] : [{ provider: 'microsoft', redirectUri: microsoft.redirectUri }]),
  ];
}

function providerParts(config: CloudConfig, probes: ProbeDeps): readonly Part[] {
  if (config.mode === 'local') {
    const nobody = openGroup('providers').skipped('providers', 'none: nobody signs in here');
    return [{ group: 'providers', look: () => Promise.resolve([nobody]) }];
  }
  const { microsoft, entraAuthority } = config;
  const listed = config.providers.map((provider): Part => ({
    group: provider.kind,
    look: () =>
      provider.kind === 'github'
        ? gitHubChecks(provider, probes)
        : openIdChecks(openIdTarget(provider), probes),
  }));
  if (microsoft === undefined) return listed;
  const target = entraTarget('microsoft', { ...microsoft, issuer: `${entraAuthority}/common/v2.0` });
  return [...listed, { group: target.name, look: () => openIdChecks(target, probes) }];
}

function openIdTarget(provider: Exclude<PlatformProvider, { kind: 'github' }>): OpenIdTarget {
  if (provider.kind === 'azure') return entraTarget('azure', provider);
  return {
    ...provider,
    name: 'google',
    documentIssuers: [provider.issuer],
    variables: {
      issuer: 'CLOUDGRID_AUTH_GOOGLE_ISSUER',
      keys: 'CLOUDGRID_AUTH_GOOGLE_JWKS_URL',
      client: 'CLOUDGRID_AUTH_GOOGLE',
    },
  };
}

const entraVariables = {
  azure: {
    issuer: 'CLOUDGRID_AUTH_AZURE_ISSUER',
    keys: 'CLOUDGRID_AUTH_AZURE_JWKS_URL',
    client: 'CLOUDGRID_AUTH_AZURE',
  },
  microsoft: { issuer: 'MS_AUTHORITY_HOST', keys: 'MS_AUTHORITY_HOST', client: 'MS' },
} as const;

type EntraClient = Pick<OpenIdTarget, 'issuer' | 'clientId' | 'clientSecret' | 'jwksUrl'>;

function entraTarget(name: keyof typeof entraVariables, client: EntraClient): OpenIdTarget {
  return {
    ...client,
    name,
    documentIssuers: entraRules(client).documentIssuers,
    variables: entraVariables[name],
  };
}

function aroundOf({ upstreamUrl, geoipFile, breachedPasswordsFile: breached, mail }: CloudConfig) {
  const greet = mail.kind === 'smtp' && (() => greetServer(mail.server, AbortSignal.timeout(mailPatienceMs)));
  return {
    ...(greet && { greetMailServer: greet }),
    ...(upstreamUrl === undefined ? {} : { upstreamUrl }),
    ...(geoipFile === undefined ? {} : { openPlaces: () => endsAsDatabase(geoipFile) }),
    ...(breached === undefined ? {} : { openBreached: () => checkBreachedList(breached) }),
  };
}
