import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Browser } from './browser.ts';
import type { StandIns } from './world.ts';

export type Crowd = {
  /** How many have come in so far. */
  cameIn(): number;
  /** Everything that went otherwise than it should have, so far. */
  readonly failures: readonly string[];
  /** Resolves when all have finished what they were at. */
  goHome(): Promise<void>;
};

const pauseMs = 25;
const asksEach = 5;

/**
 * People who stay signed in in one browser, and meanwhile sign in, look around and sign out in others, one after the
 * other. Each request comes on a connection of its own.
 */
export function openCrowd(standIns: StandIns, newBrowser: () => Browser, people = 4): Crowd {
  standIns.google.signsInAs('ada');
  let signedIn = 0;
  const failures: string[] = [];
  let isOver = false;

  async function expecting(what: string, asked: Promise<Answer>, isAsItShould: (answer: Answer) => boolean) {
    const answer = await asked.catch((error: unknown) => String(error));
    if (typeof answer !== 'string' && isAsItShould(answer)) return true;
    const found =
      typeof answer === 'string' ? answer : `${answer.status} ${String(answer.location)} ${answer.body}`;
    failures.push(`${new Date().toISOString()} ${what}: ${found.slice(0, 300)}`);
    return false;
  }
  const isKnown = ({ status }: Answer) => status === 200;
  const isWelcome = ({ location }: Answer) => location?.pathname === '/';
  /** Whose sign-in is cut off tries again; nobody comes in any more once it is over. */
  async function comeIn(): Promise<Browser | undefined> {
    while (!isOver) {
      const browser = newBrowser();
      if (await expecting('sign-in', browser.signIn('google'), isWelcome)) {
        signedIn += 1;
        return browser;
      }
      await sleep(pauseMs);
    }
    return undefined;
  }
  async function comeAndGo(): Promise<void> {
    const own = await comeIn();
    for (;;) {
      const other = await comeIn();
      if (own === undefined || other === undefined) return;
      for (let asks = 0; asks < asksEach; asks += 1) {
        await expecting('who am I', other.get('/api/v1/me'), isKnown);
        await expecting('who am I still', own.get('/api/v1/me'), isKnown);
        await sleep(pauseMs);
      }
      await expecting('sign-out', other.post('/auth/logout'), ({ status }) => status === 204);
    }
  }
  const all = Promise.all(Array.from({ length: people }, comeAndGo));
  return {
    cameIn: () => signedIn,
    failures,
    async goHome() {
      isOver = true;
      await all;
    },
  };
}
