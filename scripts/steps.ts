import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');

/** Caches and test reports: thrown away with node_modules. */
export const cacheFolder = join(root, 'node_modules/.cache/gatehouse');

export type Step = {
  readonly name: string;
  /** A command of node_modules/.bin, or `node`, with its arguments. */
  readonly command: readonly [string, ...string[]];
  /** Instead of the own environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** What a good end is, where it is not exit code 0. */
  readonly isGood?: (end: { readonly exitCode: number | null; readonly output: string }) => boolean;
};

/** A step that hangs is a step that failed. */
const longestMs = 15 * 60 * 1000;

/** Steps that run now: whoever stops us stops them too. */
const running = new Set<ChildProcess>();
process.once('SIGTERM', () => {
  for (const child of running) child.kill();
  process.exit(1);
});

export type StepResult = { readonly name: string; readonly passed: boolean; readonly output: string };

/** Runs steps side by side, as many as the machine has cores, and prints a line for each as it ends. */
export async function runSteps(steps: readonly Step[]): Promise<readonly StepResult[]> {
  const waiting = [...steps];
  const results: StepResult[] = [];
  const work = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift())
      results.push(await runStep(step));
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
  return results;
}

export async function runStep(step: Step): Promise<StepResult> {
  const startMs = performance.now();
  const end = await run(step);
  const { isGood = ({ exitCode }: { readonly exitCode: number | null }) => exitCode === 0 } = step;
  const passed = isGood(end);
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${step.name.padEnd(24)} ${seconds.padStart(6)} s`);
  if (!passed)
    console.log(`${end.output.trimEnd()}\n(${step.command.join(' ')} ended with ${String(end.exitCode)})\n`);
  return { name: step.name, passed, output: end.output };
}

function run({ command: [name, ...args], env = process.env }: Step) {
  const path = [join(root, 'node_modules/.bin'), process.env['PATH']].join(
    process.platform === 'win32' ? ';' : ':',
  );
  const isNode = name === 'node';
  const child = spawn(isNode ? process.execPath : name, args, {
    cwd: root,
    timeout: longestMs,
    env: { ...env, PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: !isNode && process.platform === 'win32',
  });
  running.add(child);
  let output = '';
  const collect = (chunk: Buffer) => (output += chunk.toString());
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return new Promise<{ exitCode: number | null; output: string }>((resolve) => {
    child.once('error', (error) => {
      resolve({ exitCode: null, output: error.message });
    });
    child.once('close', (exitCode) => {
      running.delete(child);
      resolve({ exitCode, output });
    });
  });
}

/** Tests of one project, with a report that `countTests` reads. */
export function vitestStep(project: string): Step {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile(project)}`];
  return { name: `tests: ${project}`, command: ['vitest', 'run', '--project', project, ...reporters] };
}

export function reportFile(name: string): string {
  return join(cacheFolder, 'reports', `${name}.json`);
}

/** Reports of an earlier run would be counted as tests of this one. */
export function forgetReports(): void {
  rmSync(join(cacheFolder, 'reports'), { recursive: true, force: true });
  mkdirSync(join(cacheFolder, 'reports'), { recursive: true });
}

export type Count = { readonly passed: number; readonly failed: number };

/** What vitest's or Playwright's report says; nothing where there is no report. */
export function countTests(name: string): Count {
  try {
    // The two shapes that the two tools write.
    const report = JSON.parse(readFileSync(reportFile(name), 'utf8')) as {
      numPassedTests?: number;
      numFailedTests?: number;
      stats?: { expected: number; unexpected: number; flaky: number };
    };
    const { numPassedTests = 0, numFailedTests = 0, stats } = report;
    // A test that passed only when it was tried again is not one to trust.
    if (stats !== undefined) return { passed: stats.expected, failed: stats.unexpected + stats.flaky };
    return { passed: numPassedTests, failed: numFailedTests };
  } catch {
    return { passed: 0, failed: 0 };
  }
}
