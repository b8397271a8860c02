import { useEffect, useRef, useState } from 'react';
import { asProblem } from './api.ts';

export type Outcome<Item> = { readonly item: Item; readonly error?: unknown };

type State<Item> =
  | { readonly step: 'before' }
  | { readonly step: 'running'; readonly done: number; readonly total: number }
  | { readonly step: 'after'; readonly outcomes: readonly Outcome<Item>[] };

const mostBreathers = 25;
const longestBreatherSeconds = 60;

const wait = (delayMs: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, delayMs);
  });

/** Does one thing; where too many came at once, it takes a breath and does it again. */
async function patiently(act: () => Promise<unknown>, breathers = mostBreathers): Promise<void> {
  try {
    await act();
  } catch (error) {
    const { code, retryAfterSeconds = 3 } = asProblem(error);
    if (code !== 'rate_limited' || breathers === 0 || retryAfterSeconds > longestBreatherSeconds) throw error;
    await wait(retryAfterSeconds * 1_000);
    await patiently(act, breathers - 1);
  }
}

/** After these nothing else would go better. */
const final: ReadonlySet<string> = new Set(['unauthenticated', 'network_failed']);

/**
 * Does the same with many things, one after the other, and tells what became of each. One that fails holds up none of
 * the others; a lost connection or session ends it, and what is left counts as not done. So does leaving the page.
 */
export function useOneByOne<Item>(act: (item: Item) => Promise<unknown>) {
  const [state, setState] = useState<State<Item>>({ step: 'before' });
  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);

  const run = async (items: readonly Item[]): Promise<readonly Outcome<Item>[]> => {
    const outcomes: Outcome<Item>[] = [];
    let ended: unknown;
    for (const item of items) {
      if (isGone.current) break;
      setState({ step: 'running', done: outcomes.length, total: items.length });
      if (ended === undefined) {
        const error: unknown = await patiently(() => act(item)).then(
          () => undefined,
          (failure: unknown) => failure,
        );
        if (error !== undefined && final.has(asProblem(error).code)) ended = error;
        outcomes.push(error === undefined ? { item } : { item, error });
      } else outcomes.push({ item, error: ended });
    }
    setState({ step: 'after', outcomes });
    return outcomes;
  };
  return {
    state,
    run,
    reset: () => {
      setState({ step: 'before' });
    },
  };
}
