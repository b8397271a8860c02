import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { CloudConfig } from './config/cloud-config.ts';
import type { Log } from './http/log.ts';

// What is compiled is kept beside the packages: who can write there can change the code itself. It helps only what is
// imported later, so everything else of ours is, and a mistake in the configuration is told before most of it.
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/gatehouse', import.meta.url)));
const { ConfigError } = await import('./config/config-error.ts');
const { processEnvironment } = await import('./config/environment.ts');
const { readCloudConfig } = await import('./config/read-cloud-config.ts');

/** For a balancer that looks at readiness to look elsewhere. */
const announceMs = 750;

try {
  process.exit(await run());
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : tellFailure(error)}\n`);
  process.exit(1);
}

async function run(): Promise<number> {
  const config = readCloudConfig(processEnvironment());
  const { closeLog, openLog } = await import('./http/log.ts');
  const log = openLog({ level: config.logLevel });
  try {
    if (config.workers === 1) return await answer(config, log);
    const { default: cluster } = await import('node:cluster');
    if (cluster.isWorker) return await answer(config, log);
    const { leadCloud } = await import('./build-lead.ts');
    return await leadCloud(config, log);
  } finally {
    await closeLog(log);
  }
}

async function answer(config: CloudConfig, log: Log): Promise<number> {
  const { joinLead } = await import('./process/join-lead.ts');
  const lead = joinLead();
  const [{ serve }, { buildCloud }] = await Promise.all([
    import('./process/serve.ts'),
    import('./build-cloud.ts'),
  ]);
  const isWorker = lead !== undefined;
  if (!isWorker) for (const warning of config.warnings) log.warn(warning);
  const building = buildCloud(config, {
    log,
    isWorker,
    announceMs: config.mode === 'local' ? 0 : announceMs,
  });
  return await serve(building, { log, lead, facts: { publicOrigin: config.addresses.publicOrigin.origin } });
}

function tellFailure(error: unknown): string {
  return `Gatehouse could not start: ${error instanceof Error ? error.message : String(error)}`;
}
