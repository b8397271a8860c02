import { readAddresses, readLocalAddresses } from './addresses.ts';
import type { Addresses } from './addresses.ts';
import { readCompany, readPolicy } from './admission.ts';
import type { CloudConfig, CommonConfig, LocalConfig, SignInConfig, SsoConfig } from './cloud-config.ts';
import { ConfigError } from './config-error.ts';
import { diskFiles } from './environment.ts';
import type { ConfigFiles, Environment } from './environment.ts';
import { readHttpBuffers } from './http.ts';
import { refuseUnknownNames } from './known-names.ts';
import { readBind, readInternal, readMetricsPort, refuseSharedPorts } from './listeners.ts';
import type { Bind } from './listeners.ts';
import { readMail } from './mail.ts';
import { readEntraAuthority, readMicrosoftApp } from './microsoft.ts';
import { readMode } from './mode.ts';
import type { Mode } from './mode.ts';
import { readDnsServers, readOutboundAllowed, readTrustedProxies, readUpstream } from './network.ts';
import { present, whole } from './parts.ts';
import { readProviders } from './providers.ts';
import { openReading } from './reading.ts';
import type { Reading } from './reading.ts';
import { readRunning } from './running.ts';
import { readSession } from './session.ts';
import { readDataDir, readDatabase, readSecretsKeys } from './storage.ts';
import { readTelemetry } from './telemetry.ts';
import { readTokens } from './tokens.ts';
import { cloudVariables } from './variables.ts';
import type { CloudVariable } from './variables.ts';

type CloudReading = Reading<CloudVariable>;
type WithoutWarnings<T> = Omit<T, 'warnings'>;

/**
 * The whole environment of the Cloud Backend, read once. Throws `ConfigError` with every mistake in it. Beyond the
 * environment it looks only at files that the environment names.
 */
export function readCloudConfig(environment: Environment, files: ConfigFiles = diskFiles): CloudConfig {
  const source = { environment, table: cloudVariables, files };
  const { reading, findings } = openReading<CloudVariable>(source);
  refuseUnknownNames(reading, cloudVariables);
  const mode = readMode(reading);
  const config = mode === 'local' ? readLocal(reading, files) : readSso(reading, files);
  if (findings.mistakes.length > 0) throw new ConfigError(findings.mistakes);
  if (config === undefined)
    throw new Error('a part of the configuration is missing, and no mistake says why');
  return freezeAll({ ...config, warnings: [...findings.warnings] });
}

function readLocal(reading: CloudReading, files: ConfigFiles): WithoutWarnings<LocalConfig> | undefined {
  const mode = 'local';
  const bind = readBind(reading, mode);
  const addresses = readLocalAddresses(reading, bind);
  readTokens(reading, undefined);
  const common = readCommon(reading, files, { mode, bind, addresses });
  return common && { mode, ...common };
}

function readSso(reading: CloudReading, files: ConfigFiles): WithoutWarnings<SsoConfig> | undefined {
  const mode = 'sso';
  const bind = readBind(reading, mode);
  const { signIn, addresses } = readSignIn(reading);
  const common = readCommon(reading, files, { mode, bind, addresses });
  if (common?.database.kind === 'embedded') {
    reading.warn(
      'DATABASE_URL',
      'is not set: the data is in DATA_DIR of this machine, and one server is all there is.',
    );
  }
  return common && signIn && { mode, ...common, ...signIn };
}

type SignInFindings = {
  readonly signIn: SignInConfig | undefined;
  readonly addresses: Addresses | undefined;
};

function readSignIn(reading: CloudReading): SignInFindings {
  const hasMicrosoft = reading.isGiven('MS_CLIENT_ID');
  const app = readMicrosoftApp(reading);
  const { providers, redirects } = readProviders(reading, hasMicrosoft);
  const addresses = readAddresses(reading, { hasMicrosoft, redirects });
  const company = readCompany(reading);
  const required = whole({
    providers,
    entraAuthority: readEntraAuthority(reading),
    session: readSession(reading),
    tokens: readTokens(reading, addresses?.publicOrigin),
    policy: readPolicy(reading),
  });
  if (required === undefined || addresses === undefined) return { signIn: undefined, addresses };
  const redirectUri = new URL('/api/v1/auth/microsoft/callback', addresses.publicOrigin);
  const microsoft = app && { ...app, redirectUri };
  return { signIn: { ...required, ...present({ microsoft, company }) }, addresses };
}

type CommonFacts = {
  readonly mode: Mode;
  readonly bind: Bind | undefined;
  readonly addresses: Addresses | undefined;
};

function readCommon(
  reading: CloudReading,
  files: ConfigFiles,
  { mode, bind, addresses }: CommonFacts,
): WithoutWarnings<CommonConfig> | undefined {
  const dataDir = readDataDir(reading);
  const internal = readInternal(reading, mode);
  const metricsPort = readMetricsPort(reading);
  const telemetry = readTelemetry(reading);
  const upstreamUrl = readUpstream(reading, addresses);
  refuseSharedPorts(reading, { bind, internal, metricsPort });
  const running = readRunning(reading, files);
  const required = whole({
    bind,
    addresses,
    http: readHttpBuffers(reading),
    dataDir,
    database: readDatabase(reading, dataDir),
    secretsKeys: readSecretsKeys(reading, { mode, dataDir }),
    mail: readMail(reading),
    trustedProxies: readTrustedProxies(reading, mode),
    outboundAllowed: readOutboundAllowed(reading),
    dnsServers: readDnsServers(reading),
  });
  return (
    required &&
    running && { ...required, ...running, ...present({ internal, metricsPort, telemetry, upstreamUrl }) }
  );
}

/** Down to the addresses and secrets, which are not plain values. */
function freezeAll<T extends object>(value: T): T {
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain) return value;
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) freezeAll(part);
  }
  return Object.freeze(value);
}
