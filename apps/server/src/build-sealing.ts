import { sealEvents } from './audit/index.ts';
import type { Log } from './http/log.ts';
import type { Chore } from './jobs/housekeeping.ts';
import type { Secret } from './kernel/secret.ts';
import { deriveKeys } from './keys/index.ts';

const mostTold = 20;

/** Seals what happened, under the first master key. */
export function sealTrail(masterKeys: readonly Secret[], log: Log): Chore {
  const [key] = deriveKeys(masterKeys, 'cloud/audit-seal/v2');
  if (key === undefined) throw new Error('no master key is configured');
  return async (tx, now) => {
    const { count, refused } = await sealEvents(tx, key, now);
    const tell = () => {
      if (refused.length === 0) return;
      const facts = { count: refused.length, events: refused.slice(0, mostTold) };
      log.error(
        facts,
        'events carry a time long past: slipped into the trail, or by a process with a wrong clock',
      );
    };
    return { count, tell };
  };
}
