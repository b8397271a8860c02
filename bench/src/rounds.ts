import { load } from './load.ts';
import type { Load, Outcome } from './load.ts';
import { median } from './median.ts';
import { processorTime } from './process-facts.ts';

export type Contestant = {
  readonly name: string;
  readonly pid: number;
  readonly asked: Pick<Load, 'url' | 'cookieFile' | 'lineIs' | 'connections'>;
  /** Each request must meet a cookie that was not used before. */
  readonly goesOn?: boolean;
};

export type Measured = {
  readonly perSecond: number;
  /** Processor time of its process for one request, in microseconds. */
  readonly processorUs: number;
  readonly p99Ms: number;
};

export type Pace = { readonly rounds: number; readonly seconds: number; readonly warmUpSeconds: number };

/** Until the compiler has seen enough of a server, it is another server. */
const usual: Pace = { rounds: 5, seconds: 2, warmUpSeconds: 5 };

/** Requests that were sent when the time was up are no answers, but their cookies were used. */
const mostUnderWay = 64;

/** All in turn, again and again, so that what else the machine does meets all of them; medians. */
export async function takeTurns(
  contestants: readonly Contestant[],
  pace: Pace = usual,
): Promise<(name: string) => Measured> {
  const taken = new Map<string, Measured[]>(contestants.map(({ name }) => [name, []]));
  const positions = new Map<string, number>();
  const turn = async (
    { name, pid, asked, goesOn = false }: Contestant,
    seconds: number,
  ): Promise<Measured> => {
    const before = processorTime(pid);
    const outcome: Outcome = await load({ ...asked, seconds, from: positions.get(name) ?? 0 });
    const processorUs = (processorTime(pid) - before) / outcome.requests;
    if (goesOn) positions.set(name, (positions.get(name) ?? 0) + outcome.requests + mostUnderWay);
    return { perSecond: outcome.perSecond, processorUs, p99Ms: outcome.p99Ms };
  };
  for (const contestant of contestants) await turn(contestant, pace.warmUpSeconds);
  for (let round = 0; round < pace.rounds; round += 1) {
    for (const contestant of contestants) {
      taken.get(contestant.name)?.push(await turn(contestant, pace.seconds));
    }
  }
  return (name) => {
    const all = taken.get(name) ?? [];
    const of = (fact: keyof Measured) => median(all.map((one) => one[fact]));
    return { perSecond: of('perSecond'), processorUs: of('processorUs'), p99Ms: of('p99Ms') };
  };
}
