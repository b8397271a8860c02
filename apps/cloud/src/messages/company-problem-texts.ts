import { start } from './problem-words.ts';
import type { ProblemText } from './problem-words.ts';

/** The texts of the codes about members, invitations, requests to join and mail. */
export const companyProblemTexts = {
  join_request_decided: {
    title: 'This request was decided already',
    happened: 'Somebody else approved or declined it in the meantime.',
    next: 'Reload the list. Someone who was declined can ask again, or be invited.',
    ways: [start],
  },
  mail_not_configured: {
    title: 'No mail is sent from here',
    happened: 'This needs a mail to be sent, and no mail server is set up.',
    next: 'Ask whoever runs this service to set one up.',
    ways: [start],
  },
  mail_not_queued: {
    title: 'The mail couldn’t be sent, so nothing was done',
    happened: 'This mailbox has had as many mails as it gets from us in a day.',
    next: 'Try again tomorrow, or tell the person yourself.',
    ways: [start],
  },
  invitation_accepted: {
    title: 'This invitation was already accepted',
    happened: 'There is nothing left to do with it.',
    next: 'You’ll find the company among yours.',
    ways: [start],
  },
  invitation_expired: {
    title: 'This invitation has expired',
    happened: 'Invitations last for a limited time, and this one is past it.',
    next: 'Ask an administrator of the company to invite you again.',
    ways: [start],
  },
  invitation_revoked: {
    title: 'This invitation was withdrawn',
    happened: 'An administrator of the company took it back.',
    next: 'If you expected it to work, ask them to invite you again.',
    ways: [start],
  },
  last_admin: {
    title: 'A company keeps at least one administrator',
    happened: 'This would have left the company without one, so nothing was changed.',
    next: 'Make somebody else an administrator first.',
    ways: [start],
  },
} as const satisfies Readonly<Record<string, ProblemText>>;
