import { createWriteStream } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { buildCloud } from '@gatehouse/server/build-cloud.ts';
import { readCloudConfig } from '@gatehouse/server/config/read-cloud-config.ts';
import { EmbeddedDatabaseError } from '@gatehouse/server/db/embedded/embedded-database-error.ts';
import { openLog } from '@gatehouse/server/http/log.ts';
import { furnish } from './furnish.ts';
import { providerEnvironment, startProviders, stopProviders } from './providers.ts';
import { keepSecrets } from './secrets.ts';

const port = process.env['CLOUDGRID_BFF_PORT'] ?? '3000';
const origin = `http://localhost:${port}`;
const callbackUrl = `${origin}/auth/callback`;
const folder = resolve(process.env['DATA_DIR'] ?? '.data/demo');

try {
  await run();
} catch (error) {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    console.error(`Port ${port} is taken. Free it, or say another: CLOUDGRID_BFF_PORT=3100 npm run demo`);
  else if (error instanceof EmbeddedDatabaseError) console.error(error.message);
  else console.error(error);
  process.exit(1);
}

async function run(): Promise<void> {
  const secrets = await keepSecrets(folder);
  const providers = await startProviders(secrets, { folder, callbackUrl });
  const config = readCloudConfig({
    CLOUDGRID_DEPLOYMENT_MODE: 'deployed',
    CLOUDGRID_AUTH_MODE: 'sso',
    CLOUDGRID_BFF_HOST: '127.0.0.1',
    CLOUDGRID_BFF_PORT: port,
    CLOUDGRID_AUTH_COMPANY_ID: 'acme',
    CLOUDGRID_AUTH_BOOTSTRAP_EMAIL: 'ada@acme.example',
    CLOUDGRID_SESSION_SECRET: secrets.sessionSecret,
    DATA_DIR: folder,
    ...providerEnvironment(providers, callbackUrl),
  });
  const logFile = join(folder, 'cloud.log');
  const log = openLog({ level: 'info', stream: createWriteStream(logFile, { flags: 'a' }) });
  const cloud = await buildCloud(config, {
    log,
    notice: 'Demo: stand-in providers, no real accounts',
    drainMs: 2_000,
  });

  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= cloud.close().then(async () => {
      await stopProviders(providers);
      process.exit(0);
    });
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  await cloud.listen();
  await furnish(origin, providers);
  console.log(table(relative(process.cwd(), logFile), providers));
}

function table(
  logFile: string,
  { github, google, entra }: Awaited<ReturnType<typeof startProviders>>,
): string {
  const rows = [
    ['Sign in here', `${origin}/`, 'Ada (Google, GitHub) is the admin; Ada and Ben (Microsoft) are invited'],
    ['GitHub stand-in', `${github.origin}/misbehave`, 'make it fail, see what people see'],
    ['Google stand-in', `${google.origin}/misbehave`, 'the same'],
    ['Microsoft stand-in', `${entra.origin}/misbehave`, 'the same'],
    [
      'Why it failed',
      `DATA_DIR=${relative(process.cwd(), folder) || '.'} npm run explain -- <reference>`,
      '',
    ],
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
