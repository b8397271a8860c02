// npm run bench [-- part …]: measures, and prints a table of ratios against what was measured in the same run.
import { availableParallelism } from 'node:os';
import { closeConnections } from './ask.ts';
import { generator } from './load.ts';
import type { Finding, Part } from './part.ts';
import { bearer } from './parts/bearer.ts';
import { me } from './parts/me.ts';
import { members } from './parts/members.ts';
import { passwords } from './parts/passwords.ts';
import { refresh } from './parts/refresh.ts';
import { revocation } from './parts/revocation.ts';
import { signIns } from './parts/sign-ins.ts';
import { start } from './parts/start.ts';
import { storm } from './parts/storm.ts';
import { uncached } from './parts/uncached.ts';
import { verify } from './parts/verify.ts';
import { workers } from './parts/workers.ts';
import { inRun } from './run.ts';
import { tableOf } from './table.ts';

const parts: Readonly<Record<string, Part>> = {
  verify,
  uncached,
  me,
  members,
  refresh,
  bearer,
  storm,
  passwords,
  'sign-ins': signIns,
  revocation,
  workers,
  start,
};
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no part ${unknown.join(', ')}. Parts: ${Object.keys(parts).join(', ')}\n`);
  process.exit(1);
}

const findings: Finding[] = [];
const tool = generator === undefined ? 'autocannon' : 'wrk';
process.stdout.write(`${availableParallelism()} cores, Node ${process.versions.node}, load by ${tool}\n`);
for (const [name, part] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const startedMs = performance.now();
  await inRun((run) => part(run, (finding) => void findings.push(finding)));
  process.stdout.write(`${name}: ${Math.round((performance.now() - startedMs) / 1000)} s\n`);
}
closeConnections();
process.stdout.write(`\n${tableOf(findings)}`);
