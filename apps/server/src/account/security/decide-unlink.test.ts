import { expect, test } from 'vitest';
import { decideUnlink } from './decide-unlink.ts';
import type { UnlinkFacts } from './decide-unlink.ts';

const yesOrNo = [false, true];
const configured = { isConfigured: true };
const gone = { isConfigured: false };
const others = [[], [gone], [configured], [gone, configured], [configured, gone]];

const facts: UnlinkFacts[] = others.flatMap((some) =>
  yesOrNo.flatMap((hasPassword) =>
    yesOrNo.flatMap((arePasswordsOn) =>
      yesOrNo.map((hasAddress) => ({ others: some, hasPassword, arePasswordsOn, hasAddress })),
    ),
  ),
);

/** The same, said once more: what is missing of every way there is. */
function expected({ others: some, ...own }: UnlinkFacts): string {
  const ways = [!some.includes(configured), Object.values(own).includes(false)];
  return ways.includes(false) ? 'unlinked' : 'last_way_in';
}

test.each(facts)('%j', (fact) => {
  expect(decideUnlink(fact)).toBe(expected(fact));
});

test('both answers are given', () => {
  expect(facts.filter((fact) => decideUnlink(fact) === 'last_way_in')).toHaveLength(14);
  expect(facts).toHaveLength(40);
});
