import cluster from 'node:cluster';
import { beatEveryMs, isRetirement } from './messages.ts';
import type { News, ToLead } from './messages.ts';

/** A worker's line to the process that leads it. */
export type Line = {
  tell(news: News): void;
  onRetirement(retire: () => void): void;
};

/** From here on the lead hears that we live. Undefined in a process that nobody leads. */
export function joinLead(): Line | undefined {
  if (!cluster.isWorker) return undefined;
  const tell = (news: News) => {
    const message: ToLead = { worker: news };
    // Where the lead is gone Node ends us by itself.
    process.send?.(message, undefined, undefined, () => undefined);
  };
  tell('alive');
  setInterval(tell, beatEveryMs, 'alive').unref();
  // Meant for the lead, though a terminal tells everybody.
  process.on('SIGHUP', () => undefined);
  return {
    tell,
    onRetirement(retire) {
      process.on('message', (message) => {
        if (isRetirement(message)) retire();
      });
    },
  };
}
