import type { Database, SystemTx } from '../db/scopes.ts';
import { inSystem } from '../db/scopes.ts';
import type { Clock } from '../kernel/clock.ts';
import { minuteMs, secondMs } from '../kernel/clock.ts';
import { claimMails, nextTryAt, readQueue, releaseMail } from '../mail/index.ts';
import type { ClaimedMail, Mailer, MailEnd } from '../mail/index.ts';
import { endOf } from './judge-try.ts';
import { recordMailEnd } from './record-mail-end.ts';

/** Something that may ring: a mail was queued, or one has ended. */
export type Bell = {
  /** What has rung before counts no more. */
  reset(): void;
  ring(): void;
  /** Resolves when it rings, or has rung since the reset; after `ms` in any case. */
  within(ms: number): Promise<void>;
};

export type DeliveryDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly mailer: Mailer;
  readonly bell: Bell;
  readonly random: () => number;
  /** Tries for one mail that the server answers. */
  readonly maxAttempts: number;
  readonly retryBaseMs: number;
  /** How long one try may take in all. */
  readonly tryMs: number;
  /** How many mails are handed over at once. */
  readonly hands?: number;
  /** Whether the mail still tells something true. Asked in the transaction that claims it. */
  readonly isStillWanted: (tx: SystemTx, mail: ClaimedMail, at: Date) => Promise<boolean>;
  /** Hears of every try that was written down. */
  readonly onEnd?: (end: MailEnd) => void;
  /** Since when the oldest open mail waits; asked of the database every few seconds. */
  readonly onQueue?: (oldestAt: Date | undefined) => void;
  readonly onTrouble: (trouble: { readonly error: unknown; readonly what: string }) => void;
};

const usualHands = 4;
/** Besides when it rings: for what became due, and for bells that are out of order. */
const lookMs = 5 * secondMs;
/** A lease outlives the longest try by this, so that its end can be written down. */
const leaseSpareMs = 30 * secondMs;
const longestPauseMs = 5 * minuteMs;

export type Delivery = {
  /** Takes on nothing more, waits for what is being sent, then cuts it off and gives it back. */
  stop(withinMs: number): Promise<void>;
};

/** Delivers the mails that are due until it is stopped. Any number of processes may do it at once. */
export function deliverMails(deps: DeliveryDeps): Delivery {
  const cutting = new AbortController();
  const worker = openWorker(deps, cutting.signal);
  const working = workUntil(deps, worker);
  return {
    async stop(withinMs) {
      worker.stop();
      deps.bell.ring();
      const cut = setTimeout(() => {
        cutting.abort();
      }, withinMs);
      await working;
      clearTimeout(cut);
      deps.mailer.close();
    },
  };
}

async function workUntil(
  { bell, clock, onTrouble }: DeliveryDeps,
  worker: ReturnType<typeof openWorker>,
): Promise<void> {
  while (!worker.isStopped()) {
    bell.reset();
    const nextAt = await worker.look().catch((error: unknown) => {
      onTrouble({ error, what: 'the outbox could not be read' });
      return undefined;
    });
    const waitMs = nextAt === undefined ? lookMs : nextAt.getTime() - clock.now().getTime();
    if (!worker.isStopped()) await bell.within(Math.max(0, Math.min(lookMs, waitMs)));
  }
  await worker.idle();
}

function openWorker(deps: DeliveryDeps, cut: AbortSignal) {
  const { clock, hands = usualHands } = deps;
  const underWay = new Set<Promise<void>>();
  const line = watchLine(deps);
  let isStopped = false;

  /** Takes on what is due, as far as hands are free; resolves to when there is more to do, where that is known. */
  async function look(): Promise<Date | undefined> {
    const now = clock.now();
    const { from, most } = line.mayTake(now, hands);
    const free = most - underWay.size;
    if (from > now) return from;
    if (free <= 0) return undefined;
    const { claimed, nextDueAt } = await claim(deps, free);
    for (const mail of claimed) {
      const delivering = deliver(deps, { mail, line, cut }).finally(() => {
        underWay.delete(delivering);
        deps.bell.ring();
      });
      underWay.add(delivering);
    }
    return nextDueAt;
  }

  return {
    look,
    stop() {
      isStopped = true;
    },
    isStopped: () => isStopped,
    async idle() {
      await Promise.all(underWay);
    },
  };
}

type Delivering = {
  readonly mail: ClaimedMail;
  readonly line: ReturnType<typeof watchLine>;
  readonly cut: AbortSignal;
};

async function deliver(deps: DeliveryDeps, { mail, line, cut }: Delivering): Promise<void> {
  const { clock, db, mailer } = deps;
  const sent = await mailer.send(mail, AbortSignal.any([cut, AbortSignal.timeout(deps.tryMs)]));
  if (cut.aborted && sent.outcome === 'unreachable') {
    await inSystem(db, (tx) => releaseMail(tx, mail)).catch(() => undefined); // its lease will end
    return;
  }
  line.note(sent, clock.now());
  await recordMailEnd(deps, { mail, end: endOf(sent, { mail, at: clock.now(), ...deps }) });
}

/** While the server cannot be reached, only one mail at a time is tried, after pauses that grow. */
function watchLine({ random, retryBaseMs, onTrouble }: DeliveryDeps) {
  let failures = 0;
  let pausedUntil = new Date(0);
  return {
    mayTake: (now: Date, hands: number) => {
      // A clock that was set back must not make it wait for long.
      const isFar = pausedUntil.getTime() - now.getTime() > 2 * longestPauseMs;
      return { from: isFar ? now : pausedUntil, most: failures === 0 ? hands : 1 };
    },
    note(sent: Awaited<ReturnType<Mailer['send']>>, now: Date) {
      if (sent.outcome !== 'unreachable') {
        failures = 0;
        return;
      }
      if (now < pausedUntil) return; // one of several that failed together
      failures += 1;
      const baseMs = Math.min(retryBaseMs, longestPauseMs);
      const pause = { failures, baseMs, random, longestMs: longestPauseMs };
      pausedUntil = nextTryAt(now, pause);
      onTrouble({ error: sent.cause, what: `mails have to wait. ${sent.error}` });
    },
  };
}

/** What nobody wants any more is put aside in the same transaction. */
async function claim(deps: DeliveryDeps, most: number) {
  const { db, clock, isStillWanted, onQueue } = deps;
  const at = clock.now();
  const found = await inSystem(db, async (tx) => {
    const mails = await claimMails(tx, { at, leaseMs: deps.tryMs + leaseSpareMs, most });
    const claimed: ClaimedMail[] = [];
    const unwanted: ClaimedMail[] = [];
    for (const mail of mails) ((await isStillWanted(tx, mail, at)) ? claimed : unwanted).push(mail);
    return { claimed, unwanted, queue: mails.length < most ? await readQueue(tx, at) : undefined };
  });
  const { claimed, unwanted, queue } = found;
  for (const mail of unwanted) await recordMailEnd(deps, { mail, end: { status: 'suppressed' } });
  if (queue !== undefined) onQueue?.(queue.oldestAt);
  return { claimed, nextDueAt: unwanted.length > 0 ? at : queue?.nextDueAt };
}
