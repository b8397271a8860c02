import type { JWK } from 'jose';
import type { Clock } from '../kernel/clock.ts';
import { minuteMs, secondMs } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import type { OutboundFetch } from '../kernel/outbound.ts';
import type { Claims } from './answers.ts';
import { isObject, successIn } from './answers.ts';
import { waitUntil } from './deadline.ts';
import { keep } from './kept.ts';

export type SigningAlgorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA';

/** The one thing that a token's header is trusted for: which of the published keys to try. */
export type KeyHint = { readonly alg: SigningAlgorithm; readonly kid?: string };

export type PublishedKey = {
  readonly jwk: JWK;
  readonly kid?: string;
  /** Entra says of some keys for which issuer they sign; it may hold the template `{tenantid}`. */
  readonly issuer?: string;
};

export type KeySet = {
  /**
   * The published key that fits. An unknown key id fetches the keys anew, at most once a second and five times a
   * minute, once for all who wait.
   * @throws AppError `provider_refused` with `key_unknown`, `key_ambiguous` or `algorithm_refused`;
   * `provider_unavailable` where keys can neither be fetched nor taken from the last day
   */
  find(hint: KeyHint, deadline: AbortSignal): Promise<PublishedKey>;
  /** Seconds since the keys came. */
  ageSeconds(): number;
};

export type KeySetDeps = { readonly outbound: OutboundFetch; readonly clock: Clock };

const maxKeys = 32;
const minRsaModulusBits = 2048;
const renewalsPerMinute = 5;

/** `addressOf`: where the keys are published, which may have to be looked up first. */
export function openKeySet(
  addressOf: (deadline: AbortSignal) => Promise<URL>,
  { outbound, clock }: KeySetDeps,
): KeySet {
  const kept = keep(async (deadline) => {
    const url = await addressOf(deadline);
    const answer = await outbound.ask({ url, headers: { accept: 'application/json' }, deadline });
    const keys = readKeys(successIn(answer, { host: url.host, now: clock.now() }));
    if (keys.length === 0)
      throw new AppError('provider_unavailable', { finding: 'keys_missing', host: url.host });
    return keys;
  }, clock);
  const renewal = limitRenewals(clock);
  return {
    find: async (hint, deadline) => {
      const known = chooseKey(await kept.read(deadline), hint);
      if (known !== 'unknown') return known;
      await renewal(deadline, () => kept.renew(deadline));
      const renewed = chooseKey(await kept.read(deadline), hint);
      if (renewed !== 'unknown') return renewed;
      throw new AppError('provider_refused', { finding: 'key_unknown' });
    },
    ageSeconds: () => kept.ageSeconds(),
  };
}

/** Runs `renew` once for all who wait, a second after the last time at the earliest, or not at all. */
function limitRenewals(clock: Clock) {
  let startedAtMs: number[] = [];
  let waiting: Promise<unknown> | undefined;
  const renewInTurn = async (renew: () => Promise<unknown>) => {
    const pauseMs = (startedAtMs.at(-1) ?? -Infinity) + secondMs - clock.monotonicMs();
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    startedAtMs.push(clock.monotonicMs());
    await renew();
  };
  return async (deadline: AbortSignal, renew: () => Promise<unknown>): Promise<void> => {
    if (waiting === undefined) {
      startedAtMs = startedAtMs.filter((atMs) => clock.monotonicMs() - atMs < minuteMs);
      if (startedAtMs.length >= renewalsPerMinute) return;
      waiting = renewInTurn(renew).finally(() => {
        waiting = undefined;
      });
    }
    await waitUntil(deadline, waiting);
  };
}

/**
 * Without a key id a token is accepted only if exactly one key fits its algorithm.
 * @throws AppError `provider_refused`
 */
export function chooseKey(keys: readonly PublishedKey[], { alg, kid }: KeyHint): PublishedKey | 'unknown' {
  const named = kid === undefined ? keys : keys.filter((key) => key.kid === kid);
  const [fitting, ...others] = named.filter((key) => isFor(key.jwk, alg));
  if (others.length > 0) throw new AppError('provider_refused', { finding: 'key_ambiguous' });
  if (fitting !== undefined) return fitting;
  if (kid !== undefined && named.length > 0)
    throw new AppError('provider_refused', { finding: 'algorithm_refused' });
  return 'unknown';
}

function isFor({ kty, crv, alg: keyAlgorithm }: JWK, alg: SigningAlgorithm): boolean {
  if (keyAlgorithm !== undefined && keyAlgorithm !== alg) return false;
  if (alg === 'ES256') return kty === 'EC' && crv === 'P-256';
  if (alg === 'EdDSA') return kty === 'OKP' && crv === 'Ed25519';
  return kty === 'RSA';
}

/** The usable signature keys of a document (RFC 7517 §5), 32 at most; what is of no use is passed over. */
export function readKeys({ keys }: Claims): readonly PublishedKey[] {
  const entries: readonly unknown[] = Array.isArray(keys) ? keys : [];
  return entries.flatMap(readKey).slice(0, maxKeys);
}

function readKey(entry: unknown): readonly PublishedKey[] {
  if (!isObject(entry) || !isPublicSignatureKey(entry)) return [];
  const text = (name: string) => {
    const value = entry[name];
    return typeof value === 'string' ? { [name]: value } : {};
  };
  const { kty, kid, issuer } = entry;
  if (typeof kty !== 'string') return [];
  // Only what verifies a signature is kept: a key cannot bring a certificate or an address along.
  const jwk: JWK = {
    kty,
    ...text('n'),
    ...text('e'),
    ...text('crv'),
    ...text('x'),
    ...text('y'),
    ...text('alg'),
  };
  return [
    { jwk, ...(typeof kid === 'string' ? { kid } : {}), ...(typeof issuer === 'string' ? { issuer } : {}) },
  ];
}

function isPublicSignatureKey({ use, key_ops: operations, d, kty, n }: Claims): boolean {
  if (use !== undefined && use !== 'sig') return false;
  if (Array.isArray(operations) && !operations.includes('verify')) return false;
  if (d !== undefined) return false;
  if (kty !== 'RSA') return kty === 'EC' || kty === 'OKP';
  return typeof n === 'string' && Buffer.from(n, 'base64url').length * 8 >= minRsaModulusBits;
}
