import { AppError } from '../kernel/errors.ts';

/** Lets work through a few at a time, and as much again wait for its turn. */
export type HashQueue = {
  /** @throws AppError `overloaded` at once, where too many wait already */
  run<T>(work: () => Promise<T>): Promise<T>;
};

export type QueueSize = { readonly atOnce: number; readonly waiting: number };

/** The threads that Node hashes in serve files and look-ups of names too: one of the four stays theirs. */
const mostThreads = 3;

/** One processor stays with everybody who only wants to be recognised. */
export function sizeFor(processors: number): QueueSize {
  return { atOnce: Math.min(mostThreads, Math.max(1, processors - 1)), waiting: 50 };
}

const shortestRetrySeconds = 1;
const retrySpreadSeconds = 3;

export function openHashQueue({ atOnce, waiting: mostWaiting }: QueueSize): HashQueue {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function turn(): Promise<void> {
    if (running < atOnce) {
      running += 1;
      return;
    }
    if (waiting.length >= mostWaiting) {
      // Drawn, so that those who were refused together do not come back together.
      const retryAfterSeconds = shortestRetrySeconds + Math.floor(Math.random() * retrySpreadSeconds);
      throw new AppError('overloaded', { finding: 'hashes', retryAfterSeconds });
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  /** Whoever is next takes over the place: nobody comes in between. */
  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }

  return {
    async run(work) {
      await turn();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
