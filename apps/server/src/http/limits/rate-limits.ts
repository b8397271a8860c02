import type { FastifyRequest } from 'fastify';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../../kernel/errors.ts';
import { networkOf } from './network.ts';

/** A route's `onRequest` hooks: each counts one request of its sender, or throws `rate_limited`. */
export type RateLimits = {
  start(request: FastifyRequest): Promise<void>;
  callback(request: FastifyRequest): Promise<void>;
};

export type RateLimitOptions = {
  /** Where all replicas count together. One that fails is stood in for by this process's own count. */
  readonly store: { query(statement: { text: string; values?: unknown[]; name?: string }): Promise<unknown> };
  /** What a sender is called where it is counted. */
  readonly hideSender: (network: string) => string;
};

const windowSeconds = 60;
/** Twice what one office is promised, for an address may be shared by two. */
const most = 1_200;
/** Where every replica counts for itself: what is promised, and no more. */
const mostAlone = 600;

/**
 * Limits on what anybody may ask before anybody knows who they are, a minute and sender. A refusal writes nothing; who
 * has reached the limit is refused from memory until the minute is over.
 */
export function openRateLimits(options: RateLimitOptions): RateLimits {
  return { start: limitOn('start', options), callback: limitOn('callback', options) };
}

function limitOn(kind: keyof RateLimits, { store, hideSender }: RateLimitOptions) {
  const limiter = new RateLimiterPostgres({
    storeClient: store,
    storeType: 'client',
    schemaName: 'gatehouse',
    tableName: 'rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: kind,
    points: most,
    duration: windowSeconds,
    inMemoryBlockOnConsumed: most,
    insuranceLimiter: new RateLimiterMemory({
      keyPrefix: kind,
      points: mostAlone,
      duration: windowSeconds,
    }),
  });
  return async (request: FastifyRequest): Promise<void> => {
    try {
      await limiter.consume(hideSender(networkOf(request.ip)));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      throw new AppError('rate_limited', { finding: kind, retryAfterSeconds });
    }
  };
}
