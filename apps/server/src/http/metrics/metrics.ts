import { setTimeout as sleep } from 'node:timers/promises';
import { AggregatorRegistry, collectDefaultMetrics, Registry } from 'prom-client';
import type { CheckMeter } from './check-meter.ts';
import type { Distribution } from './distribution.ts';
import { addCounter, addGauge, addHistogram } from './kinds.ts';
import type { Sample } from './kinds.ts';
import type { Scrape } from './listener.ts';
import type { MailMeter } from './mail-meter.ts';
import type { RequestMeter } from './request-meter.ts';
import type { SignInMeter } from './sign-in-meter.ts';

/** How well what was read of the database is kept up to date. */
export type ChangeFeedNumbers = {
  readonly isConnected: boolean;
  readonly holdsLease: boolean;
  readonly looks: number;
  readonly failures: number;
  readonly changes: number;
  readonly flushes: number;
};

export type CacheNumbers = { readonly hits: number; readonly misses: number; readonly entries: number };

/** Connections to the database: open, of them unused, and callers that wait for one. */
export type PoolNumbers = { readonly total: number; readonly idle: number; readonly waiting: number };

/** What a scrape reads; nothing here is asked in between. */
export type MetricSources = {
  readonly version: string;
  /** What `/readyz` would answer. */
  readonly isReady: () => Promise<boolean>;
  readonly signIns: SignInMeter;
  readonly checks: CheckMeter;
  readonly requests: RequestMeter;
  readonly requestsInFlight: () => number;
  readonly pool: () => PoolNumbers;
  readonly caches: () => Readonly<Record<string, CacheNumbers>>;
  readonly changes: () => ChangeFeedNumbers;
  readonly revocationLag: Distribution;
  readonly mails: MailMeter;
};

const eventLoopLookMs = 20;
/** Metrics are read most eagerly while the database hangs. */
const readinessMs = 1_000;

/** All metrics of one process, in a registry of its own. */
export function openMetrics(sources: MetricSources): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: eventLoopLookMs });
  addGauge(registry, {
    name: 'gatehouse_build_info',
    help: 'Always 1; its label says which version runs.',
    labelNames: ['version'],
    together: 'first',
    read: () => [{ labels: { version: sources.version }, value: 1 }],
  });
  addSignIns(registry, sources.signIns);
  addChecks(registry, sources.checks);
  addRequests(registry, sources);
  addPool(registry, sources.pool);
  addCaches(registry, sources.caches);
  addChanges(registry, sources);
  addMails(registry, sources.mails);
  // Read last: it asks the database, which the pool would otherwise tell of.
  addGauge(registry, {
    name: 'gatehouse_ready',
    help: '1 while the process is ready: its database answers and is up to date, and it is not about to end.',
    together: 'min',
    read: async () => one(Number(await answersSoon(sources.isReady()))),
  });
  return registry;
}

export function scrapeOf(registry: Registry): Scrape {
  return { type: registry.contentType, text: () => registry.metrics() };
}

/** In a worker: from here on the process that leads it can ask for these metrics. */
export function answerLead(registry: Registry): void {
  AggregatorRegistry.setRegistries(registry);
  new AggregatorRegistry(); // what listens for the question
}

/** In the process that leads workers: the metrics of them all, added up. */
export function scrapeOfWorkers(): Scrape {
  const all = new AggregatorRegistry();
  return { type: all.contentType, text: () => all.clusterMetrics() };
}

function addSignIns(registry: Registry, meter: SignInMeter): void {
  addCounter(registry, {
    name: 'gatehouse_sign_ins_total',
    help: 'Sign-ins that ended, by provider and outcome.',
    labelNames: ['provider', 'outcome'],
    read: () =>
      meter.read().ended.map(({ provider, outcome, count }) => ({
        labels: { provider, outcome },
        value: count,
      })),
  });
  addHistogram(registry, {
    name: 'gatehouse_sign_in_provider_seconds',
    help: 'How long the proof of an identity took, from the callback to what the provider vouches for.',
    read: () =>
      [...meter.read().proofSeconds].map(([provider, reading]) => ({ labels: { provider }, reading })),
  });
}

function addChecks(registry: Registry, meter: CheckMeter): void {
  addCounter(registry, {
    name: 'gatehouse_checks_total',
    help: 'Questions of proxies whether a request may pass, by answer.',
    labelNames: ['result'],
    read: () =>
      Object.entries(meter.read().results).map(([result, value]) => ({ labels: { result }, value })),
  });
  addHistogram(registry, {
    name: 'gatehouse_check_seconds',
    help: 'How long such a question took to answer.',
    read: () => [{ labels: {}, reading: meter.read().seconds }],
  });
}

