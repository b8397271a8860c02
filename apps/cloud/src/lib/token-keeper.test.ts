import type { TokenAnswer } from '@gatehouse/contract';
import { describe, expect, test } from 'vitest';
import { ApiProblem } from './problem.ts';
import type { TabMessage, Tabs } from './tabs.ts';
import { createTokenKeeper } from './token-keeper.ts';

const lifeSeconds = 900;

/** As the server makes them, but for the signature. */
function tokenOf(sub: string, sid: string, serial = 0): TokenAnswer {
  const part = (claims: object) => Buffer.from(JSON.stringify(claims)).toString('base64url');
  const accessToken = `${part({ alg: 'ES256' })}.${part({ sub, sid, name: 'Zoë', serial })}.signature`;
  return { accessToken, expiresIn: lifeSeconds };
}

const lost = () => new ApiProblem('network_failed');
const refused = (status: number, code: string) => new ApiProblem(code, undefined, { status });

/** Tabs of one browser: a lock, and a channel on which everybody hears the others. */
function openBrowser() {
  const listeners: ((message: TabMessage) => void)[] = [];
  let last: Promise<unknown> = Promise.resolve();
  let holders = 0;
  return (): Tabs => {
    let own: ((message: TabMessage) => void) | undefined;
    return {
      alone: (work) => {
        const hasWaited = holders > 0;
        holders += 1;
        const turn = last.then(() => work(hasWaited)).finally(() => (holders -= 1));
        last = turn.catch(() => undefined);
        return turn;
      },
      tell: (message) => {
        for (const listener of listeners) if (listener !== own) listener(message);
      },
      hear: (listener) => {
        own = listener;
        listeners.push(listener);
      },
    };
  };
}

/** Opens tabs that all ask the same server, whose answers are given one after another. */
function scene(...answers: (TokenAnswer | ApiProblem)[]) {
  const openTab = openBrowser();
  const paused: number[] = [];
  let asked = 0;
  let nowMs = 1_000_000;
  const ask = async () => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    await Promise.resolve();
    if (answer instanceof ApiProblem || answer === undefined) throw answer ?? lost();
    return answer;
  };
  const open = () => {
    const pause = (ms: number) => Promise.resolve(void paused.push(ms));
    const keeper = createTokenKeeper({ ask, tabs: openTab(), nowMs: () => nowMs, pause });
    const overs: number[] = [];
    keeper.whenOver(() => overs.push(nowMs));
    return Object.assign(keeper, { timesOver: () => overs.length });
  };
  return {
    open,
    asked: () => asked,
    paused,
    wait: (seconds: number) => {
      nowMs += seconds * 1000;
    },
  };
}

const ada = tokenOf('ada', 's-1');
const adaNext = tokenOf('ada', 's-1', 1);
const ben = tokenOf('ben', 's-2');

describe('a token that came with an address', () => {
  test('is taken up if the refresh cookie answers the same session', async () => {
    const { open } = scene(adaNext);
    const tab = open();
    expect(await tab.prove(ada.accessToken)).toBe(true);
    expect(await tab.current()).toBe(adaNext.accessToken);
  });

  test.each([
    ['the cookie is of another session', ben],
    ['of another sign-in of the same person', tokenOf('ada', 's-9')],
    ['there is no cookie', refused(401, 'unauthenticated')],
    ['the cookie was replaced long ago', refused(401, 'refresh_reused')],
  ])('is left alone where %s', async (_case, answer) => {
    const tab = scene(answer).open();
    expect(await tab.prove(ada.accessToken)).toBe(false);
    expect(await tab.current()).toBeUndefined();
  });

  test.each(['', 'x', 'a.b.c', `a.${Buffer.from('{"sub":1}').toString('base64url')}.c`])(
    'is left alone where it is none: %j',
    async (planted) => {
      const tab = scene(ada).open();
      expect(await tab.prove(planted)).toBe(false);
      expect(tab.isHolding()).toBe(false);
    },
  );

  test('is neither taken up nor dropped while the server does not answer', async () => {
    const tab = scene(lost()).open();
    await expect(tab.prove(ada.accessToken)).rejects.toMatchObject({ code: 'network_failed' });
  });
});

describe('a page without a token', () => {
  test('finds who its browser is signed in as', async () => {
    const tab = scene(ada).open();
    expect(await tab.restore()).toBe(true);
    expect(await tab.current()).toBe(ada.accessToken);
  });

  test.each([refused(401, 'unauthenticated'), refused(404, 'not_found')])(
    'acts for nobody where the server answers %s',
    async (answer) => {
      const tab = scene(answer).open();
      expect(await tab.restore()).toBe(false);
      expect(await tab.current()).toBeUndefined();
    },
  );

  test('is told why a sign-in does not go on', async () => {
    const tab = scene(refused(403, 'account_disabled')).open();
    await expect(tab.restore()).rejects.toMatchObject({ code: 'account_disabled' });
  });

  test('is not made to act for somebody by another tab', async () => {
    const { open } = scene(ada);
    const [here, other] = [open(), open()];
    await other.restore();
    expect(await here.current()).toBeUndefined();
  });
});

