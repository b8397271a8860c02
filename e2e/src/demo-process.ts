import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const patienceMs = 60_000;

export type Demo = {
  readonly process: ChildProcess;
  /** Everything it printed. */
  readonly output: () => string;
  /** Ctrl-C, as a terminal sends it. Resolves to the exit code. */
  stop(): Promise<number | null>;
};

/** Runs the demo as `npm run demo` does once the pages are built, until its table is printed. */
export async function startDemo(options: { port: number; dataDir: string }): Promise<Demo> {
  const child = spawn(process.execPath, ['demo/src/demo.ts'], {
    cwd: root,
    env: { ...process.env, CLOUDGRID_BFF_PORT: String(options.port), DATA_DIR: options.dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`the demo did not get ready:\n${printed}`));
    }, patienceMs);
    child.stdout.on('data', () => {
      if (!printed.includes('Ctrl-C')) return;
      clearTimeout(timer);
      resolve();
    });
    void exited.then(() => {
      clearTimeout(timer);
      reject(new Error(`the demo ended:\n${printed}`));
    });
  });
  await ready;
  return {
    process: child,
    output: () => printed,
    async stop() {
      child.kill('SIGINT');
      return await exited;
    },
  };
}

export async function explain(reference: string, dataDir: string): Promise<string> {
  const child = spawn(process.execPath, ['apps/server/src/explain.ts', reference], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  return printed;
}
