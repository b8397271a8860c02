import type { CloudConfig } from './config/cloud-config.ts';
import { holdStorage } from './db/hold-storage.ts';
import { listenOn } from './http/listen-on.ts';
import type { Log } from './http/log.ts';
import { leadWorkers } from './process/lead.ts';

/** Leads the workers of a Cloud Backend, and holds what they share. Resolves with the exit code. */
export async function leadCloud(config: CloudConfig, log: Log): Promise<number> {
  for (const warning of config.warnings) log.warn(warning);
  return await leadWorkers({ count: config.workers, log, hold: () => holdAll(config, log) });
}

async function holdAll(config: CloudConfig, log: Log): Promise<() => Promise<void>> {
  const release = await holdStorage(config.database, { log, workers: config.workers });
  try {
    const closeMetrics = await showMetrics(config, log);
    return async () => {
      await closeMetrics();
      await release();
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Of all workers together: each by itself would tell of what the others did not do. */
async function showMetrics(config: CloudConfig, log: Log): Promise<() => Promise<void>> {
  if (config.metricsPort === undefined) return () => Promise.resolve();
  const [{ scrapeOfWorkers }, { listenForScrapes }] = await Promise.all([
    import('./http/metrics/metrics.ts'),
    import('./http/metrics/listener.ts'),
  ]);
  const bind = { host: config.bind.host, port: config.metricsPort };
  const { address, close } = await listenOn('METRICS_PORT', listenForScrapes(scrapeOfWorkers(), bind));
  log.info({ metrics: address }, 'metrics can be read');
  return close;
}
