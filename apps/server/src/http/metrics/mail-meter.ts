/** Counts how tries to send mails end, and remembers for how long the oldest waits. */
export type MailMeter = {
  /** Outcomes are the caller's to keep few. */
  record(outcome: string): void;
  /** As of the last look at the outbox; nothing waits where it is undefined. */
  noteOldest(at: Date | undefined, now: Date): void;
  read(): { readonly ended: ReadonlyMap<string, number>; readonly oldestSeconds: number };
};

export function openMailMeter(): MailMeter {
  const ended = new Map<string, number>();
  let oldestSeconds = 0;
  return {
    record(outcome) {
      ended.set(outcome, (ended.get(outcome) ?? 0) + 1);
    },
    noteOldest(at, now) {
      oldestSeconds = at === undefined ? 0 : Math.max(0, (now.getTime() - at.getTime()) / 1000);
    },
    read: () => ({ ended, oldestSeconds }),
  };
}
