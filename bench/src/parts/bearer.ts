import { writeFile } from 'node:fs/promises';
import { ask } from '../ask.ts';
import { crowdOfGatehouse } from '../crowd.ts';
import { familiesOfGatehouse, refreshCookie, young } from '../families.ts';
import type { Part } from '../part.ts';
import { publicHost } from '../programs/gatehouse.ts';
import { takeTurns } from '../rounds.ts';
import type { Run } from '../run.ts';

const people = 64;

/** `/api/v1/me` asked for with access tokens that the process knows, beside a bare server that answers the same. */
export const bearer: Part = async (run, tell) => {
  const gatehouse = await run.gatehouse();
  const families = await familiesOfGatehouse(run.database, { people, each: 1, ...young });
  const accessTokens: string[] = [];
  for (const token of families) accessTokens.push(await accessTokenFor(gatehouse.url, token));
  const cookieFile = `${run.folder}/access-tokens`;
  await writeFile(cookieFile, accessTokens.join('\n'));
  const url = new URL('/api/v1/me', gatehouse.url);
  const headers = { host: publicHost, authorization: `Bearer ${accessTokens[0] ?? ''}` };
  const bare = await run.bareFastify((await ask(url, { headers })).body);
  const lineIs = 'bearer';
  const of = await takeTurns([
    { name: 'bearer', pid: gatehouse.pid, asked: { url, cookieFile, lineIs } },
    { name: 'cookie', pid: gatehouse.pid, asked: { url, cookieFile: await sessionCookies(run) } },
    { name: 'bare', pid: bare.pid, asked: { url: new URL('/api/v1/me', bare.url), cookieFile, lineIs } },
  ]);
  tell({
    row: '/api/v1/me with an access token',
    unit: '1/s',
    ours: of('bearer').perSecond,
    baseline: { name: 'bare Fastify', value: of('bare').perSecond },
    target: { least: 0.7 },
  });
  const ours = of('bearer').processorUs;
  const time = (name: string, value: number) => ({ unit: 'µs', ours, baseline: { name, value } });
  tell({ row: 'processor time of that', ...time('bare Fastify', of('bare').processorUs) });
  tell({ row: 'processor time of that', ...time('with a session cookie', of('cookie').processorUs) });
};

async function sessionCookies({ database, folder }: Run): Promise<string> {
  const file = `${folder}/session-cookies`;
  await writeFile(file, (await crowdOfGatehouse(database, people)).join('\n'));
  return file;
}

async function accessTokenFor(url: URL, refreshToken: string): Promise<string> {
  const headers = { host: publicHost, cookie: refreshCookie(refreshToken), 'x-csrf': '1' };
  const answer = await ask(new URL('/api/v1/auth/refresh', url), { method: 'POST', headers });
  if (answer.status !== 200) throw new Error(`no tokens: ${answer.status} ${answer.body}`);
  // What the contract says of a 200 here.
  return (JSON.parse(answer.body) as { accessToken: string }).accessToken;
}
