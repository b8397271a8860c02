import { fork } from 'node:child_process';
import { once } from 'node:events';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Doom, Told } from './doomed-cloud.ts';
import type { Variables } from './processes.ts';

export type Doomed = {
  readonly address: URL;
  /** From now on it waits for its place to die at. */
  arm(doom: Doom): Promise<void>;
  /** The statements that it has sent since it was armed. */
  statements(): Promise<readonly string[]>;
  kill(): void;
  readonly dead: Promise<unknown>;
};

/** Starts a Cloud Backend that can be told where to die. */
export async function startDoomed(env: Variables): Promise<Doomed> {
  const script = join(import.meta.dirname, 'doomed-cloud.ts');
  const child = fork(script, { env: { HOME: homedir(), ...env }, execArgv: [] });
  const dead = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await dead;
  });
  const { address } = await hear(child);
  if (address === undefined) throw new Error('it did not tell where it listens');
  return {
    address: new URL(address),
    async arm(doom) {
      child.send(doom);
      await hear(child);
    },
    async statements() {
      child.send('tell');
      return (await hear(child)).statements ?? [];
    },
    kill: () => child.kill('SIGKILL'),
    dead,
  };
}

async function hear(child: ReturnType<typeof fork>): Promise<Told> {
  const gone = once(child, 'exit').then(() => {
    throw new Error('it died before it answered');
  });
  const [told] = (await Promise.race([once(child, 'message'), gone])) as [Told]; // sent by our own script
  gone.catch(() => undefined);
  return told;
}
