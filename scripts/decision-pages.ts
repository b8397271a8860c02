import { decideAccess } from '../apps/server/src/control-plane/decide-access.ts';
import type { AccessFacts } from '../apps/server/src/control-plane/decide-access.ts';
import { decideLink } from '../apps/server/src/identity/decide-link.ts';
import type { LinkFacts } from '../apps/server/src/identity/decide-link.ts';
import { decideProof } from '../apps/server/src/identity/decide-proof.ts';
import type { ProofFacts } from '../apps/server/src/identity/decide-proof.ts';
import { parseEmailAddress } from '../apps/server/src/kernel/email-address.ts';
import type { EmailAddress } from '../apps/server/src/kernel/email-address.ts';
import { decisionTable } from './decision-table.ts';
import type { DecisionTable, Fact } from './decision-table.ts';

const linkFacts: readonly Fact<LinkFacts>[] = [
  {
    name: 'This person signed in this way',
    values: [
      ['before', { knownUserId: 'theirs' }],
      ['never', {}],
    ],
  },
  {
    name: 'The address is',
    values: [
      ['none', { email: 'none' }],
      ['claimed', { email: 'claimed' }],
      ['verified', { email: 'verified' }],
      ['verified by who runs the mailbox', { email: 'authoritative' }],
    ],
  },
  {
    name: 'The address is held by',
    values: [
      ['nobody', {}],
      ['an account', { holder: { userId: 'holder', hasOtherIdentityHere: false } }],
      [
        'an account that this provider knows as somebody else',
        { holder: { userId: 'holder', hasOtherIdentityHere: true } },
      ],
    ],
  },
];

function linkOutcome(facts: Partial<LinkFacts>): string {
  const decision = decideLink({ email: 'none', ...facts });
  switch (decision.outcome) {
    case 'known':
      return decision.adoptsAddress ? 'Their own account; the address becomes its own' : 'Their own account';
    case 'linked':
      return 'The account that holds the address; this way leads to it from now on, and a mail says so';
    case 'created':
      return decision.adoptsAddress ? 'A new account with this address' : 'A new account without an address';
    case 'refused':
      return `Refused: \`${decision.reason}\``;
  }
}

const somebody = { isOneself: false, isDisabled: false, hasOtherIdentityHere: false, hasSecondFactor: false };
const proofFacts: readonly Fact<ProofFacts>[] = [
  {
    name: 'The mailbox is held by',
    values: [
      ['nobody', {}],
      ['this account', { holder: { ...somebody, isOneself: true } }],
      ['another account', { holder: somebody }],
      ['another account, with an authenticator app', { holder: { ...somebody, hasSecondFactor: true } }],
      ['another account, disabled', { holder: { ...somebody, isDisabled: true } }],
      [
        'another account, disabled, which this provider knows as somebody else',
        { holder: { ...somebody, isDisabled: true, hasOtherIdentityHere: true } },
      ],
      [
        'another account, which this provider knows as somebody else',
        { holder: { ...somebody, hasOtherIdentityHere: true } },
      ],
    ],
  },
  {
    name: 'This account has an address or a company',
    values: [
      ['no', { isEmpty: true }],
      ['yes', { isEmpty: false }],
    ],
  },
];

const proofOutcomes = {
  adopted: 'The mailbox becomes this account’s own',
  kept: 'It stays this account’s own',
  joined: 'The two become one: what led to this account leads to the other',
};

function proofOutcome(facts: Partial<ProofFacts>): string {
  const decision = decideProof({ isEmpty: true, ...facts });
  return decision.outcome === 'refused' ? `Refused: \`${decision.reason}\`` : proofOutcomes[decision.outcome];
}

const listed = addressOf('ada@listed.example');
const unlisted = addressOf('eve@elsewhere.example');

/** What is so unless a row says otherwise. */
const usual: AccessFacts = {
  policy: { kind: 'sso' },
  connection: 'platform',
  userStatus: 'active',
  email: { kind: 'verified', address: listed },
  memberOf: 0,
  oneCompany: false,
  invitations: [],
};

const entryFacts: readonly Fact<AccessFacts>[] = [
  {
    name: 'The account is',
    values: [
      ['disabled', { userStatus: 'disabled' }],
      ['active, or new', { userStatus: 'active' }],
    ],
  },
  {
    name: '`AUTH_POLICY` is',
    values: [
      ['unset', { policy: { kind: 'sso' } }],
      ['`standard`', { policy: { kind: 'standard' } }],
      ['`restricted`', { policy: { kind: 'restricted', allowedDomains: ['listed.example'] } }],
    ],
  },
  {
    name: 'The address is',
    values: [
      ['none', { email: { kind: 'none' } }],
      ['claimed, of a listed domain', { email: { kind: 'claimed', address: listed } }],
      ['claimed, of another domain', { email: { kind: 'claimed', address: unlisted } }],
      ['verified, of a listed domain', { email: { kind: 'verified', address: listed } }],
      ['verified, of another domain', { email: { kind: 'verified', address: unlisted } }],
    ],
  },
];

