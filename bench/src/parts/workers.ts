import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { crowdOfGatehouse } from '../crowd.ts';
import type { Part } from '../part.ts';
import { takeTurns } from '../rounds.ts';

/** One core is the generator's; where there are fewer than five, fewer workers have one each. */
const most = 4;
const people = 64;

/** The same check answered by several processes on one port. */
export const workers: Part = async (run, tell) => {
  const count = Math.min(most, Math.max(2, availableParallelism()));
  const one = await run.gatehouse();
  const several = await run.gatehouse({ env: { CLOUDGRID_WORKERS: String(count) } });
  const cookieFile = `${run.folder}/cookies`;
  await writeFile(cookieFile, (await crowdOfGatehouse(run.database, people)).join('\n'));
  const check = (url: URL) => ({ url: new URL('/auth/verify', url), cookieFile, connections: 64 });
  const of = await takeTurns([
    { name: 'one', pid: one.pid, asked: check(one.url) },
    { name: 'several', pid: several.pid, asked: check(several.url) },
  ]);
  const hasCores = availableParallelism() > most;
  tell({
    row: `/auth/verify by ${count} processes`,
    unit: '1/s',
    ours: of('several').perSecond,
    baseline: { name: 'one process', value: of('one').perSecond },
    ...(hasCores
      ? { target: { least: 3 } }
      : {
          note: `${availableParallelism()} cores, shared with the generator: too few for the target of four`,
        }),
  });
};
