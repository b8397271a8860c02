import type { FastifyRequest } from 'fastify';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../../kernel/errors.ts';
import { networkOf } from './network.ts';

/** Each counts one request of its sender, or of a person, or throws `rate_limited`. The former are `onRequest` hooks. */
export type RateLimits = Readonly<
  Record<
    'start' | 'callback' | 'landing' | 'refresh' | 'link' | 'login',
    (request: FastifyRequest) => Promise<void>
  > &
    Record<'invite' | 'join', (userId: string, points?: number) => Promise<void>> &
    /** Of one browser that somebody is signed in with, in a quarter of an hour. */
    Record<'stepUp' | 'ownPassword', (lineageId: string) => Promise<void>>
>;

export type RateLimitOptions = {
  /** Where all replicas count together. One that fails is stood in for by this process's own count. */
  readonly store: { query(statement: { text: string; values?: unknown[]; name?: string }): Promise<unknown> };
  /** What a sender is called where it is counted. */
  readonly hideSender: (network: string) => string;
};

const windowSeconds = 60;
/** Of one sender: twice what one office is promised, for an address may be shared by two. */
const ofSender = { together: 1_200, alone: 600 };
/** `alone`: where every replica counts for itself. */
const ofPerson = { invite: { together: 300, alone: 150 }, join: { together: 10, alone: 5 } };
const proofSeconds = 15 * windowSeconds;
/** What somebody at another one's open browser may guess at. */
const ofBrowser = {
  stepUp: { together: 5, alone: 5, seconds: proofSeconds },
  ownPassword: { together: 10, alone: 10, seconds: proofSeconds },
};

/**
 * Limits on what anybody may ask before anybody knows who they are, a minute and sender, and on what reaches others. A refusal writes nothing; who
 * has reached the limit is refused from memory until the minute is over.
 */
export function openRateLimits(options: RateLimitOptions): RateLimits {
  const limitSender = (kind: keyof RateLimits) => {
    const consume = limitOn(kind, ofSender, options);
    return (request: FastifyRequest) => consume(networkOf(request.ip));
  };
  return {
    start: limitSender('start'),
    callback: limitSender('callback'),
    landing: limitSender('landing'),
    refresh: limitAlone('refresh', ofSender.together),
    link: limitAlone('link', ofSender.together),
    login: limitAlone('login', ofSender.alone),
    invite: limitOn('invite', ofPerson.invite, options),
    join: limitOn('join', ofPerson.join, options),
    stepUp: limitOn('stepUp', ofBrowser.stepUp, options),
    ownPassword: limitOn('ownPassword', ofBrowser.ownPassword, options),
  };
}

/**
 * Counted by each process for itself, in memory: what is asked for cannot be guessed, or what may be guessed is counted
 * elsewhere, and a count that all share would cost as much as the answer.
 */
function limitAlone(kind: keyof RateLimits, points: number) {
  const limiter = new RateLimiterMemory({
    keyPrefix: kind,
    points,
    duration: windowSeconds,
  });
  return async (request: FastifyRequest): Promise<void> => {
    await limiter.consume(networkOf(request.ip)).catch((refusal: unknown) => refuse(kind, refusal));
  };
}

function refuse(kind: keyof RateLimits, refusal: unknown): never {
  if (!(refusal instanceof RateLimiterRes)) throw refusal;
  const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
  throw new AppError('rate_limited', { finding: kind, retryAfterSeconds });
}

function limitOn(
  kind: keyof RateLimits,
  { together, alone, seconds = windowSeconds }: { together: number; alone: number; seconds?: number },
  { store, hideSender }: RateLimitOptions,
) {
  const limiter = new RateLimiterPostgres({
    storeClient: store,
    storeType: 'client',
    schemaName: 'gatehouse',
    tableName: 'rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: kind,
    points: together,
    duration: seconds,
    inMemoryBlockOnConsumed: together,
    insuranceLimiter: new RateLimiterMemory({
      keyPrefix: kind,
      points: alone,
      duration: seconds,
    }),
  });
  return async (name: string, points = 1): Promise<void> => {
    await limiter.consume(hideSender(name), points).catch((refusal: unknown) => refuse(kind, refusal));
  };
}
