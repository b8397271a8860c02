import { median } from '../median.ts';
import type { Part } from '../part.ts';
import { processorTime } from '../process-facts.ts';
import { signInToBetterAuth, signInToGatehouse } from '../sign-in.ts';
import type { SigningIn } from '../sign-in.ts';

const people = 200;
const atOnce = 16;
const rounds = 5;
const roundMs = 2_000;

type SignIn = (asked: SigningIn) => Promise<string>;
type Contestant = { readonly pid: number; readonly url: URL; readonly signIn: SignIn };

/** People who were here before sign in again, from the way to the provider until they hold a session. */
export const signIns: Part = async (run, tell) => {
  const gatehouse = await run.gatehouse();
  const betterAuth = await run.betterAuth('off');
  const ours = { pid: gatehouse.pid, url: gatehouse.url, signIn: signInToGatehouse };
  const its = { pid: betterAuth.pid, url: betterAuth.url, signIn: signInToBetterAuth };
  for (const contestant of [ours, its]) {
    // For the first time, which makes their accounts.
    await together(atOnce, async (lane) => {
      for (let at = lane; at < people; at += atOnce)
        await contestant.signIn({ url: contestant.url, ...guest(at) });
    });
    await turn(contestant);
  }
  const taken: { ours: Turn; its: Turn }[] = [];
  for (let round = 0; round < rounds; round += 1)
    taken.push({ ours: await turn(ours), its: await turn(its) });
  const of = (who: 'ours' | 'its', fact: keyof Turn) => median(taken.map((both) => both[who][fact]));
  const baseline = (fact: keyof Turn) => ({ name: 'Better Auth', value: of('its', fact) });
  const rate = 'perSecond';
  tell({
    row: 'sign-ins',
    unit: '1/s',
    ours: of('ours', rate),
    baseline: baseline(rate),
    target: { least: 8 },
  });
  const time = 'processorMs';
  tell({ row: 'processor time of a sign-in', unit: 'ms', ours: of('ours', time), baseline: baseline(time) });
};

type Turn = { readonly perSecond: number; readonly processorMs: number };

async function turn({ pid, url, signIn }: Contestant): Promise<Turn> {
  const [before, startedMs] = [processorTime(pid), performance.now()];
  let done = 0;
  await together(atOnce, async (lane) => {
    for (let at = lane; performance.now() - startedMs < roundMs; at += atOnce, done += 1) {
      await signIn({ url, ...guest(at) });
    }
  });
  const seconds = (performance.now() - startedMs) / 1000;
  return { perSecond: done / seconds, processorMs: (processorTime(pid) - before) / 1000 / done };
}

let senders = 0;

/** Always somebody who was here before, and always from elsewhere. */
function guest(at: number): { person: string; sender: string } {
  senders += 1;
  return {
    person: `person-${at % people}`,
    sender: `10.${(senders >> 16) & 255}.${(senders >> 8) & 255}.${senders & 255}`,
  };
}

async function together(count: number, work: (at: number) => Promise<unknown>): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, at) => work(at)));
}
