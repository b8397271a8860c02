import { createGates } from './gates.ts';
import type { Held } from './gates.ts';
import { createJournal } from './journal.ts';
import { listenOnLoopback } from './loopback-server.ts';
import { mailboxMenu } from './mailbox-faults.ts';
import type { MailboxFault } from './mailbox-faults.ts';
import { createMails, readMail } from './mailbox-mails.ts';
import type { ArrivedMail, Mails, ReadMail } from './mailbox-mails.ts';
import { mailboxRoutes } from './mailbox-page.ts';
import { listenForMail } from './mailbox-smtp.ts';
import { misbehaveRoutes } from './misbehave-page.ts';
import { createMisbehaviour } from './misbehave.ts';
import type { Misbehave } from './misbehave.ts';
import { routed } from './routing.ts';

export type MailboxOptions = {
  /** Of the page; 0, the default, takes a free one. */
  readonly port?: number;
  readonly smtpPort?: number;
  /** A loopback address or `localhost`; anything else throws. */
  readonly host?: string;
  /** Offers encryption, with a certificate that nobody should trust. */
  readonly offersTls?: boolean;
  /** Takes mail only from who says this. */
  readonly login?: { readonly username: string; readonly password: string };
  /** So many mails are kept; 2,000 unless told. */
  readonly keep?: number;
  readonly now?: () => Date;
};

export type Mailbox = {
  /** Of the page. */
  readonly origin: string;
  readonly smtp: { readonly host: string; readonly port: number };
  readonly misbehave: Misbehave<MailboxFault>;
  /** Everything that was kept, oldest first, whomever it is for. */
  readonly mails: () => readonly ArrivedMail[];
  readonly read: (mail: ArrivedMail) => Promise<ReadMail>;
  /** The newest mail to this address, waited for; throws after two seconds, or as long as told. */
  readonly newestTo: (address: string, withinMs?: number) => Promise<ReadMail>;
  /** Resolves once so many mails are there; throws after two seconds, or as long as told. */
  readonly untilCount: (count: number, withinMs?: number) => Promise<void>;
  readonly clear: () => void;
  /** How often somebody connected. */
  readonly connections: () => number;
  /** Lets the next connection, recipient or message wait. */
  readonly hold: (stage: 'mail_connection' | 'mail_recipient' | 'mail_message') => Held;
  readonly close: () => Promise<void>;
};

const product = 'a mail server';
const occasion = { name: 'mail', invitation: 'have a mail sent' };
const patienceMs = 2_000;

/** A mail server that takes mail for everybody and shows it on a page. */
export async function openMailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const { host = '127.0.0.1', port = 0, now = () => new Date() } = options;
  const page = await listenOnLoopback({ host, port });
  const mails = createMails({ keep: options.keep ?? 2_000, now });
  const gates = createGates();
  const { misbehave, faults, isFault } = createMisbehaviour(mailboxMenu);
  const smtp = await listenForMail(
    { host, port: options.smtpPort ?? 0 },
    { ...options, faults, gates, onMail: mails.add },
  ).catch(async (error: unknown) => {
    await page.close();
    throw error;
  });
  const routes = [
    ...mailboxRoutes(product, mails),
    ...misbehaveRoutes({ product, menu: mailboxMenu, misbehave, isFault, occasion }),
  ];
  page.serve(routed(routes, { journal: createJournal(now), gates, clock: now }));

  return {
    origin: page.origin,
    smtp: { host, port: smtp.port },
    misbehave,
    mails: mails.all,
    read: readMail,
    ...waitingFor(mails),
    clear: mails.clear,
    connections: smtp.connections,
    hold: gates.hold,
    async close() {
      gates.releaseAll();
      await Promise.all([page.close(), smtp.close()]);
    },
  };
}

function waitingFor(mails: Mails): Pick<Mailbox, 'newestTo' | 'untilCount'> {
  return {
    async newestTo(address, withinMs = patienceMs) {
      const newest = () => mails.all().findLast(({ envelope }) => envelope.to.includes(address));
      return await readMail(await mails.waitFor(newest, { what: `A mail to ${address}`, withinMs }));
    },
    async untilCount(count, withinMs = patienceMs) {
      const areThere = () => (mails.all().length >= count ? true : undefined);
      await mails.waitFor(areThere, { what: `${count} mails`, withinMs });
    },
  };
}
