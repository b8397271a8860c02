import { AppError } from './errors.ts';

/** Lets work through a few at a time, and as much again wait for its turn. */
export type WorkQueue = {
  /** @throws AppError `overloaded` at once, where too many wait already */
  run<T>(work: () => Promise<T>): Promise<T>;
};

export type QueueSize = {
  /** For the log, of those who are refused. */
  readonly name: string;
  readonly atOnce: number;
  readonly waiting: number;
};

const shortestRetrySeconds = 1;
const retrySpreadSeconds = 3;

export function openWorkQueue({ name, atOnce, waiting: mostWaiting }: QueueSize): WorkQueue {
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
      throw new AppError('overloaded', { finding: name, retryAfterSeconds });
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
