import { writeFile } from 'node:fs/promises';
import { crowdOfGatehouse } from '../crowd.ts';
import type { Part } from '../part.ts';
import { takeTurns } from '../rounds.ts';

const known = 64;
const unknown = 30_000;

/** `/api/v1/me` of people whom the process knows, and of people whom it has not met. */
export const me: Part = async (run, tell) => {
  const gatehouse = await run.gatehouse();
  const knownFile = `${run.folder}/cookies-known`;
  const unknownFile = `${run.folder}/cookies-unknown`;
  await writeFile(knownFile, (await crowdOfGatehouse(run.database, known)).join('\n'));
  await writeFile(unknownFile, (await crowdOfGatehouse(run.database, unknown)).join('\n'));
  const url = new URL('/api/v1/me', gatehouse.url);
  const { pid } = gatehouse;
  // As few at a time as are let in while others wait for the database.
  const connections = 8;
  const of = await takeTurns([
    { name: 'known', pid, asked: { url, cookieFile: knownFile, connections } },
    { name: 'unknown', pid, asked: { url, cookieFile: unknownFile, connections }, goesOn: true },
  ]);
  const [cached, asked] = [of('known'), of('unknown')];
  const baseline = { name: 'from the database', value: asked.perSecond };
  tell({ row: '/api/v1/me, known', unit: '1/s', ours: cached.perSecond, baseline });
  tell({ row: '/api/v1/me, known, 99th of 100', unit: 'ms', ours: cached.p99Ms });
  tell({ row: '/api/v1/me, from the database, 99th of 100', unit: 'ms', ours: asked.p99Ms });
};
