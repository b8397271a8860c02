import { Counter, Gauge } from 'prom-client';
import type { Metric, Registry } from 'prom-client';
import type { DistributionReading } from './distribution.ts';

type Labels = Readonly<Record<string, string>>;
export type Sample = { readonly labels: Labels; readonly value: number };
export type DistributionSample = { readonly labels: Labels; readonly reading: DistributionReading };

/** A metric whose values are counted elsewhere and read when it is scraped. */
export type MetricOf<Read> = {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  readonly read: () => readonly Read[];
};

export function addCounter(registry: Registry, { name, help, labelNames = [], read }: MetricOf<Sample>) {
  new Counter({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, value } of read()) this.inc(labels, value);
    },
  });
}

/** `together`: what stands for all worker processes where there are several. */
type GaugeOf = Omit<MetricOf<Sample>, 'read'> & {
  readonly together?: 'sum' | 'min' | 'max' | 'first';
  readonly read: () => readonly Sample[] | Promise<readonly Sample[]>;
};

export function addGauge(
  registry: Registry,
  { name, help, labelNames = [], read, together = 'sum' }: GaugeOf,
) {
  new Gauge({
    name,
    help,
    labelNames,
    aggregator: together,
    registers: [registry],
    async collect() {
      const samples = await read();
      this.reset();
      for (const { labels, value } of samples) this.set(labels, value);
    },
  });
}

/**
 * The library's own histogram takes values one at a time, at a price that the busiest path should not pay. A registry
 * asks of a metric no more than its name and its rows.
 */
export function addHistogram(registry: Registry, { name, help, read }: MetricOf<DistributionSample>): void {
  const get = () => {
    const values = read().flatMap((sample) => rowsOf(name, sample));
    return Promise.resolve({ name, help, type: 'histogram', aggregator: 'sum', values });
  };
  // The one place where a metric is made that is none of the library's classes.
  registry.registerMetric({
    name,
    help,
    aggregator: 'sum',
    get,
    reset: () => undefined,
  } as unknown as Metric);
}

function rowsOf(name: string, { labels, reading }: DistributionSample) {
  let below = 0;
  const buckets = reading.counts.map((count, at) => {
    below += count;
    const le = reading.upperBounds[at] ?? '+Inf';
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: below };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: reading.sum },
    { metricName: `${name}_count`, labels, value: below },
  ];
}
