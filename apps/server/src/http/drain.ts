import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

export type DrainLimits = {
  /** What still runs after this long is cut off. */
  readonly timeoutMs: number;
  /** How long new connections are still taken, for a balancer to see readiness fall. None in front: 0. */
  readonly announceMs?: number;
  /** Another process already answers in our place, so that readiness need not fall. */
  readonly isReplaced?: boolean;
};

const lookEveryMs = 20;

/** Readiness falls, the listener closes, what runs finishes, then every connection goes. True if nothing was cut off. */
export async function closeGracefully(
  app: Pick<FastifyInstance, 'traffic' | 'close' | 'server'>,
  limits: DrainLimits,
) {
  const giveUpAt = performance.now() + limits.timeoutMs;
  app.traffic.drain({ isReplaced: limits.isReplaced ?? false });
  await sleep(limits.announceMs ?? 0);
  const closed = app.close();
  // Browsers hold connections open that never asked anything; only requests are waited for.
  do await sleep(lookEveryMs);
  while (!app.traffic.isQuiet() && performance.now() < giveUpAt);
  const finished = app.traffic.isQuiet();
  app.server.closeAllConnections();
  await closed;
  return finished;
}
