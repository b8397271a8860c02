import { setTimeout as sleep } from 'node:timers/promises';

export type SeenBook = {
  /** Notes that the session was used. Later times of the same session replace earlier ones. */
  note(sessionId: string, atMs: number): void;
  /** Writes what is noted, and stops. */
  close(): Promise<void>;
};

const writeEveryMs = 1_000;

/** Collects when sessions were used and writes that once a second, for all of them together. */
export function openSeenBook(
  write: (seen: ReadonlyMap<string, number>) => Promise<void>,
  onError: (error: unknown) => void,
): SeenBook {
  let noted = new Map<string, number>();
  const closing = new AbortController();

  async function writeNoted(): Promise<void> {
    if (noted.size === 0) return;
    const seen = noted;
    noted = new Map();
    try {
      await write(seen);
    } catch (error) {
      noted = new Map([...seen, ...noted]);
      throw error;
    }
  }
  async function keepWriting(): Promise<void> {
    while (!closing.signal.aborted) {
      await sleep(writeEveryMs, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
      await writeNoted().catch(onError);
    }
  }
  const writing = keepWriting();
  return {
    note: (sessionId, atMs) => noted.set(sessionId, atMs),
    async close() {
      closing.abort();
      await writing;
    },
  };
}