describe('a token is renewed', () => {
  test.each([
    ['a minute before its end, and not earlier', lifeSeconds, lifeSeconds - 60],
    ['at half its life if that is short', 60, 30],
  ])('%s', async (_when, expiresIn, renewedAfter) => {
    const { open, wait } = scene(adaNext);
    const tab = open();
    tab.adopt({ ...ada, expiresIn });
    wait(renewedAfter - 1);
    expect(await tab.current()).toBe(ada.accessToken);
    wait(1);
    expect(await tab.current()).toBe(adaNext.accessToken);
  });

  test('once for all callers and all tabs', async () => {
    const { open, wait, asked } = scene(adaNext, tokenOf('ada', 's-1', 2));
    const tabs = Array.from({ length: 5 }, open);
    for (const tab of tabs) tab.adopt(ada);
    wait(lifeSeconds - 30);
    const found = await Promise.all(tabs.flatMap((tab) => [tab.current(), tab.current()]));
    expect(new Set(found)).toEqual(new Set([adaNext.accessToken]));
    expect(asked()).toBe(1);
  });

  test('once for a tab that opens while another renews', async () => {
    const { open, wait, asked } = scene(adaNext, tokenOf('ada', 's-1', 2));
    const [old, fresh] = [open(), open()];
    old.adopt(ada);
    wait(lifeSeconds);
    await Promise.all([old.current(), fresh.restore()]);
    expect(await fresh.current()).toBe(adaNext.accessToken);
    expect(asked()).toBe(1);
  });

  test('when the server no longer takes it, unless that has happened already', async () => {
    const { open, asked } = scene(adaNext);
    const tab = open();
    tab.adopt(ada);
    expect(await tab.insteadOf(ada.accessToken)).toBe(adaNext.accessToken);
    expect(await tab.insteadOf(ada.accessToken)).toBe(adaNext.accessToken);
    expect(asked()).toBe(1);
  });
});

describe('an answer that does not come', () => {
  test('is asked for again within the ten seconds in which the server repeats it', async () => {
    const { open, paused, wait } = scene(lost(), refused(503, 'overloaded'), adaNext);
    const tab = open();
    tab.adopt(ada);
    wait(lifeSeconds);
    expect(await tab.current()).toBe(adaNext.accessToken);
    expect(paused).toEqual([250, 750]);
  });

  test('signs nobody out, and the token serves to its end', async () => {
    const { open, wait, asked, paused } = scene(refused(502, 'answer_unreadable'));
    const tab = open();
    tab.adopt(ada);
    wait(lifeSeconds - 30);
    expect(await tab.current()).toBe(ada.accessToken);
    expect(asked()).toBe(5);
    expect([...paused].sort((one, other) => one - other)).toEqual(paused);
    wait(30);
    await expect(tab.current()).rejects.toMatchObject({ status: 502 });
    expect(tab.isHolding()).toBe(true);
  });

  test('is waited for as long as the server asks, if that is not long', async () => {
    const busy = (retryAfterSeconds: number) =>
      new ApiProblem('rate_limited', undefined, { status: 429, retryAfterSeconds });
    const soon = scene(busy(2), ada);
    expect(await soon.open().restore()).toBe(true);
    expect(soon.paused).toEqual([2000]);
    const late = scene(busy(60), ada).open();
    await expect(late.restore()).rejects.toMatchObject({ code: 'rate_limited' });
  });
});

describe('a sign-in is over', () => {
  test.each([
    [401, 'unauthenticated', 'unauthenticated'],
    [401, 'refresh_reused', 'unauthenticated'],
    [403, 'email_domain_not_allowed', 'email_domain_not_allowed'],
    [400, 'provider_unknown', 'provider_unknown'],
  ])('when the server refuses to renew it: %i %s', async (status, code, told) => {
    const { open, wait } = scene(refused(status, code));
    const tab = open();
    tab.adopt(ada);
    wait(lifeSeconds);
    await expect(tab.current()).rejects.toMatchObject({ code: told });
    expect(await tab.current()).toBeUndefined();
  });

  test('in every tab once somebody has signed out in one', () => {
    const { open } = scene(ada);
    const [here, other, byCookie] = [open(), open(), open()];
    here.adopt(ada);
    other.adopt(ada);
    here.end();
    expect(other.isHolding()).toBe(false);
    expect([other.timesOver(), byCookie.timesOver(), here.timesOver()]).toEqual([1, 1, 0]);
  });

  test('for what a page has read, when the browser is somebody else’s by now: the call is not made as them', async () => {
    const { open, wait } = scene(ben);
    const tab = open();
    tab.adopt(ada);
    wait(lifeSeconds);
    await expect(tab.current()).rejects.toMatchObject({ code: 'session_changed' });
    expect(tab.timesOver()).toBe(1);
    expect(await tab.current()).toBe(ben.accessToken);
  });

  test('not where the account of the sign-in became part of another: it goes on as that one', async () => {
    const joined = tokenOf('ben', 's-1');
    const tab = scene(joined).open();
    tab.adopt(ada);
    expect(await tab.insteadOf(ada.accessToken)).toBe(joined.accessToken);
    expect(tab.timesOver()).toBe(0);
  });

  test('not for a tab of somebody, when another tab signs in as somebody else', () => {
    const { open } = scene(ada);
    const [here, other] = [open(), open()];
    here.adopt(ada);
    other.adopt(ben);
    expect(here.timesOver()).toBe(0);
  });
});

test('whoever signs in while the old sign-in is being refused stays signed in', async () => {
  const { open, wait } = scene(refused(401, 'unauthenticated'));
  const tab = open();
  tab.adopt(ada);
  wait(lifeSeconds);
  const asking = tab.insteadOf(ada.accessToken);
  tab.adopt(adaNext);
  expect(await asking).toBe(adaNext.accessToken);
});
