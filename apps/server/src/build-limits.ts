import type { LimitStore } from './db/limit-store.ts';
import { openRateLimits } from './http/limits/rate-limits.ts';
import type { RateLimits } from './http/limits/rate-limits.ts';
import type { Secret } from './kernel/secret.ts';
import { mac } from './kernel/tokens.ts';
import { deriveKeys } from './keys/index.ts';

const purpose = 'cloud/rate-limit/v1';

/** Limits that all replicas count together. No address is stored: only who holds the master key could try them out. */
export function openLimits(store: LimitStore, masterKeys: readonly Secret[]): RateLimits {
  const [current] = deriveKeys(masterKeys, purpose);
  if (current === undefined) throw new Error('no master key is configured');
  const key = current.key.reveal();
  return openRateLimits({
    store,
    hideSender: (network) => mac(key, purpose, [network]).toString('base64url'),
  });
}
