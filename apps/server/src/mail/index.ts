export type { MailContent, MailPolicy, NewMail, PromisedRole, Queued } from './mail.ts';
export { queueMails } from './queue-mails.ts';
