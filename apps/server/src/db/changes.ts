import type { ClientConfig } from 'pg';
import type { Clock } from '../kernel/clock.ts';
import { openChangeChannel } from './change-channel.ts';
import type { ChangeChannel, Notes } from './change-channel.ts';
import { openLease } from './lease.ts';
import type { Lease, LeaseOptions, LeaseStats } from './lease.ts';
import { openWake } from './wake.ts';
import type { Wake } from './wake.ts';

/** Tells what was read from the database how long it may be repeated. */
export type Freshness = {
  /** To be taken before reading. */
  moment(): number;
  /** Whether what was read since then, about these subjects, is certain to have been true within the last 700 ms. */
  holds(moment: number, subjects: readonly string[]): boolean;
};

export type ChangeFeedStats = LeaseStats & { readonly isConnected: boolean; readonly failures: number };

export type ChangeFeed = Freshness & {
  /** Resolves when this process knows of everything that was committed before the call, or trusts nothing any more. */
  catchUp(): Promise<void>;
  /** On the monotonic clock: whatever was committed before this is known here. Undefined where nothing is certain. */
  knownUntilMs(): number | undefined;
  stats(): ChangeFeedStats;
  close(): Promise<void>;
};

export type ChangeFeedOptions = LeaseOptions & {
  readonly connection: ClientConfig;
  /** The address leads to another server, or to one that was started anew: older connections tell of another world. */
  readonly onOtherServer?: (server: string) => void;
  readonly onState?: (state: { isConnected: boolean; error?: unknown }) => void;
};

const lookEveryMs = 250;

/** Follows the notes of all processes until closed; while the database cannot be asked, nothing counts as certain. */
export function openChangeFeed(options: ChangeFeedOptions): ChangeFeed {
  const lease = openLease(options);
  const wake = openWake();
  const line = openLine(options, {
    onNotice: wake.notice,
    onGone() {
      lease.drop();
      wake.ring();
    },
  });
  let failures = 0;
  let isClosed = false;
  const onNotes = tellOtherServers(options);

  async function look(): Promise<void> {
    await renew(lease, line, { clock: options.clock, onNotes }).catch((error: unknown) => {
      failures += 1;
      lease.drop();
      line.hangUp();
      if (!isClosed) line.tell(false, error);
    });
  }
  const following = lookUntil(() => isClosed, { look, wake });

  return {
    moment: lease.moment,
    holds: lease.holds,
    knownUntilMs: lease.knownUntilMs,
    catchUp: () => (line.isOpen() && !isClosed ? wake.nextLook() : Promise.resolve()),
    stats: () => ({ ...lease.stats(), failures, isConnected: line.isOpen() }),
    async close() {
      isClosed = true;
      wake.ring();
      await following;
      lease.drop();
      line.hangUp();
    },
  };
}

function tellOtherServers({ onOtherServer }: ChangeFeedOptions): (notes: Notes) => void {
  let known: string | undefined;
  return ({ server }) => {
    if (known !== undefined && known !== server) onOtherServer?.(server);
    known = server;
  };
}

type Renewing = { readonly clock: Clock; readonly onNotes: (notes: Notes) => void };

async function renew(lease: Lease, line: Line, { clock, onNotes }: Renewing): Promise<void> {
  const channel = await line.channel();
  const startedMs = clock.monotonicMs();
  const notes = await channel.look(lease.snapshot());
  onNotes(notes); // before the lease holds again
  lease.renew(notes, startedMs);
  line.tell(true);
}

async function lookUntil(
  isClosed: () => boolean,
  { look, wake }: { look: () => Promise<void>; wake: Wake },
): Promise<void> {
  while (!isClosed()) {
    const answerWaiting = wake.begin();
    await look();
    answerWaiting();
    await wake.within(lookEveryMs);
  }
  wake.begin()();
}

type Line = ReturnType<typeof openLine>;
type Listener = { readonly onNotice: () => void; readonly onGone: () => void };

/** One channel at a time, opened again when the last one is gone. */
function openLine({ connection, onState }: ChangeFeedOptions, { onNotice, onGone }: Listener) {
  let open: ChangeChannel | undefined;
  let told = false;

  function tell(isConnected: boolean, error?: unknown): void {
    if (told !== isConnected) onState?.({ isConnected, error });
    told = isConnected;
  }
  async function connect(): Promise<ChangeChannel> {
    const mark = { isCurrent: true };
    const channel = await openChangeChannel(connection, {
      onNotice,
      onGone() {
        if (!mark.isCurrent) return;
        mark.isCurrent = false;
        // One that never opened is tried again after the usual pause, and not at once.
        const wasOpen = open !== undefined;
        hangUp();
        if (wasOpen) onGone();
      },
    });
    if (!mark.isCurrent) throw new Error('the connection broke at once');
    open = {
      look: channel.look,
      close() {
        mark.isCurrent = false;
        channel.close();
      },
    };
    return open;
  }
  function hangUp(): void {
    open?.close();
    open = undefined;
  }
  return { channel: async () => open ?? (await connect()), isOpen: () => open !== undefined, hangUp, tell };
}
