import { fork } from 'node:child_process';
import { once } from 'node:events';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Answered, Doom, Told } from './doomed-clouds.ts';
import type { Variables } from './processes.ts';

export type DoomedProcess = {
  /** Starts one more Cloud Backend in it. */
  open(env: Variables): Promise<URL>;
  /** From now on the Cloud Backend on this database counts, and stands still at its place. Resolves at once. */
  arm(database: string, doom: Doom): Promise<{ readonly standsStill: Promise<void> }>;
  /** What that Cloud Backend has sent since. */
  statementsOf(database: string): Promise<readonly string[]>;
  /** `kill -9`; resolves when it is dead. */
  kill(): Promise<void>;
};

/** Starts a process for Cloud Backends that are to be killed; it is dead when the test is over. */
export function startDoomedProcess(): DoomedProcess {
  const script = join(import.meta.dirname, 'doomed-clouds.ts');
  const child = fork(script, { env: { HOME: homedir() }, execArgv: [] });
  const dead = once(child, 'exit');
  const asked: ((answered: Answered) => void)[] = [];
  const still = new Map<string, () => void>();
  child.on('message', (answered: Answered) => {
    if ('standsStill' in answered) still.get(answered.standsStill)?.();
    else asked.shift()?.(answered);
  });
  const ask = (told: Told) =>
    new Promise<Answered>((resolve, reject) => {
      asked.push(resolve);
      void dead.then(() => {
        reject(new Error('it died before it answered'));
      });
      child.send(told);
    });
  const kill = async () => {
    child.kill('SIGKILL');
    await dead;
  };
  onTestFinished(kill);
  return {
    async open(env) {
      const answered = await ask({ open: env });
      return new URL('address' in answered ? answered.address : '');
    },
    async arm(database, doom) {
      const standsStill = new Promise<void>((resolve) => still.set(database, resolve));
      await ask({ arm: doom, database });
      return { standsStill };
    },
    async statementsOf(database) {
      const answered = await ask({ tellOf: database });
      return 'statements' in answered ? answered.statements : [];
    },
    kill,
  };
}
