import { describe, expect, test } from 'vitest';
import { parseEmailAddress } from '../kernel/email-address.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import { decideAccess } from './decide-access.ts';
import type { AccessFacts } from './decide-access.ts';

function address(text: string): EmailAddress {
  const parsed = parseEmailAddress(text);
  if (parsed === undefined) throw new Error(`not an address: ${text}`);
  return parsed;
}

const ada = address('ada@acme.example');
const listed = { kind: 'verified', address: ada } as const;
const unlisted = { kind: 'verified', address: address('eve@sub.acme.example') } as const;
const none = { kind: 'none' } as const;
const claimed = { kind: 'claimed', address: ada } as const;
const claimedUnlisted = { kind: 'claimed', address: unlisted.address } as const;
const restricted = { policy: { kind: 'restricted', allowedDomains: ['acme.example'] } } as const;

const toHome = { id: 'to-home', companyId: 'home', isExpired: false };
const toAway = { id: 'to-away', companyId: 'away', isExpired: false };
const both = [toHome, toAway];
const expired = [{ ...toHome, isExpired: true }];

const open = { companyId: 'home', firstAdminClaimed: false };
const onlyCompany = { oneCompany: true, bootstrap: { ...open, firstAdminClaimed: true } } as const;
const newCompany = { oneCompany: true, bootstrap: open } as const;
const newForAda = { oneCompany: true, bootstrap: { ...open, onlyEmail: ada } } as const;
const viaHome = { connection: { companyId: 'home' } } as const;
const viaAway = { connection: { companyId: 'away' } } as const;

/** What is so unless a row says otherwise. */
const usual: AccessFacts = {
  policy: { kind: 'sso' },
  connection: 'platform',
  userStatus: 'active',
  email: listed,
  memberOf: 0,
  oneCompany: false,
  invitations: [],
};

const written: readonly (readonly [string, Partial<AccessFacts>, string])[] = [
  ['a stranger', {}, 'enters'],
  ['a stranger without an address', { email: none }, 'enters'],
  ['the first visitor of a new company', newCompany, 'enters as first admin'],
  ['a first visitor without an address', { ...newCompany, email: none }, 'enters'],
  ['a first visitor who only claims one', { ...newCompany, email: claimed }, 'enters'],
  ['ada, where only ada may', newForAda, 'enters as first admin'],
  ['eve, where only ada may', { ...newForAda, email: unlisted }, 'enters'],
  ['a second visitor', onlyCompany, 'enters'],
  ['the first visitor, through a company', { ...newCompany, ...viaHome }, 'enters'],
  [
    'the first visitor, invited',
    { ...newCompany, invitations: both },
    'enters as first admin, accepts to-away',
  ],
  ['an invited person in no company', { invitations: both }, 'enters, accepts to-home, to-away'],
  ['an invited member of another company', { invitations: both, memberOf: 1 }, 'enters'],
  [
    'a member who began on it',
    { invitations: both, memberOf: 1, beganOnInvitation: 'to-home' },
    'enters, accepts to-home',
  ],
  [
    'a member who began on an expired one',
    { invitations: expired, memberOf: 1, beganOnInvitation: 'to-home' },
    'enters',
  ],
  [
    'a member who began on another’s',
    { invitations: both, memberOf: 2, beganOnInvitation: 'unknown' },
    'enters',
  ],
  ['one invited to the only company', { ...onlyCompany, invitations: [toHome] }, 'enters, accepts to-home'],
  [
    'its member, invited again',
    { ...onlyCompany, invitations: [toHome], memberOf: 1 },
    'enters, accepts to-home',
  ],
  ['an invited person, through a company', { ...viaAway, invitations: both }, 'enters, accepts to-away'],
  ['a person on the list', restricted, 'enters'],
  ['a person off the list', { ...restricted, email: unlisted }, 'email_domain_not_allowed'],
  ['a person who claims to be on it', { ...restricted, email: claimed }, 'email_unverified'],
  ['a person who claims to be off it', { ...restricted, email: claimedUnlisted }, 'email_unverified'],
  [
    'an invited person off the list',
    { ...restricted, email: unlisted, invitations: both },
    'email_domain_not_allowed',
  ],
  [
    'a disabled person off the list',
    { ...restricted, email: none, userStatus: 'disabled' },
    'account_disabled',
  ],
  ['a disabled first visitor', { ...newCompany, userStatus: 'disabled' }, 'account_disabled'],
];

describe('the table of entry, written out', () => {
  test.each(written)('%s', (_, row, expected) => {
    const decision = decideAccess({ ...usual, ...row });
    if (decision.outcome === 'refused') {
      expect(decision.reason).toBe(expected);
      return;
    }
    const { outcome, becomesFirstAdmin, accepts } = decision;
    expect(outcome).toBe('admitted');
    const accepting = accepts.length > 0 ? `, accepts ${accepts.join(', ')}` : '';
    expect(`enters${becomesFirstAdmin ? ' as first admin' : ''}${accepting}`).toBe(expected);
  });

  test.each(['notacme.example', 'www.acme.example', 'acme.example.evil.example', 'acme-example.example'])(
    '%s is not the allowed domain acme.example',
    (domain) => {
      const email = { kind: 'verified', address: address(`ada@${domain}`) } as const;
      expect(decideAccess({ ...usual, ...restricted, email })).toEqual({
        outcome: 'refused',
        reason: 'email_domain_not_allowed',
      });
    },
  );
});
