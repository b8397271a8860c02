import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { inRun } from './run.ts';
import { crowdOfGatehouse } from './crowd.ts';
import { takeTurns } from './rounds.ts';
import { startProgram, untilReady } from './programs/program.ts';
execFileSync('renice', ['-n', '-15', '-p', String(process.pid)]);
await inRun(async (run) => {
  const g = await run.gatehouse(); const f = await run.bareFastify();
  const h = startProgram({ script: '/tmp/hdr.mjs', logFile: '/tmp/hdr.log' }); await untilReady(h, new URL('http://127.0.0.1:4777/'));
  const cookieFile = `${run.folder}/c`; await writeFile(cookieFile, (await crowdOfGatehouse(run.database, 64)).join('\n'));
  const of = await takeTurns([
    { name: 'gate', pid: g.pid, asked: { url: new URL('/auth/verify', g.url), cookieFile } },
    { name: 'bare', pid: f.pid, asked: { url: new URL('/auth/verify', f.url), cookieFile } },
    { name: 'big', pid: h.pid, asked: { url: new URL('http://127.0.0.1:4777/big'), cookieFile } },
    { name: 'small', pid: h.pid, asked: { url: new URL('http://127.0.0.1:4777/'), cookieFile } },
  ], { rounds: 4, seconds: 2, warmUpSeconds: 5 });
  for (const n of ['gate', 'bare', 'big', 'small']) console.log(n, of(n));
  await h.stop();
});
process.exit(0);