function addRequests(registry: Registry, { requests, requestsInFlight }: MetricSources): void {
  addCounter(registry, {
    name: 'gatehouse_http_requests_total',
    help: 'Requests answered, by pattern of their route, method and class of status.',
    labelNames: ['route', 'method', 'status'],
    read: () => requests.read().requests.map(({ count, ...labels }) => ({ labels, value: count })),
  });
  addCounter(registry, {
    name: 'gatehouse_http_refusals_total',
    help: 'Requests refused, by code of the error.',
    labelNames: ['code'],
    read: () => [...requests.read().refusals].map(([code, value]) => ({ labels: { code }, value })),
  });
  addHistogram(registry, {
    name: 'gatehouse_http_request_seconds',
    help: 'How long requests took to answer, by pattern of their route.',
    read: () => [...requests.read().seconds].map(([route, reading]) => ({ labels: { route }, reading })),
  });
  addGauge(registry, {
    name: 'gatehouse_http_requests_in_flight',
    help: 'Requests being answered now.',
    read: () => one(requestsInFlight()),
  });
}

function addPool(registry: Registry, pool: MetricSources['pool']): void {
  addGauge(registry, {
    name: 'gatehouse_database_connections',
    help: 'Connections of the pool to the database, by whether they are used.',
    labelNames: ['state'],
    read: () => {
      const { total, idle } = pool();
      return [
        { labels: { state: 'used' }, value: total - idle },
        { labels: { state: 'idle' }, value: idle },
      ];
    },
  });
  addGauge(registry, {
    name: 'gatehouse_database_waiting',
    help: 'Callers that wait for a connection to the database.',
    read: () => one(pool().waiting),
  });
}

function addCaches(registry: Registry, caches: MetricSources['caches']): void {
  const each = (value: (numbers: CacheNumbers) => number) => () =>
    Object.entries(caches()).map(([cache, numbers]) => ({ labels: { cache }, value: value(numbers) }));
  addCounter(registry, {
    name: 'gatehouse_cache_hits_total',
    help: 'Questions that a cache answered.',
    labelNames: ['cache'],
    read: each(({ hits }) => hits),
  });
  addCounter(registry, {
    name: 'gatehouse_cache_misses_total',
    help: 'Questions that a cache passed on to the database.',
    labelNames: ['cache'],
    read: each(({ misses }) => misses),
  });
  addGauge(registry, {
    name: 'gatehouse_cache_entries',
    help: 'Entries that a cache holds.',
    labelNames: ['cache'],
    read: each(({ entries }) => entries),
  });
}

function addChanges(registry: Registry, { changes, revocationLag }: MetricSources): void {
  addHistogram(registry, {
    name: 'gatehouse_revocation_lag_seconds',
    help: 'From the writing of a change, such as an ended session, until this process acted on it.',
    read: () => [{ labels: {}, reading: revocationLag.read() }],
  });
  addGauge(registry, {
    name: 'gatehouse_changes_connected',
    help: '1 while the connection that follows changes is open.',
    together: 'min',
    read: () => one(Number(changes().isConnected)),
  });
  addGauge(registry, {
    name: 'gatehouse_changes_lease_held',
    help: '1 while the caches may be believed.',
    together: 'min',
    read: () => one(Number(changes().holdsLease)),
  });
  const counted = {
    looks: 'Looks at the changes that the database noted.',
    failures: 'Looks that failed.',
    changes: 'Changes read.',
    flushes: 'Times that everything known was forgotten.',
  } as const;
  for (const [what, help] of Object.entries(counted)) {
    const name = `gatehouse_changes_${what === 'changes' ? 'notes' : what}_total`;
    // The keys of the table above, which `Object.entries` forgets.
    const read = () => one(changes()[what as keyof typeof counted]);
    addCounter(registry, { name, help, read });
  }
}

function addMails(registry: Registry, mails: MailMeter): void {
  addCounter(registry, {
    name: 'gatehouse_mails_total',
    help: 'Tries to send a mail, by how they ended.',
    labelNames: ['outcome'],
    read: () => [...mails.read().ended].map(([outcome, value]) => ({ labels: { outcome }, value })),
  });
  addGauge(registry, {
    name: 'gatehouse_mails_oldest_seconds',
    help: 'Since when the oldest mail that is neither sent nor given up waits.',
    together: 'max',
    read: () => one(mails.read().oldestSeconds),
  });
}

function answersSoon(isReady: Promise<boolean>): Promise<boolean> {
  const waited = sleep(readinessMs, false, { ref: false });
  return Promise.race([isReady.catch(() => false), waited]);
}

function one(value: number): readonly Sample[] {
  return [{ labels: {}, value }];
}
