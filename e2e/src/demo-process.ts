import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(import.meta.dirname, '../..');
const patienceMs = { ready: 60_000, stop: 20_000, run: 40_000 };

export type Demo = {
  /** Settles when its table is printed; a demo that cannot get there is dead when this rejects. */
  readonly ready: Promise<void>;
  /** Everything it printed. */
  readonly output: () => string;
  /** Ctrl-C, as a terminal sends it, and the end of it where that does not help. Resolves to the exit code. */
  stop(): Promise<number | null>;
};

type Environment = Readonly<Record<string, string>>;

function start(args: readonly string[], environment: Environment) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, closed, output: () => printed };
}

/** Starts the demo as `npm run demo` does once the pages are built. */
export function startDemo({ port, dataDir }: { port: number; dataDir: string }): Demo {
  const environment = { CLOUDGRID_BFF_PORT: String(port), DATA_DIR: dataDir };
  const { child, closed, output } = start(['demo/src/demo.ts'], environment);
  const stop = async () => {
    child.kill('SIGINT');
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs.stop);
    return await closed.finally(() => {
      clearTimeout(timer);
    });
  };
  const printedTable = new Promise<'ready'>((resolve) => {
    child.stdout.on('data', () => {
      if (output().includes('Ctrl-C')) resolve('ready');
    });
  });
  const getReady = async () => {
    const late = sleep(patienceMs.ready, 'late' as const, { ref: false });
    const came = await Promise.race([printedTable, closed, late]);
    if (came === 'ready') return;
    await stop();
    throw new Error(`the demo ${came === 'late' ? 'did not get ready' : 'ended'}:\n${output()}`);
  };
  return { ready: getReady(), output, stop };
}

/** Runs one of our programs to its end, which comes by force where it does not come by itself. */
async function run(
  args: readonly string[],
  environment: Environment,
): Promise<{ code: number | null; printed: string }> {
  const { child, closed, output } = start(args, environment);
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs.run);
  const code = await closed;
  clearTimeout(timer);
  return { code, printed: output() };
}

export async function explain(reference: string, dataDir: string): Promise<string> {
  return (await run(['apps/server/src/explain.ts', reference], { DATA_DIR: dataDir })).printed;
}

/** A start of the demo that is expected to fail. */
export async function startInVain(
  environment: Environment,
): Promise<{ code: number | null; printed: string }> {
  return await run(['demo/src/demo.ts'], environment);
}
