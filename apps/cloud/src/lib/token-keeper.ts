import type { TokenAnswer } from '@gatehouse/contract';
import { claimsOf, heldFrom } from './held-token.ts';
import type { HeldToken } from './held-token.ts';
import { ApiProblem, asProblem, mayPass } from './problem.ts';
import type { Tabs } from './tabs.ts';
import { createTokenPlace } from './token-place.ts';
import type { TokenPlace } from './token-place.ts';

type Outside = {
  /** Asks the server, once, for a token by this browser's refresh cookie. Throws `ApiProblem`. */
  readonly ask: () => Promise<TokenAnswer>;
  readonly tabs: Tabs;
  readonly nowMs: () => number;
  readonly pause: (ms: number) => Promise<void>;
};

/** The server answers a spent refresh token for ten seconds: an answer that was lost is asked for well within. */
const pausesMs = [250, 750, 2_000, 4_000];
const longestPauseMs = 5_000;
/** How much later than the lock of another tab its word may arrive. */
const wordMs = 100;

/** Keeps the access token of this page in memory, and renews it once for all tabs. What it answers throws `ApiProblem`. */
export function createTokenKeeper(outside: Outside) {
  const place = createTokenPlace(outside.tabs);
  const renew = renewalOf(outside, place);
  const { nowMs } = outside;
  return {
    /** Takes a token that the server handed to this page. */
    adopt: (answer: TokenAnswer) => void place.put(heldFrom(answer, nowMs())),
    isHolding: () => place.get() !== undefined,
    /** The token to act with, renewed if its end is near; nothing for nobody, and with a session cookie. */
    current: async () => {
      const held = place.get();
      if (held && held.renewAtMs <= nowMs()) await renew().catch(orServes(held, nowMs()));
      return place.get()?.accessToken;
    },
    /** The token after this one, which the server no longer takes. */
    insteadOf: async (spent: string) => {
      if (place.get()?.accessToken === spent) await renew();
      return place.get()?.accessToken;
    },
    /** Whether the refresh cookie stands for somebody, whose token is then held. */
    restore: () => unlessNobody(renew().then(() => place.get() !== undefined)),
    /** Whether the sign-in of a token that came with an address is this browser's; then it is taken up. */
    prove: (handed: string) => unlessNobody(outside.tabs.alone(() => proveOwn(outside, place, handed))),
    /** After signing out: gone from here and from the other tabs. */
    end: () => {
      place.drop();
      outside.tabs.tell({ kind: 'signed-out' });
    },
    whenOver: place.whenOver,
  };
}

/** A token that somebody planted belongs to another session than the refresh cookie, or comes where there is none. */
async function proveOwn(outside: Outside, place: TokenPlace, handed: string): Promise<boolean> {
  const own = heldFrom(await askPatiently(outside), outside.nowMs());
  if (own.sid !== claimsOf(handed)?.sid) return false;
  place.put(own);
  return true;
}

/** Of many callers in this page one asks, and of many pages one. */
function renewalOf(outside: Outside, place: TokenPlace): () => Promise<void> {
  let renewing: Promise<void> | undefined;
  const start = async () => {
    const spent = place.get();
    place.waits(true);
    await outside.tabs.alone(async (hasWaited) => {
      if (hasWaited && place.get() === spent) await outside.pause(wordMs);
      if (place.get() === spent) await replace(spent, outside, place);
    });
  };
  return () =>
    (renewing ??= start().finally(() => {
      renewing = undefined;
      place.waits(false);
    }));
}

async function replace(spent: HeldToken | undefined, outside: Outside, place: TokenPlace): Promise<void> {
  try {
    const next = heldFrom(await askPatiently(outside), outside.nowMs());
    // Whoever signed in or out meanwhile wins.
    if (place.get() !== spent) return;
    if (place.put(next)) throw new ApiProblem('session_changed');
  } catch (error) {
    const problem = asProblem(error);
    if (!isEnd(problem)) throw problem;
    if (place.get() !== spent) return;
    place.drop();
    if (problem.status !== 401) throw problem;
    throw new ApiProblem('unauthenticated', problem.reference, { status: 401, cause: problem });
  }
}

/** A refusal ends a sign-in; a network that is gone or a server that has too much to do doesn't. */
const isEnd = (problem: ApiProblem) => problem.status !== undefined && !mayPass(problem);

async function askPatiently({ ask, pause }: Outside): Promise<TokenAnswer> {
  for (const pauseMs of pausesMs) {
    try {
      return await ask();
    } catch (error) {
      const problem = asProblem(error);
      const waitMs = Math.max(pauseMs, (problem.retryAfterSeconds ?? 0) * 1000);
      if (!mayPass(problem) || waitMs > longestPauseMs) throw problem;
      await pause(waitMs);
    }
  }
  return await ask();
}

/** A token serves to its end where a new one can't be had yet. */
const orServes = (held: HeldToken, nowMs: number) => (error: unknown) => {
  if (!mayPass(asProblem(error)) || held.expiresAtMs <= nowMs) throw error;
};

/** False for nobody, be it that this server hands out no tokens at all. */
async function unlessNobody(asking: Promise<boolean>): Promise<boolean> {
  return asking.catch((error: unknown) => {
    const { status } = asProblem(error);
    if (status === 401 || status === 404) return false;
    throw error;
  });
}
