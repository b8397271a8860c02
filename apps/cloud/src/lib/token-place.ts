import type { HeldToken } from './held-token.ts';
import type { Tabs } from './tabs.ts';

export type TokenPlace = ReturnType<typeof createTokenPlace>;

/** Where the token of a page lies, and what the other tabs say of theirs. */
export function createTokenPlace(tabs: Tabs) {
  let held: HeldToken | undefined;
  let isWaiting = false;
  const listeners: (() => void)[] = [];
  const over = () => {
    for (const listener of listeners) listener();
  };
  /** Answers whether it is somebody else's than the one before. */
  const put = (token: HeldToken) => {
    const isOther = held !== undefined && !isOfSame(held, token);
    held = token;
    if (isOther) over();
    return isOther;
  };
  tabs.hear((message) => {
    if (message.kind === 'signed-out') {
      held = undefined;
      over();
      return;
    }
    // A page that acts with the session cookie, or for nobody, isn't made to act for somebody.
    const isWanted = held ? isOfSame(held, message.token) : isWaiting;
    if (isWanted) held = message.token;
  });
  return {
    get: () => held,
    /** Puts it here and tells the other tabs. Answers whether it is somebody else's than the one before. */
    put: (token: HeldToken) => {
      tabs.tell({ kind: 'fresh', token });
      return put(token);
    },
    drop: () => {
      held = undefined;
    },
    /** While it waits, a page takes the token of another tab though it holds none itself. */
    waits: (waiting: boolean) => {
      isWaiting = waiting;
    },
    /** Calls back when what was read is no longer the reader's: signed out elsewhere, or somebody else by now. */
    whenOver: (listener: () => void) => {
      listeners.push(listener);
    },
  };
}

/** Of one person, or of one sign-in whose person was found to have another account. */
const isOfSame = (one: HeldToken, other: HeldToken) => one.sub === other.sub || one.sid === other.sid;
