import type { FastifyBaseLogger } from 'fastify';
import { minuteMs } from '../../kernel/clock.ts';

type Kind = { readonly code: string; readonly finding?: string };

const openSums = new WeakMap<FastifyBaseLogger, Map<string, { refused: number }>>();

/** One line at the first refusal of a kind, and then one a minute with how many there were, while there are any. */
export function addToSum(log: FastifyBaseLogger, { code, finding }: Kind): void {
  const sums = openSums.get(log) ?? new Map<string, { refused: number }>();
  openSums.set(log, sums);
  const kind = `${code} ${finding ?? ''}`;
  const sum = sums.get(kind);
  if (sum !== undefined) {
    sum.refused += 1;
    return;
  }
  const fresh = { refused: 1 };
  sums.set(kind, fresh);
  const tell = () => {
    if (fresh.refused === 0) {
      clearInterval(timer);
      sums.delete(kind);
      return;
    }
    log.warn({ code, ...(finding !== undefined && { finding }), refused: fresh.refused }, 'requests refused');
    fresh.refused = 0;
  };
  const timer = setInterval(tell, minuteMs).unref();
  tell();
}
