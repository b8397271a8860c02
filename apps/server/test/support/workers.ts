import { expect } from 'vitest';
import { startCloud, until } from './processes.ts';
import type { Running, RunningCloud, Variables } from './processes.ts';

export type Line = {
  readonly pid: number;
  readonly time: string;
  readonly msg: string;
  readonly route?: string;
  readonly worker?: number;
  readonly metrics?: string;
};

/** What it has logged so far. */
function linesOf(running: Running): Line[] {
  const whole = running.said.out.slice(0, running.said.out.lastIndexOf('\n'));
  // Whatever is no line of ours fails the test here.
  return whole.split('\n').map((line) => JSON.parse(line) as Line);
}

export function linesWith(running: Running, message: string): Line[] {
  return linesOf(running).filter(({ msg }) => msg === message);
}

/** Process ids of the workers that have listened, in that order, living or not. */
export function workersOf(running: Running): number[] {
  return linesWith(running, 'listening').map(({ pid }) => pid);
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Starts a Cloud Backend of several workers, and waits until each of them is ready. */
export async function startCrew(env: Variables, count: number): Promise<RunningCloud> {
  const cloud = await startCloud({ ...env, CLOUDGRID_WORKERS: String(count) });
  await until(() => linesWith(cloud, 'every worker is ready').length > 0);
  expect(new Set(workersOf(cloud)).size).toBe(count);
  return cloud;
}
