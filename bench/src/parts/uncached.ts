import { writeFile } from 'node:fs/promises';
import { crowdOfBetterAuth, crowdOfGatehouse } from '../crowd.ts';
import type { Part } from '../part.ts';
import { takeTurns } from '../rounds.ts';

/** More than are asked about in all turns, and fewer than the process could keep. */
const people = 40_000;

/** The first check of each session: nothing is known of it or of its person, so the database is asked. */
export const uncached: Part = async (run, tell) => {
  const gatehouse = await run.gatehouse();
  const plain = await run.betterAuth('off');
  const ourFile = `${run.folder}/cookies-ours`;
  const itsFile = `${run.folder}/cookies-its`;
  await writeFile(ourFile, (await crowdOfGatehouse(run.database, people)).join('\n'));
  await writeFile(itsFile, (await crowdOfBetterAuth(plain.database, people)).join('\n'));
  const of = await takeTurns([
    {
      name: 'ours',
      pid: gatehouse.pid,
      asked: { url: new URL('/auth/verify', gatehouse.url), cookieFile: ourFile },
      goesOn: true,
    },
    {
      name: 'its',
      pid: plain.pid,
      asked: { url: new URL('/api/auth/get-session', plain.url), cookieFile: itsFile },
      goesOn: true,
    },
  ]);
  tell({
    row: 'first check of a session',
    unit: '1/s',
    ours: of('ours').perSecond,
    baseline: { name: 'Better Auth get-session', value: of('its').perSecond },
    target: { least: 12 },
  });
};
