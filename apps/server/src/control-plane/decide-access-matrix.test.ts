import { describe, expect, test } from 'vitest';
import { parseEmailAddress } from '../kernel/email-address.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import { decideAccess } from './decide-access.ts';
import type { AccessDecision, AccessFacts } from './decide-access.ts';

function address(text: string): EmailAddress {
  const parsed = parseEmailAddress(text);
  if (parsed === undefined) throw new Error(`not an address: ${text}`);
  return parsed;
}

const ada = address('ada@acme.example');
const eve = address('eve@sub.acme.example');
const restricted = { kind: 'restricted', allowedDomains: ['acme.example', 'other.example'] } as const;

/** Every value that each fact can take. The invitations are of company `home` (this deployment's) and `away`. */
const dimensions = {
  policy: { sso: { kind: 'sso' }, standard: { kind: 'standard' }, restricted },
  connection: { platform: 'platform', home: { companyId: 'home' }, away: { companyId: 'away' } },
  userStatus: { active: 'active', disabled: 'disabled' },
  email: {
    none: { kind: 'none' },
    'claimed on the list': { kind: 'claimed', address: ada },
    'claimed off the list': { kind: 'claimed', address: eve },
    'verified on the list': { kind: 'verified', address: ada },
    'verified off the list': { kind: 'verified', address: eve },
  },
  bootstrap: {
    none: undefined,
    open: { companyId: 'home', firstAdminClaimed: false },
    'open for ada': { companyId: 'home', firstAdminClaimed: false, onlyEmail: ada },
    claimed: { companyId: 'home', firstAdminClaimed: true },
  },
  memberOf: { '0': 0, '1': 1, '2': 2 },
  oneCompany: { yes: true, no: false },
  invitations: {
    none: [],
    home: [{ id: 'to-home', companyId: 'home', isExpired: false }],
    away: [{ id: 'to-away', companyId: 'away', isExpired: false }],
    'home expired, away': [
      { id: 'to-home', companyId: 'home', isExpired: true },
      { id: 'to-away', companyId: 'away', isExpired: false },
    ],
    both: [
      { id: 'to-home', companyId: 'home', isExpired: false },
      { id: 'to-away', companyId: 'away', isExpired: false },
    ],
  },
  beganOnInvitation: { none: undefined, home: 'to-home', away: 'to-away', unknown: 'nobodys' },
} as const satisfies { [Fact in keyof AccessFacts]-?: Record<string, AccessFacts[Fact]> };

type Choice = { readonly [Fact in keyof typeof dimensions]: keyof (typeof dimensions)[Fact] };

function factsOf(choice: Choice): AccessFacts {
  const bootstrap = dimensions.bootstrap[choice.bootstrap];
  const beganOnInvitation = dimensions.beganOnInvitation[choice.beganOnInvitation];
  return {
    policy: dimensions.policy[choice.policy],
    connection: dimensions.connection[choice.connection],
    userStatus: dimensions.userStatus[choice.userStatus],
    email: dimensions.email[choice.email],
    memberOf: dimensions.memberOf[choice.memberOf],
    oneCompany: dimensions.oneCompany[choice.oneCompany],
    invitations: dimensions.invitations[choice.invitations],
    ...(bootstrap === undefined ? {} : { bootstrap }),
    ...(beganOnInvitation === undefined ? {} : { beganOnInvitation }),
  };
}

const matrix = Object.entries(dimensions)
  .reduce<Record<string, string>[]>(
    (choices, [fact, values]) =>
      choices.flatMap((choice) => Object.keys(values).map((value) => ({ ...choice, [fact]: value }))),
    [{}],
  )
  // Built from the keys of `dimensions` alone.
  .map((choice) => choice as Choice)
  .map((choice) => ({ choice, facts: factsOf(choice), decision: decideAccess(factsOf(choice)) }));

/** The choices for which `isWrong` holds; a rule stands where there are none. */
function breaking(isWrong: (row: (typeof matrix)[number]) => boolean): Choice[] {
  return matrix.filter(isWrong).map((row) => row.choice);
}

