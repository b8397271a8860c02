import { buildCloud } from './build-cloud.ts';
import { ConfigError } from './config/config-error.ts';
import { processEnvironment } from './config/environment.ts';
import { readCloudConfig } from './config/read-cloud-config.ts';
import { EmbeddedDatabaseError } from './db/embedded/embedded-database-error.ts';
import { openLog } from './http/log.ts';

try {
  await run();
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof EmbeddedDatabaseError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const config = readCloudConfig(processEnvironment());
  const log = openLog({ level: config.logLevel });
  for (const warning of config.warnings) log.warn(warning);
  const cloud = await buildCloud(config, { log });
  let stopping: Promise<void> | undefined;
  const stop = (signal: string) => {
    log.info({ signal }, 'stopping');
    stopping ??= cloud.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const { address } = await cloud.listen();
  log.info({ address, publicOrigin: config.addresses.publicOrigin.origin }, 'listening');
}
