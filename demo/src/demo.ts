import { createWriteStream } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { buildCloud } from '@gatehouse/server/build-cloud.ts';
import type { Cloud } from '@gatehouse/server/build-cloud.ts';
import type { CloudConfig } from '@gatehouse/server/config/cloud-config.ts';
import { ConfigError } from '@gatehouse/server/config/config-error.ts';
import { readCloudConfig } from '@gatehouse/server/config/read-cloud-config.ts';
import { EmbeddedDatabaseError } from '@gatehouse/server/db/embedded/embedded-database-error.ts';
import { openLog } from '@gatehouse/server/http/log.ts';
import type { Mailbox } from '@gatehouse/stand-ins';
import { DemoError, isPortTaken } from './demo-error.ts';
import { furnish } from './furnish.ts';
import { mailEnvironment, startMailbox } from './mailbox.ts';
import { providerEnvironment, startProviders, stopProviders } from './providers.ts';
import type { DemoProviders } from './providers.ts';
import { openSecondOrigin } from './second-origin.ts';
import type { SecondOrigin } from './second-origin.ts';
import { keepSecrets } from './secrets.ts';
import type { DemoSecrets } from './secrets.ts';
import { shellPath } from './shell-path.ts';

const folder = resolve(process.env['DATA_DIR'] ?? '.data/demo');
const notice = 'Demo: stand-in providers, no real accounts';

try {
  await run();
} catch (error) {
  const isForPeople = [DemoError, ConfigError, EmbeddedDatabaseError].some((kind) => error instanceof kind);
  console.error(error instanceof Error && isForPeople ? error.message : error);
  process.exit(1);
}

async function run(): Promise<void> {
  const { port } = readCloudConfig({ CLOUDGRID_BFF_PORT: process.env['CLOUDGRID_BFF_PORT'] }).bind;
  const origin = `http://localhost:${String(port)}`;
  const callbackUrl = `${origin}/auth/callback`;
  const secrets = await keepSecrets(folder);
  const providers = await startProviders(secrets, { folder, callbackUrl });
  const mailbox = await startMailbox();
  const secondOrigin = await openSecondOrigin({ api: origin, folder, notice });
  const outside = { providers, mailbox, secondOrigin };
  const logFile = join(folder, 'cloud.log');
  const log = openLog({ level: 'info', stream: createWriteStream(logFile, { flags: 'a' }) });
  const environment = {
    ...providerEnvironment(providers, callbackUrl),
    ...mailEnvironment(mailbox),
    API_PUBLIC_URL: origin,
    CLOUDGRID_PUBLIC_URL: origin,
    APP_BASE_URL: secondOrigin.origin,
  };
  const building = buildCloud(cloudConfig(port, secrets, environment), { log, notice, drainMs: 2_000 });
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= closeAll(building, outside));
  const stop = () => {
    void close().then(
      () => process.exit(0),
      () => undefined, // the start has failed, and tells it
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  try {
    await listen(await building, port);
    await furnish(origin, { folder, providers });
  } catch (error) {
    await close();
    throw error;
  }
  console.log(table(relative(process.cwd(), logFile), { origin, ...outside }));
}

function cloudConfig(
  port: number,
  { sessionSecret }: DemoSecrets,
  environment: Record<string, string>,
): CloudConfig {
  return readCloudConfig({
    CLOUDGRID_DEPLOYMENT_MODE: 'deployed',
    CLOUDGRID_AUTH_MODE: 'sso',
    AUTH_POLICY: 'standard',
    CLOUDGRID_BFF_HOST: '127.0.0.1',
    CLOUDGRID_BFF_PORT: String(port),
    CLOUDGRID_AUTH_COMPANY_ID: 'acme',
    CLOUDGRID_AUTH_BOOTSTRAP_EMAIL: 'ada@acme.example',
    CLOUDGRID_SESSION_SECRET: sessionSecret,
    DATA_DIR: folder,
    ...environment,
  });
}

/** What a deployment would find elsewhere. */
type Outside = {
  readonly providers: DemoProviders;
  readonly mailbox: Mailbox;
  readonly secondOrigin: SecondOrigin;
};

/** Also stops an embedded database that is being started. */
async function closeAll(
  building: Promise<Cloud>,
  { providers, mailbox, secondOrigin }: Outside,
): Promise<void> {
  try {
    await (await building).close();
  } finally {
    await Promise.all([stopProviders(providers), mailbox.close(), secondOrigin.close()]);
  }
}

async function listen(cloud: Cloud, port: number): Promise<void> {
  try {
    await cloud.listen();
  } catch (error) {
    if (!isPortTaken(error)) throw error;
    throw new DemoError(
      `Port ${String(port)} is taken. Free it, or say another: CLOUDGRID_BFF_PORT=3100 npm run demo`,
      { cause: error },
    );
  }
}

function table(
  logFile: string,
  { origin, providers, mailbox, secondOrigin }: Outside & { readonly origin: string },
): string {
  const { github, google, entra } = providers;
  const rows = [
    ['Sign in here', `${origin}/`, 'Ada (Google, GitHub) is the admin; Ada and Ben (Microsoft) are invited'],
    [
      'Or as an app of its own',
      `${secondOrigin.origin}/`,
      'the same pages on another origin: Microsoft, and tokens',
    ],
    ['Mailbox', `${mailbox.origin}/`, 'every mail, whomever it is for; mail to bounce@… comes back'],
    ['GitHub stand-in', `${github.origin}/misbehave`, 'make it fail, see what people see'],
    ['Google stand-in', `${google.origin}/misbehave`, 'the same'],
    ['Microsoft stand-in', `${entra.origin}/misbehave`, 'the same'],
    ['Why it failed', `DATA_DIR=${shellPath(folder)} npm run explain -- <reference>`, ''],
    ['Log', logFile, 'Ctrl-C stops everything; what you did is kept'],
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(
    (row) =>
      `  ${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}`,
  );
  return ['', '  Gatehouse demo', ...lines].join('\n');
}
