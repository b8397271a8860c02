import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openBrowser } from './browser.ts';
import type { Browser } from './browser.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** How a process ended: by itself with a code, or by a signal. */
export type End = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type Running = {
  readonly pid: number;
  /** What it has written so far. */
  readonly said: { readonly out: string; readonly err: string };
  readonly end: Promise<End>;
  hasEnded(): boolean;
  signal(name: NodeJS.Signals): void;
  /** To the process and everything in its group, as Ctrl-C in a terminal does. */
  signalGroup(name: NodeJS.Signals): void;
  /** From now on nobody reads what it prints to standard output. */
  turnDeaf(): void;
};

export type StartOptions = {
  readonly script: string;
  readonly args?: readonly string[];
  readonly nodeArgs?: readonly string[];
  readonly env: Variables;
};

const source = join(import.meta.dirname, '../../src');
export const cloudScript = join(source, '../dist/cloud.mjs');
export const explainScript = join(source, 'explain.ts');

/** Starts a program of ours with this environment and nothing of our own; it is dead when the test is over. */
export function startProcess({ script, args = [], nodeArgs = [], env }: StartOptions): Running {
  const child = spawn(process.execPath, [...nodeArgs, script, ...args], {
    env: { HOME: homedir(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const running = follow(child);
  onTestFinished(async () => {
    if (!running.hasEnded()) running.signal('SIGKILL');
    child.stdout.destroy();
    await running.end;
  });
  return running;
}

function follow(child: ChildProcess): Running {
  const said = { out: '', err: '' };
  child.stdout?.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  const end = new Promise<End>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ code, signal });
    });
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the process did not start');
  return {
    pid,
    said,
    end,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    signal: (name) => child.kill(name),
    signalGroup: (name) => process.kill(-pid, name),
    turnDeaf: () => child.stdout?.pause(),
  };
}

/** The end of a program that does its work and goes. */
export async function runToEnd(options: StartOptions): Promise<End & { out: string; err: string }> {
  const running = startProcess(options);
  return { ...(await running.end), ...running.said };
}

export type RunningCloud = Running & { readonly address: URL; newBrowser(): Browser };

/** The origin that every sign-in of these tests begins and ends at. */
export const publicOrigin = new URL('http://localhost:3000');

/** Starts the Cloud Backend and waits until it listens. */
export async function startCloud(env: Variables, options: Partial<StartOptions> = {}): Promise<RunningCloud> {
  const running = startProcess({ script: cloudScript, ...options, env });
  const address = await addressOf(running);
  return {
    ...running,
    address,
    newBrowser: () => openBrowser({ publicOrigin, serverAddress: () => address }),
  };
}

/** Waits for the line that tells where it listens. */
async function addressOf(running: Running): Promise<URL> {
  const found = () => /"address":"(http:[^"]+)"/.exec(running.said.out)?.[1];
  await until(() => found() !== undefined || running.hasEnded());
  const address = found();
  if (address === undefined)
    throw new Error(`it ended before it listened: ${running.said.err || running.said.out}`);
  return new URL(address);
}

/** Waits, 20 s at most unless told. */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`it did not come about in ${String(withinMs)} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The status of a health probe; 0 where nobody answers. */
export async function probe(address: URL, path: '/livez' | '/readyz'): Promise<number> {
  const answer = await fetch(new URL(path, address)).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.status ?? 0;
}
