import { mkdtemp, writeFile } from 'node:fs/promises';
import { startPostgres } from './postgres.ts';
import { startStandIn } from './programs/stand-in.ts';
import { startGatehouse } from './programs/gatehouse.ts';
import { startBareFastify } from './programs/bare-fastify.ts';
import { crowdOfGatehouse } from './crowd.ts';
const folder = await mkdtemp('/tmp/gh-try-');
const pgx = await startPostgres(folder);
const db = await pgx.makeDatabase('bench2');
const standIn = await startStandIn(folder);
const g = await startGatehouse({
  database: db,
  standIn,
  folder,
  port: 4555,
  ...(process.argv[2] === 'prof' && {
    nodeArgs: ['--cpu-prof', '--cpu-prof-dir=/tmp/prof', '--cpu-prof-interval=200'],
  }),
});
const f = await startBareFastify(folder);
const cookies = await crowdOfGatehouse(db, 64);
await writeFile('/tmp/gh-cookies.txt', cookies.join('\n'));
await writeFile(
  '/tmp/gh-try.json',
  JSON.stringify({
    pid: g.pid,
    fpid: f.pid,
    url: g.url.href,
    furl: f.url.href,
    ready: g.readyAfterMs,
    folder,
    db: db.url,
    issuer: standIn.url.origin,
  }),
);
console.log('up');
process.once('SIGTERM', async () => {
  await g.stop();
  await f.stop();
  await standIn.stop();
  await pgx.stop();
  process.exit(0);
});
setInterval(() => {}, 1000);