function enters(decision: AccessDecision) {
  return decision.outcome === 'admitted' ? decision : undefined;
}

function refusal(decision: AccessDecision) {
  return decision.outcome === 'refused' ? decision.reason : undefined;
}

describe('the rules of entry hold over the whole matrix', () => {
  test('the matrix is whole', () => {
    const sizes = Object.values(dimensions).map((values) => Object.keys(values).length);
    expect(matrix).toHaveLength(sizes.reduce((product, size) => product * size, 1));
    expect(matrix.length).toBeGreaterThan(40_000);
  });

  test('a disabled account is refused, whatever else is true, and nobody else is refused for it', () => {
    expect(
      breaking(
        ({ choice, decision }) =>
          (refusal(decision) === 'account_disabled') !== (choice.userStatus === 'disabled'),
      ),
    ).toEqual([]);
  });

  test('only a restricted deployment asks for a verified address, and then always', () => {
    expect(
      breaking(
        ({ choice, decision }) =>
          (refusal(decision) === 'email_unverified') !==
          (choice.userStatus === 'active' &&
            choice.policy === 'restricted' &&
            !choice.email.startsWith('verified')),
      ),
    ).toEqual([]);
  });

  test('only a restricted deployment looks at the domain, and only at a verified one', () => {
    expect(
      breaking(
        ({ choice, decision }) =>
          (refusal(decision) === 'email_domain_not_allowed') !==
          (choice.userStatus === 'active' &&
            choice.policy === 'restricted' &&
            choice.email === 'verified off the list'),
      ),
    ).toEqual([]);
  });

  test('the first administrator is of this deployment’s company, once, verified, on a platform connection', () => {
    expect(
      breaking(({ choice, decision }) => {
        const isOpen =
          choice.bootstrap === 'open' ||
          (choice.bootstrap === 'open for ada' && choice.email.endsWith(' on the list'));
        const expected = isOpen && choice.connection === 'platform' && choice.email.startsWith('verified');
        return decision.outcome === 'admitted' && decision.becomesFirstAdmin !== expected;
      }),
    ).toEqual([]);
  });

  test('an expired invitation is never accepted, nor one that was not found', () => {
    expect(
      breaking(({ facts, decision }) => {
        const live = facts.invitations.filter((invitation) => !invitation.isExpired).map(({ id }) => id);
        return enters(decision)?.accepts.some((id) => !live.includes(id)) === true;
      }),
    ).toEqual([]);
  });

  test('a company’s connection takes up invitations to that company alone', () => {
    expect(
      breaking(
        ({ choice, decision }) =>
          choice.connection !== 'platform' &&
          enters(decision)?.accepts.some((id) => id !== `to-${choice.connection}`) === true,
      ),
    ).toEqual([]);
  });

  test('a member of some company takes up, in a deployment of many, only the invitation that the sign-in began on', () => {
    expect(
      breaking(
        ({ choice, facts, decision }) =>
          choice.oneCompany === 'no' &&
          facts.memberOf > 0 &&
          enters(decision)?.accepts.some((id) => id !== facts.beganOnInvitation) === true,
      ),
    ).toEqual([]);
  });

  test('what may be taken up is: nothing waits without a reason', () => {
    expect(
      breaking(({ choice, facts, decision }) => {
        const admitted = enters(decision);
        if (admitted === undefined || choice.connection !== 'platform') return false;
        return facts.invitations
          .filter(({ id, isExpired }) => !isExpired && !admitted.accepts.includes(id))
          .some(({ id, companyId }) => {
            const waitsForChoice =
              choice.oneCompany === 'no' && facts.memberOf > 0 && facts.beganOnInvitation !== id;
            return !waitsForChoice && !(admitted.becomesFirstAdmin && companyId === 'home');
          });
      }),
    ).toEqual([]);
  });

  test('the first administrator takes up no invitation to the same company with it', () => {
    expect(
      breaking(
        ({ decision }) =>
          enters(decision)?.becomesFirstAdmin === true &&
          enters(decision)?.accepts.includes('to-home') === true,
      ),
    ).toEqual([]);
  });
});
