import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// What is compiled is kept beside the packages: who can write there can change the code itself. It helps only what is
// imported later, so everything else of ours is, and a mistake in the configuration is told before most of it.
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/gatehouse', import.meta.url)));
const { ConfigError } = await import('./config/config-error.ts');
const { processEnvironment } = await import('./config/environment.ts');
const { readCloudConfig } = await import('./config/read-cloud-config.ts');

try {
  await run();
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : tellFailure(error)}\n`);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const config = readCloudConfig(processEnvironment());
  const [{ openLog }, { buildCloud }] = await Promise.all([
    import('./http/log.ts'),
    import('./build-cloud.ts'),
  ]);
  const log = openLog({ level: config.logLevel });
  for (const warning of config.warnings) log.warn(warning);
  const building = buildCloud(config, { log });
  let stopping: Promise<void> | undefined;
  const stop = async (signal: string) => {
    log.info({ signal }, 'stopping');
    // An embedded database that is being started is stopped as well.
    await (await building).close();
    // The log's own last attempt would wait for ever where nobody reads it.
    process.removeAllListeners('exit');
    process.exit(0);
  };
  // Never `once`: npm passes on a Ctrl-C that the terminal has sent already, and the second must not cut off the first.
  const tellAndEnd = (error: unknown) => {
    log.fatal({ err: error }, 'could not stop');
    process.exit(1);
  };
  for (const signal of ['SIGTERM', 'SIGINT'])
    process.on(signal, () => void (stopping ??= stop(signal).catch(tellAndEnd)));
  const cloud = await building;
  try {
    const { address } = await cloud.listen();
    log.info({ address, publicOrigin: config.addresses.publicOrigin.origin }, 'listening');
  } catch (error) {
    if (stopping !== undefined) return;
    log.fatal({ err: error }, 'could not start');
    await cloud.close();
    throw error;
  }
}

function tellFailure(error: unknown): string {
  return `Gatehouse could not start: ${error instanceof Error ? error.message : String(error)}`;
}
