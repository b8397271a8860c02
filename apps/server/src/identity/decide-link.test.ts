import { describe, expect, test } from 'vitest';
import { decideLink } from './decide-link.ts';
import type { LinkFacts } from './decide-link.ts';

const emails = ['none', 'claimed', 'verified', 'authoritative'] as const;
const holders: readonly LinkFacts['holder'][] = [
  undefined,
  { userId: 'holder', hasOtherIdentityHere: false },
  { userId: 'holder', hasOtherIdentityHere: true },
];
const allFacts: LinkFacts[] = [undefined, 'known', 'holder'].flatMap((knownUserId) =>
  emails.flatMap((email) =>
    holders.map((holder) => ({
      email,
      ...(knownUserId === undefined ? {} : { knownUserId }),
      ...(holder === undefined ? {} : { holder }),
    })),
  ),
);

const name = (facts: LinkFacts) =>
  `${facts.knownUserId ?? 'unknown'} identity, ${facts.email} address, ${
    facts.holder === undefined
      ? 'held by nobody'
      : facts.holder.hasOtherIdentityHere
        ? 'holder with another identity here'
        : 'holder'
  }`;

/** The whole matrix of unknown identities, written out: [address, holder] → outcome. */
const unknownIdentity: Record<string, string> = {
  'none, nobody': 'created without address',
  'none, holder': 'created without address',
  'none, conflicting holder': 'created without address',
  'claimed, nobody': 'created without address',
  'claimed, holder': 'created without address',
  'claimed, conflicting holder': 'created without address',
  'verified, nobody': 'created with address',
  'verified, holder': 'link_required',
  'verified, conflicting holder': 'link_required',
  'authoritative, nobody': 'created with address',
  'authoritative, holder': 'linked',
  'authoritative, conflicting holder': 'identity_conflict',
};

function summary(facts: LinkFacts): string {
  const decision = decideLink(facts);
  if (decision.outcome === 'refused') return decision.reason;
  if (decision.outcome === 'created') return `created ${decision.adoptsAddress ? 'with' : 'without'} address`;
  return decision.outcome;
}

describe('decideLink', () => {
  test.each(
    allFacts.filter((facts) => facts.knownUserId === undefined).map((facts) => [name(facts), facts] as const),
  )('%s', (_, facts) => {
    const holder =
      facts.holder === undefined
        ? 'nobody'
        : facts.holder.hasOtherIdentityHere
          ? 'conflicting holder'
          : 'holder';
    expect(summary(facts)).toBe(unknownIdentity[`${facts.email}, ${holder}`]);
  });

  test.each(
    allFacts.filter((facts) => facts.knownUserId !== undefined).map((facts) => [name(facts), facts] as const),
  )('%s leads to its own user and to nobody else', (_, facts) => {
    const isVerified = facts.email === 'verified' || facts.email === 'authoritative';
    expect(decideLink(facts)).toEqual({
      outcome: 'known',
      userId: facts.knownUserId,
      adoptsAddress: isVerified && facts.holder === undefined,
    });
  });

  test.each(allFacts.map((facts) => [name(facts), facts] as const))(
    '%s: an unverified address is nobody’s',
    (_, facts) => {
      if (facts.email === 'verified' || facts.email === 'authoritative') return;
      const decision = decideLink(facts);
      expect(decision.outcome === 'linked' || decision.outcome === 'refused').toBe(false);
      expect('adoptsAddress' in decision && decision.adoptsAddress).toBe(false);
    },
  );

  test('all 36 combinations are covered', () => {
    expect(allFacts).toHaveLength(36);
  });
});
