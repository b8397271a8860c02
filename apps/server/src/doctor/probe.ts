import type { Clock } from '../kernel/clock.ts';
import type { OutboundAnswer, OutboundFetch } from '../kernel/outbound.ts';
import type { Check, Group } from './check.ts';
import { aheadMsOf, clockCheck, providerClock } from './clock.ts';
import { probeMs } from './limits.ts';

export type ProbeDeps = {
  readonly outbound: OutboundFetch;
  readonly clock: Clock;
  /** When the certificate of this https host ends; undefined where that cannot be seen. */
  certificateEnd(url: URL): Promise<Date | undefined>;
};

export type Answered = OutboundAnswer & {
  readonly askedAt: Date;
  readonly answeredAt: Date;
  readonly tookMs: number;
};

/** @throws AppError as `OutboundFetch` does */
export async function probe(url: URL, { outbound, clock }: ProbeDeps): Promise<Answered> {
  const askedAt = clock.now();
  const startMs = clock.monotonicMs();
  const headers = { accept: 'application/json', 'cache-control': 'no-cache', 'user-agent': 'gatehouse' };
  const answer = await outbound.ask({ url, headers, deadline: AbortSignal.timeout(probeMs) });
  const tookMs = Math.round(clock.monotonicMs() - startMs);
  return { ...answer, askedAt, answeredAt: clock.now(), tookMs };
}

/** Nothing where the answer is not dated. */
export function clockChecks(group: Group, answered: Answered, whose: string): readonly Check[] {
  const aheadMs = aheadMsOf(answered);
  if (aheadMs === undefined) return [];
  const why = 'Tokens are refused where the two clocks are more than 60 s apart.';
  return [clockCheck(group, { aheadMs, whose: `the clock of ${whose}`, why, limits: providerClock })];
}
