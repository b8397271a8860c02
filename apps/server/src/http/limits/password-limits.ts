import type { FastifyRequest } from 'fastify';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../../kernel/errors.ts';
import { openWorkQueue } from '../../kernel/work-queue.ts';
import type { WorkQueue } from '../../kernel/work-queue.ts';
import { networkOf } from './network.ts';
import type { RateLimitOptions } from './rate-limits.ts';

/** Who tries a password: from where, for which account, whether there is one or not, and in which browser, where that is known to it. */
export type Trying = {
  readonly address: string | undefined;
  readonly account: string;
  readonly knownBrowser?: string;
};

export type CountedTry = {
  /** Tries of the same count before this one that were wrong, or are not judged yet. */
  readonly before: number;
  /** The password fitted: this try counts no more. */
  succeeded(): Promise<void>;
  /** It did not. Answers what is worth telling an administrator, once each time it comes to that. */
  failed(): Promise<Alarm | undefined>;
};

/** So many wrong passwords that somebody tries them out: from one network, or from all together. */
export type Alarm = 'many_failures_of_sender' | 'many_failures';

export type PasswordLimits = {
  /** Counts a try before it is judged: of any number at once no more are judged than may be. */
  beginTry(trying: Trying): Promise<CountedTry>;
  /** Counts one request of its sender that sends a mail. */
  readonly ask: (request: FastifyRequest) => Promise<void>;
};

const minute = 60;
/** Wrong passwords: of one account in all browsers that are unknown to it, and of one account in each that is known. */
const ofAccount = { points: 9, duration: 15 * minute };
/** Wrong passwords from one network, but for those of known browsers. */
const ofSender = { points: 100, duration: 10 * minute };
/** From everywhere. Beyond it nobody is refused, for then one could shut out all; it is told. */
const ofAll = { points: 1_000, duration: 10 * minute };
/** Of one sender: what sends a mail. */
const asking = { points: 100, duration: 10 * minute };

/** As many as the store has connections: who waits for one of those gives up soon, and here it would count for a failure. */
const countsAtOnce = { atOnce: 2, waiting: 200 };

/**
 * Limits on passwords, which all replicas count together. Where they cannot be counted nothing is tried.
 * What they hand out throws AppError `rate_limited`, or `storage_unavailable` where the counters do not answer.
 */
export function openPasswordLimits(limiting: RateLimitOptions): PasswordLimits {
  const options = { ...limiting, queue: openWorkQueue({ name: 'rate_limits', ...countsAtOnce }) };
  const accounts = strictly('password_account', ofAccount, options);
  const browsers = strictly('password_browser', ofAccount, options);
  const senders = strictly('password_sender', ofSender, options);
  const all = strictly('password_all', ofAll, options);
  const asked = strictly('password_ask', asking, options);
  return {
    async ask(request) {
      await asked.consume(networkOf(request.ip));
    },
    async beginTry({ address, account, knownBrowser }) {
      const network = networkOf(address);
      const isKnown = knownBrowser !== undefined;
      const limiter = isKnown ? browsers : accounts;
      const name = isKnown ? `${account} ${knownBrowser}` : account;
      const ofNetwork = isKnown ? undefined : await senders.consume(network);
      const count = await limiter.consume(name).catch(async (refusal: unknown) => {
        if (!isKnown) await senders.giveBack(network); // it was not judged
        throw refusal;
      });
      return {
        before: count - 1,
        async succeeded() {
          await Promise.all([limiter.giveBack(name), isKnown || senders.giveBack(network)]);
        },
        failed: async () => (ofNetwork === undefined ? undefined : await alarmOf(all, ofNetwork)),
      };
    },
  };
}

async function alarmOf(all: Strict, ofNetwork: number): Promise<Alarm | undefined> {
  const together = await all.add('everybody');
  if (ofNetwork === ofSender.points) return 'many_failures_of_sender';
  return together === ofAll.points ? 'many_failures' : undefined;
}

type Size = { readonly points: number; readonly duration: number };
type Strict = {
  /** Counts one more and answers how many there are; throws where that is too many. */
  consume(name: string): Promise<number>;
  add(name: string): Promise<number>;
  giveBack(name: string): Promise<void>;
};

type Counting = RateLimitOptions & { readonly queue: WorkQueue };

function strictly(kind: string, { points, duration }: Size, { store, hideSender, queue }: Counting): Strict {
  const limiter = new RateLimiterPostgres({
    storeClient: store,
    storeType: 'client',
    schemaName: 'gatehouse',
    tableName: 'rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: kind,
    points,
    duration,
  });
  const counting = async <T>(count: () => Promise<T>): Promise<T> =>
    await queue.run(count).catch((failure: unknown) => {
      if (failure instanceof RateLimiterRes) throw refused(kind, failure);
      if (failure instanceof AppError) throw failure;
      throw new AppError(
        'storage_unavailable',
        { finding: 'rate_limits', retryAfterSeconds: 1 },
        { cause: failure },
      );
    });
  return {
    consume: async (name) => (await counting(() => limiter.consume(hideSender(name)))).consumedPoints,
    add: async (name) => (await counting(() => limiter.penalty(hideSender(name)))).consumedPoints,
    async giveBack(name) {
      await counting(() => limiter.reward(hideSender(name)));
    },
  };
}

function refused(kind: string, { msBeforeNext }: RateLimiterRes): AppError {
  return new AppError('rate_limited', {
    finding: kind,
    retryAfterSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)),
  });
}
