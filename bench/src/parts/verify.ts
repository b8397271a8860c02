import { writeFile } from 'node:fs/promises';
import { ask, cookiesOf } from '../ask.ts';
import { crowdOfBetterAuth, crowdOfGatehouse } from '../crowd.ts';
import type { Part } from '../part.ts';
import type { BetterAuth } from '../programs/peer.ts';
import { takeTurns } from '../rounds.ts';
import type { Run } from '../run.ts';

const people = 64;

/** The check of a session that the process knows, beside a bare server and beside Better Auth's two ways. */
export const verify: Part = async (run, tell) => {
  const gatehouse = await run.gatehouse();
  const bare = await run.bareFastify();
  const plain = await run.betterAuth('off');
  const cached = await run.betterAuth('on');
  const cookieFile = `${run.folder}/cookies`;
  await writeFile(cookieFile, (await crowdOfGatehouse(run.database, people)).join('\n'));
  const plainFile = await betterAuthCookies(run, plain, 'plain');
  const cachedFile = await betterAuthCookies(run, cached, 'cached');
  const session = (url: URL) => new URL('/api/auth/get-session', url);
  const check = (url: URL) => new URL('/auth/verify', url);
  const of = await takeTurns([
    { name: 'verify', pid: gatehouse.pid, asked: { url: check(gatehouse.url), cookieFile } },
    { name: 'bare', pid: bare.pid, asked: { url: check(bare.url), cookieFile } },
    { name: 'plain', pid: plain.pid, asked: { url: session(plain.url), cookieFile: plainFile } },
    { name: 'cached', pid: cached.pid, asked: { url: session(cached.url), cookieFile: cachedFile } },
  ]);
  const rate = (name: string) => of(name).perSecond;
  const ours = rate('verify');
  const against = (name: string, value: number) => ({ unit: '1/s', ours, baseline: { name, value } });
  tell({ row: '/auth/verify', ...against('bare Fastify', rate('bare')), target: { least: 0.8 } });
  const beyond = of('verify').processorUs - of('bare').processorUs;
  const note = `${of('verify').processorUs.toFixed(1)} − ${of('bare').processorUs.toFixed(1)}`;
  tell({
    row: 'processor time of a check beyond bare Fastify',
    unit: 'µs',
    ours: beyond,
    note,
    target: { most: 10 },
  });
  tell({ row: '/auth/verify, 99th of 100', unit: 'ms', ours: of('verify').p99Ms, target: { most: 15 } });
  const getSession = against('Better Auth get-session', rate('plain'));
  tell({ row: '/auth/verify', ...getSession, target: { least: 12 } });
  tell({ row: '/auth/verify', ...against('the same with its cookie cache', rate('cached')) });
};

/** As a browser holds them after one request: with the cookie cache, if that is on. */
async function betterAuthCookies(
  run: Run,
  server: BetterAuth & { readonly database: Run['database'] },
  name: string,
): Promise<string> {
  const held: string[] = [];
  for (const cookie of await crowdOfBetterAuth(server.database, people)) {
    const answer = await ask(new URL('/api/auth/get-session', server.url), { headers: { cookie } });
    if (!answer.body.includes('"session"')) throw new Error(`nobody is signed in: ${answer.body}`);
    held.push([cookie, cookiesOf(answer)].filter((part) => part !== '').join('; '));
  }
  const file = `${run.folder}/cookies-${name}`;
  await writeFile(file, held.join('\n'));
  return file;
}
