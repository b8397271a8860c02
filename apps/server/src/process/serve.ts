import { setTimeout as sleep } from 'node:timers/promises';
import type { Line } from './join-lead.ts';

export type Server = {
  listen(): Promise<{ readonly address: string }>;
  isReady(): Promise<boolean>;
  /** Finishes what runs. `isReplaced`: another answers in its place, so that readiness need not fall. */
  close(how: { readonly isReplaced: boolean }): Promise<void>;
};

type ServeOptions = {
  readonly log: {
    info(facts: object, line: string): void;
    fatal(facts: object, line: string): void;
  };
  /** Told with the address. */
  readonly facts: object;
  /** To the process that leads this one, if one does. */
  readonly lead: Line | undefined;
};

const askReadinessMs = 50;

/**
 * Listens, and on SIGTERM or SIGINT ends in order, also while it is being built. Resolves with the exit code.
 * @throws whatever kept it from listening, once it is closed again.
 */
export async function serve(building: Promise<Server>, { log, facts, lead }: ServeOptions): Promise<number> {
  const ended = Promise.withResolvers<number>();
  let isStopping = false;
  const stop = async (how: { isReplaced: boolean; signal?: string }) => {
    if (isStopping) return;
    isStopping = true;
    log.info(how, 'stopping');
    try {
      // What is being started, such as an embedded database, is stopped as well.
      await (await building).close(how);
      ended.resolve(0);
    } catch (error) {
      log.fatal({ err: error }, 'could not stop');
      ended.resolve(1);
    }
  };
  // Never `once`: npm passes on a Ctrl-C that the terminal has sent already, and the second must not cut off the first.
  for (const signal of ['SIGTERM', 'SIGINT'])
    process.on(signal, () => void stop({ isReplaced: false, signal }));
  lead?.onRetirement(() => void stop({ isReplaced: true }));
  const server = await building;
  try {
    const { address } = await server.listen();
    log.info({ address, ...facts }, 'listening');
    lead?.tell('listening');
    if (lead !== undefined) void tellOfReadiness(server, lead);
  } catch (error) {
    if (!isStoppedBy()) {
      log.fatal({ err: error }, 'could not start');
      await server.close({ isReplaced: false });
      throw error;
    }
  }
  return await ended.promise;
  function isStoppedBy(): boolean {
    return isStopping;
  }
}

async function tellOfReadiness(server: Server, lead: Line): Promise<void> {
  while (!(await server.isReady().catch(() => false))) await sleep(askReadinessMs, undefined, { ref: false });
  lead.tell('ready');
}