const home = { companyId: 'home', firstAdminClaimed: false };
const deployment: Fact<AccessFacts> = {
  name: 'The deployment is for',
  values: [
    ['many companies', { oneCompany: false }],
    [
      'one company, which had its first administrator',
      { oneCompany: true, bootstrap: { ...home, firstAdminClaimed: true } },
    ],
    ['one company, which waits for its first', { oneCompany: true, bootstrap: home }],
    [
      'one company, which waits for this address',
      { oneCompany: true, bootstrap: { ...home, onlyEmail: listed } },
    ],
    [
      'one company, which waits for another address',
      { oneCompany: true, bootstrap: { ...home, onlyEmail: unlisted } },
    ],
  ],
};
const connection: Fact<AccessFacts> = {
  name: 'They came by',
  values: [
    ['a provider of the platform', { connection: 'platform' }],
    ['this company’s provider', { connection: { companyId: 'home' } }],
    ['another company’s provider', { connection: { companyId: 'away' } }],
  ],
};
const email: Fact<AccessFacts> = {
  name: 'The address is',
  values: [
    ['none', { email: { kind: 'none' } }],
    ['claimed', { email: { kind: 'claimed', address: listed } }],
    ['verified', { email: { kind: 'verified', address: listed } }],
  ],
};

const invitation = { id: 'this', companyId: 'home', isExpired: false };
const invitationFacts: readonly Fact<AccessFacts>[] = [
  {
    name: 'The invitation',
    values: [
      ['has run out', { invitations: [{ ...invitation, isExpired: true }] }],
      ['is open', { invitations: [invitation] }],
    ],
  },
  connection,
  { ...deployment, values: deployment.values.slice(0, 3) },
  {
    name: 'The sign-in began at',
    values: [
      ['this invitation', { beganOnInvitation: 'this' }],
      ['another invitation', { beganOnInvitation: 'another' }],
      ['the sign-in page', {}],
    ],
  },
  {
    name: 'They are in',
    values: [
      ['no company yet', { memberOf: 0 }],
      ['some company', { memberOf: 1 }],
    ],
  },
];

function addressOf(text: string): EmailAddress {
  const address = parseEmailAddress(text);
  if (address === undefined) throw new Error(`not an address: ${text}`);
  return address;
}

function entryOutcome(facts: Partial<AccessFacts>): string {
  const decision = decideAccess({ ...usual, ...facts });
  return decision.outcome === 'refused' ? `Refused: \`${decision.reason}\`` : 'They come in';
}

function adminOutcome(facts: Partial<AccessFacts>): string {
  const decision = decideAccess({ ...usual, ...facts });
  if (decision.outcome === 'refused') return entryOutcome(facts);
  return decision.becomesFirstAdmin ? 'They do' : 'They do not';
}

function invitationOutcome(facts: Partial<AccessFacts>): string {
  const decision = decideAccess({ ...usual, ...facts });
  if (decision.outcome === 'refused') return entryOutcome(facts);
  if (decision.accepts.length > 0) return 'Taken up by itself';
  if (facts.invitations?.some(({ isExpired }) => isExpired) === true) return 'Stays as it is';
  return decision.becomesFirstAdmin
    ? 'Waits: they become its first administrator instead'
    : 'Waits for them to decide';
}

type Section = { readonly title: string; readonly intro: string; readonly table: DecisionTable };

export const decisionSections: readonly Section[] = [
  {
    title: 'Whose account is it?',
    intro:
      'Asked at every return from a provider. The address of a token is *claimed* until the provider vouches for it.\n' +
      'GitHub vouches for addresses and runs no mailbox. Google runs those of gmail.com and of the Workspace domain\n' +
      'that its `hd` names. Microsoft counts as running a mailbox where `xms_edov` is true, or where the operator lists\n' +
      'the domains of the one directory. A code that is typed back comes from the mailbox itself.',
    table: decisionTable(linkFacts, linkOutcome),
  },
  {
    title: 'Whose is a mailbox that was just proven?',
    intro: 'Asked when a person types the code of a mail back.',
    table: decisionTable(proofFacts, proofOutcome),
  },
  {
    title: 'May they come in?',
    intro:
      'Asked at every sign-in. A refresh of a token pair asks for the account and the policy again; companies are asked\nlater, one by one.',
    table: decisionTable(entryFacts, entryOutcome),
  },
  {
    title: 'Who becomes the first administrator?',
    intro: 'Of those who come in. An address that another account holds counts as claimed.',
    table: decisionTable([deployment, connection, email], adminOutcome),
  },
  {
    title: 'Which invitations are taken up by themselves?',
    intro:
      'Of those to an address that this sign-in proves. What waits is shown to them, to accept or to decline.',
    table: decisionTable(invitationFacts, invitationOutcome),
  },
];
