import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export type LineKind = 'cookie' | 'refresh' | 'bearer';

export type Load = {
  readonly url: URL;
  /** A cookie or a token a line; each request takes the next. */
  readonly cookieFile: string;
  /** What a line is: a session's cookie unless told. A refresh cookie is posted; a token goes as Bearer. */
  readonly lineIs?: LineKind;
  /** After so many lines. */
  readonly from?: number;
  readonly seconds: number;
  readonly connections?: number;
};

export type Outcome = { readonly requests: number; readonly perSecond: number; readonly p99Ms: number };

const run = promisify(execFile);
const requestsScript = fileURLToPath(new URL('requests.lua', import.meta.url));
const autocannon = fileURLToPath(new URL('../node_modules/.bin/autocannon', import.meta.url));
const mostBytes = 16 * 1024 * 1024;

/** Which generator is there: wrk takes least of the cores that it shares with what it measures. */
export const generator = ['/usr/bin/wrk', '/usr/local/bin/wrk'].find((path) => existsSync(path));

/** Asks as fast as it is answered. @throws where anything but 200 came back: a rate of refusals is none. */
export async function load(asked: Load): Promise<Outcome> {
  return generator === undefined ? await loadWithAutocannon(asked) : await loadWithWrk(generator, asked);
}

async function loadWithWrk(wrk: string, asked: Load): Promise<Outcome> {
  const { url, cookieFile, lineIs = 'cookie', from = 0, seconds, connections = 32 } = asked;
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-s', requestsScript];
  const { stdout } = await run(wrk, [...args, url.href, '--', cookieFile, String(from), lineIs]);
  const refused = /Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1];
  const [, broken] = /Socket errors: (.*)/.exec(stdout) ?? [];
  if (refused !== undefined || broken !== undefined)
    throw new Error(`${url.href}: ${refused ?? 0} refused, ${broken ?? 'none broken'}`);
  const [, requests = '0', took = '1', unit = 's'] = /(\d+) requests in ([\d.]+)(m?s)/.exec(stdout) ?? [];
  const [, p99 = 'NaN', p99Unit = 'ms'] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? [];
  const perMs = { us: 0.001, ms: 1, s: 1000 };
  return {
    requests: Number(requests),
    perSecond: Number(requests) / (Number(took) * (unit === 's' ? 1 : 0.001)),
    p99Ms: Number(p99) * perMs[p99Unit as keyof typeof perMs], // one of the three that the pattern takes
  };
}

/** With the first cookie alone: it can be told no more. */
async function loadWithAutocannon(asked: Load): Promise<Outcome> {
  const { url, cookieFile, lineIs = 'cookie', seconds, connections = 32 } = asked;
  if (lineIs === 'refresh')
    throw new Error('a refresh is measured with wrk alone: each takes a token of its own');
  const [line = ''] = (await readFile(cookieFile, 'utf8')).split('\n', 1);
  const args = [
    '-j',
    '-n',
    '-c',
    String(connections),
    '-d',
    String(seconds),
    '-H',
    lineIs === 'bearer' ? `authorization=Bearer ${line}` : `cookie=${line}`,
  ];
  const { stdout } = await run(process.execPath, [autocannon, ...args, url.href], { maxBuffer: mostBytes });
  // What its `--json` writes.
  const told = JSON.parse(stdout) as {
    requests: { total: number; average: number };
    latency: { p99: number };
    non2xx: number;
    errors: number;
  };
  if (told.non2xx + told.errors > 0)
    throw new Error(`${url.href}: ${told.non2xx} refused, ${told.errors} broken`);
  return { requests: told.requests.total, perSecond: told.requests.average, p99Ms: told.latency.p99 };
}
