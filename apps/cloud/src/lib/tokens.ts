import { TokenAnswer } from '@gatehouse/contract';
import { readAnswer, send } from './send.ts';
import { openTabs } from './tabs.ts';
import { createTokenKeeper } from './token-keeper.ts';

/** An answer that is lost has to be missed while the server would still give the same one. */
const patienceMs = 3_000;

async function ask(): Promise<TokenAnswer> {
  const headers = { Accept: 'application/json', 'X-CSRF': '1' };
  return readAnswer(await send('/api/v1/auth/refresh', { method: 'POST', headers }, patienceMs), TokenAnswer);
}

/** The access token of this page: in its memory, and nowhere else. */
export const tokens = createTokenKeeper({
  ask,
  tabs: openTabs(),
  nowMs: () => Date.now(),
  pause: (ms) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms);
    }),
});

/** Takes the token of a sign-in that this page has just made, by password say. */
export function adoptTokens(answer: TokenAnswer): void {
  tokens.adopt(answer);
}

/** Whether this page acts with a token; otherwise with the session cookie, or for nobody. */
export const holdsTokens = (): boolean => tokens.isHolding();
