import type { HeldToken } from './held-token.ts';

/** What the tabs of this browser tell each other. */
export type TabMessage =
  { readonly kind: 'fresh'; readonly token: HeldToken } | { readonly kind: 'signed-out' };

export type Tabs = {
  /** Runs `work` while no other tab does its own; `hasWaited` tells whether one just did. Waits for ten seconds at most. */
  readonly alone: <T>(work: (hasWaited: boolean) => Promise<T>) => Promise<T>;
  readonly tell: (message: TabMessage) => void;
  readonly hear: (listener: (message: TabMessage) => void) => void;
};

const name = 'gatehouse.sign-in';
/** A tab that was put to sleep may keep the lock for long. The server bears with two that ask at once. */
const longestWaitMs = 10_000;

/** The other tabs of this browser. Where it has neither locks nor channels, each tab is alone. */
export function openTabs(): Tabs {
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(name);
  return {
    alone,
    tell: (message) => {
      channel?.postMessage(message);
    },
    hear: (listener) => {
      channel?.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => {
        listener(data);
      });
    },
  };
}

async function alone<T>(work: (hasWaited: boolean) => Promise<T>): Promise<T> {
  // The compiler takes them for granted; pages of plain http have none, but for those of loopback.
  const { locks } = navigator as { readonly locks?: LockManager };
  if (!locks) return work(false);
  const atOnce = await locks.request(name, { ifAvailable: true }, async (lock) =>
    lock ? { done: await work(false) } : undefined,
  );
  if (atOnce) return atOnce.done;
  const begun: { working?: Promise<T> } = {};
  const begin = () => (begun.working = work(true));
  // How the work itself ends is told below.
  await locks.request(name, { signal: AbortSignal.timeout(longestWaitMs) }, begin).catch(() => undefined);
  return await (begun.working ?? begin());
}
