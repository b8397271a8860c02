import { openDistribution } from './distribution.ts';
import type { Distribution, DistributionReading } from './distribution.ts';

type SignInCount = { readonly provider: string; readonly outcome: string; readonly count: number };

/** Counts how sign-ins end. Providers and outcomes are the caller's to keep few. */
export type SignInMeter = {
  record(ended: { readonly provider: string; readonly outcome: string }): void;
  /** How long the proof of an identity took, most of it spent on the provider's network. */
  recordProof(provider: string, seconds: number): void;
  read(): {
    readonly ended: readonly SignInCount[];
    readonly proofSeconds: ReadonlyMap<string, DistributionReading>;
  };
};

const upperBounds = [0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2.5, 5, 10];

export function openSignInMeter(): SignInMeter {
  const ended = new Map<string, Map<string, number>>();
  const proofs = new Map<string, Distribution>();
  return {
    record({ provider, outcome }) {
      const outcomes = ended.get(provider) ?? new Map<string, number>();
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      ended.set(provider, outcomes);
    },
    recordProof(provider, seconds) {
      const distribution = proofs.get(provider) ?? openDistribution(upperBounds);
      distribution.observe(seconds);
      proofs.set(provider, distribution);
    },
    read: () => ({
      ended: [...ended].flatMap(([provider, outcomes]) =>
        [...outcomes].map(([outcome, count]) => ({ provider, outcome, count })),
      ),
      proofSeconds: new Map([...proofs].map(([provider, proof]) => [provider, proof.read()])),
    }),
  };
}
