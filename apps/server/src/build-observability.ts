import { readFileSync } from 'node:fs';
import type { CloudConfig } from './config/cloud-config.ts';
import { listenOn } from './http/listen-on.ts';
import type { Log } from './http/log.ts';
import type { CheckResult } from './http/metrics/check-meter.ts';
import { openMeters } from './http/metrics/meters.ts';
import type { Meters } from './http/metrics/meters.ts';
import type { MetricsListener } from './http/metrics/listener.ts';
import type { MetricSources } from './http/metrics/metrics.ts';
import type { RequestObserver } from './http/observer.ts';
import type { Telemetry } from './http/metrics/telemetry.ts';
import type { ErrorCode } from './kernel/errors.ts';
import type { StepName } from './kernel/trace.ts';
import type { Leg } from './sign-in/deps.ts';

type ObservabilityOptions = {
  readonly log: Log;
  /** The process that leads this one shows the metrics of all. */
  readonly isWorker: boolean;
};

/** What is known only once everything is built. */
type LateSources = Pick<MetricSources, 'isReady' | 'requestsInFlight' | 'pool' | 'caches' | 'changes'>;

export type Observability = Awaited<ReturnType<typeof openObservability>>;

/** Counts always; loads what shows the counts, and what traces, only where the configuration asks for it. */
export async function openObservability(config: CloudConfig, { log, isWorker }: ObservabilityOptions) {
  const meters = openMeters();
  const telemetry = await startTelemetry(config, log);
  const providerOf = providerLabel(config);
  let listener: MetricsListener | undefined;
  return {
    meters,
    observers: [countRequests(meters), ...(telemetry === undefined ? [] : [telemetry.observer])],
    onLeg(leg: Leg): void {
      const provider = providerOf(leg.connectionId);
      const { outcome } = leg;
      if (outcome !== 'departed') meters.signIns.record({ provider, outcome });
      const proofSeconds = secondsOfProof(leg);
      // Somebody who gave up tells nothing of how fast the provider is.
      if (proofSeconds !== undefined && outcome !== 'cancelled')
        meters.signIns.recordProof(provider, proofSeconds);
      telemetry?.addSignIn({ ...leg, provider });
    },
    onNotReturned(connectionId: string): void {
      meters.signIns.record({ provider: providerOf(connectionId), outcome: 'did_not_return' });
    },
    async listen(sources: LateSources): Promise<void> {
      if (config.metricsPort === undefined) return;
      const { answerLead, openMetrics, scrapeOf } = await import('./http/metrics/metrics.ts');
      const registry = openMetrics({ version: versionOf(), ...meters, ...sources });
      if (isWorker) {
        answerLead(registry);
        return;
      }
      const { listenForScrapes } = await import('./http/metrics/listener.ts');
      const bind = { host: config.bind.host, port: config.metricsPort };
      listener = await listenOn('METRICS_PORT', listenForScrapes(scrapeOf(registry), bind));
      log.info({ metrics: listener.address }, 'metrics can be read');
    },
    async close(): Promise<void> {
      await Promise.all([listener?.close(), telemetry?.close()]);
    },
  };
}

async function startTelemetry(config: CloudConfig, log: Log): Promise<Telemetry | undefined> {
  if (config.telemetry === undefined) return undefined;
  const { openTelemetry } = await import('./http/metrics/telemetry.ts');
  return openTelemetry({
    ...config.telemetry,
    version: versionOf(),
    trustedProxies: config.trustedProxies,
    onLost: (error) => {
      log.warn({ err: error }, 'traces could not be sent');
    },
  });
}

function countRequests({ requests, checks }: Meters): RequestObserver {
  return {
    end({ request, route, status, seconds, refusal }) {
      const code = refusal === undefined ? {} : { code: refusal.code };
      requests.record({ method: request.method, route, status, seconds, ...code });
      const result = isCheck(route) ? checkResultOf(status) : undefined;
      if (result !== undefined) checks.record(result, seconds);
    },
    early({ method, route, seconds }) {
      requests.record({ method, route, status: 200, seconds });
      if (isCheck(route)) checks.record('admitted', seconds);
    },
    shed() {
      requests.recordRefusal('overloaded' satisfies ErrorCode);
    },
  };
}

function isCheck(route: string): boolean {
  return route === '/auth/verify' || route === '/auth/verify/*';
}

/** Undefined for what was no question at all. */
function checkResultOf(status: number): CheckResult | undefined {
  if (status < 300) return 'admitted';
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  return status >= 500 ? 'unavailable' : undefined;
}

/** Few, however many companies bring a provider of their own. */
function providerLabel(config: CloudConfig): (connectionId: string | undefined) => string {
  const platform = new Set<string>(config.mode === 'sso' ? config.providers.map(({ kind }) => kind) : []);
  return (connectionId) => {
    if (connectionId === undefined) return 'none';
    return platform.has(connectionId) ? connectionId : 'company';
  };
}

const proofSteps: ReadonlySet<StepName> = new Set([
  'code_exchange',
  'id_token',
  'userinfo',
  'profile',
  'email',
]);

function secondsOfProof({ steps }: Leg): number | undefined {
  const proof = steps.filter(({ step }) => proofSteps.has(step.name));
  return proof.length === 0 ? undefined : proof.reduce((sum, { ms }) => sum + ms, 0) / 1000;
}

function versionOf(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  // Our own file.
  return (JSON.parse(text) as { readonly version: string }).version;
}
