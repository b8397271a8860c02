import type { RequestKind } from './journal.ts';

/** A request that is made to wait, so that a test can act while it is under way. */
export type Held = {
  /** Resolves when the request has arrived and waits. */
  readonly arrived: Promise<void>;
  readonly release: () => void;
};

export type Gates = {
  /** Holds the next request of this kind, one request for each call. */
  readonly hold: (kind: RequestKind) => Held;
  /** Waits while a hold claims this request. */
  readonly pass: (kind: RequestKind) => Promise<void>;
  readonly releaseAll: () => void;
};

type Gate = { kind: RequestKind; arrive: () => void; released: Promise<void>; release: () => void };

export function createGates(): Gates {
  const waiting: Gate[] = [];
  const made: Gate[] = [];
  return {
    hold: (kind) => {
      const arrival = Promise.withResolvers<undefined>();
      const leave = Promise.withResolvers<undefined>();
      const gate: Gate = {
        kind,
        arrive: () => {
          arrival.resolve(undefined);
        },
        released: leave.promise,
        release: () => {
          leave.resolve(undefined);
        },
      };
      waiting.push(gate);
      made.push(gate);
      return { arrived: arrival.promise, release: gate.release };
    },
    pass: async (kind) => {
      const index = waiting.findIndex((gate) => gate.kind === kind);
      const [gate] = index < 0 ? [] : waiting.splice(index, 1);
      gate?.arrive();
      await gate?.released;
    },
    releaseAll: () => {
      for (const gate of made) gate.release();
    },
  };
}
