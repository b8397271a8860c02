import { describe, expect, test } from 'vitest';
import { explore } from '../../test/support/explore.ts';
import { brokenIn, firstWorld, keyOf, nextWorlds, usualRules } from '../../test/support/refresh-model.ts';
import type { Rules } from '../../test/support/refresh-model.ts';

function exploreWith(changes: Partial<Rules>) {
  const rules = { ...usualRules, ...changes };
  const next = (world: typeof firstWorld) => nextWorlds(world, rules);
  return explore({ first: firstWorld, next, key: keyOf, broken: brokenIn });
}

/** Nothing else than this ended the search. */
function expectWhole({ broken, states }: ReturnType<typeof exploreWith>, atLeast: number): void {
  expect(broken?.way ?? []).toEqual([]);
  expect(states).toBeGreaterThan(atLeast);
}

const threeOfThem = ['tab', 'otherTab', 'thief'] as const;
const oneAndThief = ['tab', 'thief'] as const;

describe('a refresh that may crash, get lost and be overtaken at every step', () => {
  test('two tabs: one live token, no retry within the window refused, and the cookie never goes back', () => {
    expectWhole(exploreWith({}), 15_000);
  });

  test('T-11 T-12 a browser and a thief: no replay outside the window, and none of two generations back', () => {
    expectWhole(exploreWith({ senders: oneAndThief, horizon: 7 }), 25_000);
  });

  test('two tabs and a thief at once', () => {
    expectWhole(exploreWith({ senders: threeOfThem, horizon: 4 }), 75_000);
  });

  test('statements that take seconds, and clocks that differ, let nobody in', () => {
    expectWhole(exploreWith({ mayStall: true, senders: oneAndThief, horizon: 6 }), 15_000);
    expectWhole(exploreWith({ clocks: [0, 1], senders: oneAndThief, horizon: 5 }), 20_000);
  });

  test('tabs that wait for each other need no order of their answers; others may put an older cookie back', () => {
    expectWhole(exploreWith({ inOrder: false, tabsWait: true }), 1_000);
    expect(exploreWith({ inOrder: false }).broken?.what).toBe('the cookie went back to an older token');
  });
});

describe('the search finds what would be wrong', () => {
  test.each<[string, string, Partial<Rules>]>([
    [
      'a write that asks nobody whether the token was used',
      'a session has 2 tokens that nobody used',
      { isConditional: false },
    ],
    ['a single look', 'a live session was refused', { looks: 1 }],
    [
      'a session that is not held while its token is rotated',
      'a request was answered after the end of its session',
      { locksSession: false },
    ],
    [
      'a successor that is given out although it was used',
      'a token two generations back was accepted',
      { checksLeaf: false, clocks: [0, 1] },
    ],
    [
      'no grace',
      'a retry within the window was refused',
      { judge: (facts, now) => insteadOf('successor', 'replayed', usualRules.judge(facts, now)) },
    ],
    [
      'an endless grace',
      'a replay outside the window was accepted',
      { judge: (facts, now) => insteadOf('replayed', 'successor', usualRules.judge(facts, now)) },
    ],
  ])('%s: %s', (_, what, rules) => {
    expect(exploreWith(rules).broken?.what).toBe(what);
  });
});

type Judgement = ReturnType<Rules['judge']>;

function insteadOf(one: Judgement, other: Judgement, judgement: Judgement): Judgement {
  return judgement === one ? other : judgement;
}
