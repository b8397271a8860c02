import { openDistribution } from './distribution.ts';
import type { DistributionReading } from './distribution.ts';

export type CheckResult = 'admitted' | 'unauthenticated' | 'forbidden' | 'unavailable';

/** Counts the questions whether a request may pass. For the busiest path of all: two additions a question. */
export type CheckMeter = {
  record(result: CheckResult, seconds: number): void;
  read(): { readonly results: Readonly<Record<CheckResult, number>>; readonly seconds: DistributionReading };
};

const upperBounds = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
];

export function openCheckMeter(): CheckMeter {
  const results = { admitted: 0, unauthenticated: 0, forbidden: 0, unavailable: 0 };
  const distribution = openDistribution(upperBounds);
  return {
    record(result, seconds) {
      results[result] += 1;
      distribution.observe(seconds);
    },
    read: () => ({ results: { ...results }, seconds: distribution.read() }),
  };
}
