import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../ask.ts';

export type Variables = Readonly<Record<string, string>>;

/** A program in a process of its own. */
export type Program = {
  readonly pid: number;
  readonly startedAtMs: number;
  /** SIGTERM, and SIGKILL where that is not enough. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  throwIfEnded(): void;
};

export type Start = {
  readonly script: string;
  readonly args?: readonly string[];
  readonly nodeArgs?: readonly string[];
  readonly env?: Variables;
  /** What it prints goes here: nobody reads it while it is measured. */
  readonly logFile: string;
};

const stopMs = 12_000;

export function startProgram({ script, args = [], nodeArgs = [], env = {}, logFile }: Start): Program {
  const log = openSync(logFile, 'a');
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, [...nodeArgs, script, ...args], {
    env: { HOME: homedir(), NODE_ENV: 'production', ...env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${script} did not start`);
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return {
    pid,
    startedAtMs,
    async stop() {
      if (hasEnded()) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
      await ended;
      clearTimeout(timer);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    throwIfEnded() {
      if (hasEnded()) throw new Error(`${script} ended:\n${readFileSync(logFile, 'utf8').slice(-2_000)}`);
    },
  };
}

/** Waits for the first 200; answers how long that took from the program's start, in milliseconds. */
export async function untilReady(program: Program, url: URL): Promise<number> {
  const deadlineMs = program.startedAtMs + 60_000;
  for (;;) {
    program.throwIfEnded();
    const answer = await ask(url, { keepAlive: false }).catch(() => undefined);
    const nowMs = performance.now();
    if (answer?.status === 200) return nowMs - program.startedAtMs;
    if (nowMs > deadlineMs) throw new Error(`${url.href} was not ready in a minute`);
    await sleep(3);
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}
