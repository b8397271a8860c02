import { writeFile } from 'node:fs/promises';
import { familiesOfGatehouse, old, refreshCookie, young } from '../families.ts';
import type { Part } from '../part.ts';
import { takeTurns } from '../rounds.ts';
import type { Contestant } from '../rounds.ts';
import type { Run } from '../run.ts';

/** More than are rotated in all turns. */
const tokensEach = 60;
const knownPeople = 1_000;
const unknownPeople = 30_000;
const youngOnes = 64;
/** How often each is asked for by another sender: a sender may ask 1,200 times a minute. */
const youngTurns = 1_000;
/** As few at a time as are let in while others wait for the database. */
const connections = 16;

/** A refresh that rotates, beside the bare statement that does; then one whose token is too young for that. */
export const refresh: Part = async (run, tell) => {
  const of = await takeTurns(await contestantsIn(run));
  await throwUnlessRotated(run);
  const baseline = { name: 'bare rotation', value: of('bare').perSecond };
  const rate = (row: string, name: string) => ({ row, unit: '1/s', ours: of(name).perSecond, baseline });
  tell({ ...rate('refresh that rotates', 'rotated'), target: { least: 0.5 } });
  tell(rate('the same of people whom the process has not met', 'strangers'));
  tell(rate('refresh with a token younger than ten seconds', 'young'));
  tell({ row: 'refresh that rotates, 99th of 100', unit: 'ms', ours: of('rotated').p99Ms });
  const time = { name: 'bare rotation', value: of('bare').processorUs };
  tell({ row: 'processor time of a refresh', unit: 'µs', ours: of('rotated').processorUs, baseline: time });
};

async function contestantsIn(run: Run): Promise<Contestant[]> {
  const { pid, url } = await run.gatehouse();
  const tokens = await familiesOfGatehouse(run.database, { people: knownPeople, each: tokensEach, ...old });
  const strangers = await familiesOfGatehouse(run.database, { people: unknownPeople, each: 1, ...old });
  const fresh = await familiesOfGatehouse(run.database, { people: youngOnes, each: 1, ...young });
  const bare = await run.bareRotation(tokens);
  const known = await cookieFileOf(run, 'known', tokens);
  const again = Array.from({ length: youngTurns }, () => fresh).flat();
  const theirs = await cookieFileOf(run, 'strangers', strangers);
  const asking = (cookieFile: string, at = new URL('/api/v1/auth/refresh', url)) => ({
    goesOn: true,
    asked: { url: at, cookieFile, lineIs: 'refresh' as const, connections },
  });
  return [
    { name: 'rotated', pid, ...asking(known) },
    { name: 'bare', pid: bare.pid, ...asking(known, new URL('/refresh', bare.url)) },
    { name: 'strangers', pid, ...asking(theirs) },
    { name: 'young', pid, ...asking(await cookieFileOf(run, 'young', again)) },
  ];
}

async function cookieFileOf({ folder }: Run, name: string, tokens: readonly string[]): Promise<string> {
  const file = `${folder}/refresh-${name}`;
  await writeFile(file, tokens.map(refreshCookie).join('\n'));
  return file;
}

/** What was answered from a token that somebody had rotated already is not what is measured here. */
async function throwUnlessRotated({ database }: Run): Promise<void> {
  const [left] = await database.query<{ known: number; strangers: number }>(
    `select count(*) filter (where per_person > 1)::int as known, count(*) filter (where per_person = 1)::int as strangers
     from (select count(*) over (partition by s.user_id) as per_person from gatehouse.refresh_tokens t
       join gatehouse.sessions s on s.id = t.session_id
       where t.rotated_at is null and t.created_at < now() - interval '30 minutes') unused`,
  );
  if (left === undefined || left.known === 0 || left.strangers === 0)
    throw new Error('there were fewer tokens than requests');
}
