import { setTimeout as sleep } from 'node:timers/promises';
import { Client, escapeIdentifier } from 'pg';
import type { ClientConfig } from 'pg';
import { openWake } from './wake.ts';

/** Rings when somebody in the database notifies. Whoever waits must look now and then all the same. */
export type Bell = {
  /** What has rung before counts no more. */
  reset(): void;
  /** From within this process. Several rings of one moment are one. */
  ring(): void;
  /** Resolves when it rings, or has rung since the reset; after `ms` in any case. */
  within(ms: number): Promise<void>;
  close(): Promise<void>;
};

export type BellOptions = { readonly connection: ClientConfig; readonly channel: string };

const connectMs = 2_000;
const pauseMs = 2_000;

/** Listens on a connection of its own, opened again when it breaks. While it is away, only `ring` rings. */
export function openBell({ connection, channel }: BellOptions): Bell {
  const wake = openWake();
  const closing = new AbortController();
  const listening = listenUntil(closing.signal, { connection, channel, onNotice: wake.notice });
  return {
    reset: () => {
      wake.begin()();
    },
    ring() {
      wake.notice();
    },
    within: (ms) => wake.within(ms),
    async close() {
      closing.abort();
      wake.ring();
      await listening;
    },
  };
}

type Listening = BellOptions & { readonly onNotice: () => void };

async function listenUntil(signal: AbortSignal, options: Listening): Promise<void> {
  while (!signal.aborted) {
    await listenOnce(signal, options).catch(() => undefined); // the change feed tells that the database is away
    await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined); // woken to close
  }
}

/** Until the connection breaks or the signal comes. */
async function listenOnce(signal: AbortSignal, { connection, channel, onNotice }: Listening): Promise<void> {
  const client = new Client({
    ...connection,
    application_name: `gatehouse bell ${channel}`,
    keepAlive: true,
    connectionTimeoutMillis: connectMs,
  });
  const gone = Promise.withResolvers<undefined>();
  const leave = () => {
    gone.resolve(undefined);
  };
  client.on('error', leave).on('end', leave).on('notification', onNotice);
  signal.addEventListener('abort', leave, { once: true });
  try {
    await client.connect();
    await client.query(`listen ${escapeIdentifier(channel)}`);
    onNotice(); // for what it did not hear
    await gone.promise;
  } finally {
    signal.removeEventListener('abort', leave);
    await Promise.race([client.end().catch(() => undefined), sleep(connectMs, undefined, { ref: false })]);
  }
}
