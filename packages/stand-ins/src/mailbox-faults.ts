import type { FaultMenu } from './misbehave.ts';

const connectionFaults = {
  gone: 'Breaks every connection at once, as if nobody listened',
  greeting_hang: 'Takes connections and says nothing',
  greeting_421: 'Says 421 that it is not available, and hangs up',
} as const;

const recipientFaults = {
  recipient_421: 'Answers 421 and hangs up',
  recipient_450: 'Answers 450: the mailbox is busy',
  recipient_452: 'Answers 452: too little room',
  recipient_550: 'Answers 550: no such mailbox',
  recipient_554: 'Answers 554: refused as spam',
  recipient_hang: 'Does not answer',
} as const;

const messageFaults = {
  message_451: 'Answers 451: try again later',
  message_452: 'Answers 452: too little room',
  message_552: 'Answers 552: too large',
  message_554: 'Answers 554: refused as spam',
  message_hang: 'Does not answer once it has the message, and does not keep it',
  message_dropped: 'Hangs up once it has the message, and does not keep it',
  message_kept_then_dropped: 'Keeps the message, and hangs up before it says so',
  message_kept_then_hang: 'Keeps the message, and never says so',
} as const;

export type MailboxFault =
  keyof typeof connectionFaults | keyof typeof recipientFaults | keyof typeof messageFaults;

export const mailboxMenu: FaultMenu<MailboxFault> = [
  { stage: 'mail_connection', heading: 'When somebody connects', faults: connectionFaults },
  { stage: 'mail_recipient', heading: 'When it hears whom a mail is for', faults: recipientFaults },
  { stage: 'mail_message', heading: 'When it has the message', faults: messageFaults },
];

/** Words of usual servers: what an administrator would read. */
export const refusalWords: Readonly<Record<number, string>> = {
  421: '4.3.2 Service not available, closing transmission channel',
  450: '4.2.1 The mailbox is busy, try again later',
  451: '4.3.0 Try again later',
  452: '4.3.1 Insufficient system storage',
  550: '5.1.1 No such mailbox here',
  552: '5.3.4 Message too large',
  554: '5.7.1 Refused as spam',
};
