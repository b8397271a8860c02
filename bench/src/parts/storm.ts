import { setTimeout as sleep } from 'node:timers/promises';
import type { Part } from '../part.ts';
import type { Contender, Jar } from '../storm/contender.ts';
import { betterAuthInStorm, countForks, gatehouseInStorm } from '../storm/contenders.ts';
import { noCounts, refreshUntilAnswered } from '../storm/refreshing.ts';
import type { Counts, Storm } from '../storm/refreshing.ts';
import { openReplicas } from '../storm/replicas.ts';

const tabs = 50;
const browsers = 4;
const beats = 12;
const thieves = 60;
const thievesAtOnce = 3;
/** More than the ten seconds for which a replaced token is forgiven. */
const longSeconds = 11;
/** Of the pauses between two beats: in the others the token stays young. */
const longShare = 0.5;
const mostShortMs = 500;

type Weather = {
  readonly counts: Counts;
  readonly kills: number;
  readonly perSecond: number;
  /** Of the cookies that thieves brought when their owners had been given others since. */
  readonly acceptedReplays: number;
  readonly livedOn: number;
};

/** All tabs of a browser refresh at once, again and again, while replicas are killed and answers get lost. */
export const storm: Part = async (run, tell) => {
  const ours = await rage(gatehouseInStorm(run));
  const forks = await countForks(run.database);
  const its = await rage(await betterAuthInStorm(run));
  const row = (what: string) => `storm, ${what}`;
  const beside = (value: number) => ({ name: 'Better Auth', value });
  const none = { most: 0 };
  tell({
    row: row(`sign-outs that nobody asked for, of ${browsers * beats * tabs} refreshes`),
    unit: '',
    ours: ours.counts.signedOutAfterMs.length,
    beside: beside(its.counts.signedOutAfterMs.length),
    target: none,
  });
  tell({
    row: row(`replays of replaced cookies that were answered, of ${thieves}`),
    unit: '',
    ours: ours.acceptedReplays,
    beside: beside(its.acceptedReplays),
    target: none,
  });
  tell({
    row: row('of them their owners stayed in'),
    unit: '',
    ours: ours.livedOn,
    beside: beside(its.livedOn),
  });
  tell({ row: row('families with two tokens to go on with'), unit: '', ours: forks, target: none });
  tell({ row: row('refreshes'), unit: '1/s', ours: ours.perSecond, baseline: beside(its.perSecond) });
  const [p99, itsP99] = [ours, its].map(({ counts }) => p99Of(counts.tookMs));
  tell({
    row: row('a tab waits, tries included, 99th of 100'),
    unit: 'ms',
    ours: p99 ?? NaN,
    baseline: beside(itsP99 ?? NaN),
  });
};

async function rage(contender: Contender): Promise<Weather> {
  const replicas = await openReplicas(contender);
  const storm: Storm = { contender, replicas, counts: noCounts() };
  const jars = await contender.signedIn(browsers);
  const victims = await contender.signedIn(thieves);
  const startedMs = performance.now();
  const [, robbed] = await Promise.all([
    Promise.all(jars.map((jar) => refreshAgainAndAgain(storm, jar))),
    robAll({ ...storm, counts: noCounts() }, victims),
  ]);
  const seconds = (performance.now() - startedMs) / 1_000;
  await replicas.calm();
  const { counts } = storm;
  const weather = { counts, kills: replicas.kills(), perSecond: counts.answered / seconds, ...robbed };
  report(contender.name, weather);
  return weather;
}

async function refreshAgainAndAgain(storm: Storm, jar: Jar): Promise<void> {
  for (let beat = 0; beat < beats; beat += 1) {
    // In truth, for what was sent before must not arrive from the past.
    await sleep(Math.random() < longShare ? longSeconds * 1_000 : Math.random() * mostShortMs);
    await Promise.all(Array.from({ length: tabs }, () => refreshUntilAnswered(storm, jar)));
  }
}

type Robbed = { acceptedReplays: number; livedOn: number };

async function robAll(storm: Storm, victims: readonly Jar[]): Promise<Robbed> {
  const waiting = [...victims];
  const robbed: Robbed = { acceptedReplays: 0, livedOn: 0 };
  const lane = async (): Promise<void> => {
    for (let jar = waiting.pop(); jar !== undefined; jar = waiting.pop()) {
      const { isAccepted, isOwnerIn } = await rob(storm, jar);
      if (isAccepted) robbed.acceptedReplays += 1;
      if (isOwnerIn) robbed.livedOn += 1;
    }
  };
  await Promise.all(Array.from({ length: thievesAtOnce }, lane));
  return robbed;
}

/** Somebody copies a cookie, and brings it when its owner has refreshed and the time to forgive is over. */
async function rob(storm: Storm, owner: Jar): Promise<{ isAccepted: boolean; isOwnerIn: boolean }> {
  const stolen = { cookie: owner.cookie };
  await storm.contender.timePasses(owner, longSeconds);
  await refreshUntilAnswered(storm, owner, false);
  await storm.contender.timePasses(owner, longSeconds);
  const replay = await refreshUntilAnswered(storm, stolen, false);
  const after = await refreshUntilAnswered(storm, owner, false);
  return { isAccepted: replay.status === 200, isOwnerIn: after.status === 200 };
}

function report(name: string, { counts, kills }: Weather): void {
  const { lost, broken, busy, signedOutAfterMs } = counts;
  process.stdout.write(
    `${name}: ${kills} kills, ${lost} answers lost, ${broken} connections broken, ${busy} put off\n`,
  );
  if (signedOutAfterMs.length > 0)
    process.stdout.write(`the first sign-out was under way for ${Math.round(signedOutAfterMs[0] ?? 0)} ms\n`);
}

function p99Of(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1] ?? NaN;
}
