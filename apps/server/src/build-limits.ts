import type { LimitStore } from './db/limit-store.ts';
import { openPasswordLimits } from './http/limits/password-limits.ts';
import type { PasswordLimits } from './http/limits/password-limits.ts';
import { openRateLimits } from './http/limits/rate-limits.ts';
import type { RateLimitOptions, RateLimits } from './http/limits/rate-limits.ts';
import type { Secret } from './kernel/secret.ts';
import { mac } from './kernel/tokens.ts';
import { deriveKeys } from './keys/index.ts';

const purpose = 'cloud/rate-limit/v1';

/** Limits that all replicas count together. */
export function openLimits(store: LimitStore, masterKeys: readonly Secret[]): RateLimits {
  return openRateLimits(countingIn(store, masterKeys));
}

export function openLimitsOnPasswords(store: LimitStore, masterKeys: readonly Secret[]): PasswordLimits {
  return openPasswordLimits(countingIn(store, masterKeys));
}

/** No address is stored, of a network or of a person: only who holds the master key could try them out. */
function countingIn(store: LimitStore, masterKeys: readonly Secret[]): RateLimitOptions {
  const [current] = deriveKeys(masterKeys, purpose);
  if (current === undefined) throw new Error('no master key is configured');
  const key = current.key.reveal();
  return { store, hideSender: (name) => mac(key, purpose, [name]).toString('base64url') };
}
