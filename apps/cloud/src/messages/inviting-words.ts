import type { InvitationStatus, JoinRequestStatus } from '@gatehouse/contract';

const counted = (count: number, one: string, many: string) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

const status: Record<InvitationStatus, string> = {
  pending: 'Waiting',
  accepted: 'Accepted',
  revoked: 'Withdrawn',
  expired: 'Expired',
};
const requestStatus: Record<JoinRequestStatus, string> = {
  pending: 'Waiting',
  approved: 'Approved',
  declined: 'Declined',
};

/** The words of inviting people, and of those who ask to join. */
export const invitingWords = {
  invite: {
    title: 'Invite people',
    addresses: 'E-mail addresses',
    addressesHint:
      'Type or paste one or more, separated by spaces, commas, semicolons or lines. Names are fine: Ada <ada@acme.example>.',
    placeholder: 'ada@acme.example, ben@acme.example',
    chips: 'Addresses so far',
    chipSum: (fine: number, { malformed, twice }: { malformed: number; twice: number }) =>
      [
        `${counted(fine, 'address', 'addresses')} ready`,
        ...(malformed > 0 ? [`${String(malformed)} to mend`] : []),
        ...(twice > 0 ? [`${String(twice)} here twice, sent once`] : []),
      ].join(' · '),
    verdict: { twice: 'twice', malformed: 'not an address' },
    mend: (text: string) => `Mend ${text}`,
    mendHint: 'Click to mend it',
    removeChip: (text: string) => `Remove ${text}`,
    removeMalformed: (count: number) =>
      count === 1 ? 'Remove the one to mend' : `Remove the ${String(count)} to mend`,
    showAll: (count: number) => `Show all ${String(count)}`,
    showFewer: 'Show fewer',
    projects: 'Projects they get at once',
    asMembers: 'They join as members. You can make somebody an administrator once they’re here.',
    send: (count: number) => (count === 0 ? 'Invite' : `Invite ${counted(count, 'person', 'people')}`),
    sending: 'Inviting…',
    noneReady: 'Enter at least one e-mail address first.',
    result: 'Result',
    stayed: (count: number) =>
      `${counted(count, 'address was', 'addresses were')} not sent and stayed in the box. Try again.`,
    outcome: {
      invited: (count: number) => `${String(count)} invited`,
      already_pending: (count: number) => `${String(count)} already invited: their invitation still waits`,
      already_member: (count: number) => `${String(count)} already ${count === 1 ? 'a member' : 'members'}`,
      email_invalid: (count: number) => `${String(count)} not ${count === 1 ? 'an address' : 'addresses'}`,
    },
    tellThem: 'No mail is sent from here. Copy each link and send it to its person yourself.',
  },

  grants: {
    given: 'Projects given',
    noProjects: 'This company has no projects yet. You can give them later.',
    first: 'Give a project',
    another: 'Give another project',
    none: 'Choose a project…',
    roleIn: (project: string) => `Role in ${project}`,
    remove: 'Remove',
    removeOf: (project: string) => `Remove ${project}`,
  },

  invitations: {
    title: 'Invitations',
    sentTitle: 'Sent so far',
    loading: 'Getting the invitations…',
    counted: (count: number) => counted(count, 'invitation', 'invitations'),
    more: 'Load more invitations',
    searchHint: 'Address',
    statusFilter: 'Status',
    anyStatus: 'Any status',
    noneTitle: 'Nobody has been invited yet',
    noneLead: 'Enter the first addresses above. Each invitation is listed here with what became of it.',
    address: 'Address',
    state: 'Status and mail',
    sent: 'Sent',
    ends: 'Expires',
    brings: 'Projects',
    by: 'by',
    status,
    asAdmin: 'Joins as administrator',
    delivery: {
      not_configured: 'No mail is sent: tell them yourself',
      pending: 'Queued',
      sent: 'Handed to the mail server',
      failed_retryable: (reason: string | null) => `Failing, trying again${reason ? `: ${reason}` : ''}`,
      failed_terminal: (reason: string | null) =>
        `Failed${reason ? `: ${reason}` : ''}. Check the address, or tell them yourself`,
      suppressed: 'Not sent: this address refused mail before. Tell them yourself',
    },
    copyLink: 'Copy link',
    copyLinkOf: (email: string) => `Copy link for ${email}`,
    resend: 'Send again',
    again: 'Invite again',
    againOf: (email: string) => `Invite ${email} again`,
    resendOf: (email: string) => `Send again the invitation to ${email}`,
    resending: 'Sending…',
    resent: (email: string, when: string) =>
      `The invitation to ${email} is on its way again. It now lasts until ${when}.`,
    revoke: 'Withdraw',
    revokeOf: (email: string) => `Withdraw the invitation to ${email}`,
    revoked: (email: string) => `The invitation to ${email} is withdrawn.`,
    revokeTitle: 'Withdraw this invitation?',
    revokeEffect: (email: string) =>
      `${email} can no longer accept it; its link says that it was withdrawn. You can invite the address again at any time.`,
    revoking: 'Withdrawing…',
    keep: 'Keep it',
  },

  requests: {
    title: 'Requests to join',
    lead: 'People who asked to come in. Look at who they are before you let them.',
    loading: 'Getting the requests…',
    counted: (count: number) => counted(count, 'request', 'requests'),
    more: 'Load more requests',
    statusFilter: 'Status',
    any: 'All',
    status: requestStatus,
    noneTitle: 'Nobody is waiting',
    noneLead: 'When somebody asks to join, they’re listed here until you decide.',
    noneOfThem: 'No such requests',
    invite: 'Invite people instead',
    asked: (when: string) => `Asked ${when}`,
    decided: (what: string, { when, by }: { when: string; by: string | null }) =>
      `${what} ${when}${by ? ` by ${by}` : ''}`,
    approve: 'Approve',
    approveOf: (name: string) => `Approve the request of ${name}`,
    decline: 'Decline',
    declineOf: (name: string) => `Decline the request of ${name}`,
    approveTitle: (name: string) => `Let ${name} in?`,
    approveEffect: 'They become a member at once.',
    reallyApprove: 'Approve',
    approving: 'Approving…',
    approved: (name: string) => `${name} is now a member.`,
    declineTitle: (name: string) => `Decline ${name}?`,
    declineEffect:
      'They’re told that the request was declined. They can ask again, and you can still invite them.',
    reallyDecline: 'Decline',
    declining: 'Declining…',
    declined: (name: string) => `The request of ${name} is declined.`,
  },
} as const;
