import MailComposer from 'nodemailer/lib/mail-composer';
import { domainOf } from '../kernel/email-address.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import type { ClaimedMail } from './claim-mails.ts';
import { judgeFailure } from './judge-failure.ts';
import type { SendOutcome } from './judge-failure.ts';
import { plainLine } from './plain-line.ts';
import { asHtml, asText } from './render-letter.ts';
import { openLine } from './smtp-line.ts';
import type { Envelope, Line, SmtpServer } from './smtp-line.ts';
import { writeLetter } from './write-letter.ts';

type Sender = { readonly address: EmailAddress; readonly name?: string };

export type MailerOptions = {
  readonly server: SmtpServer;
  readonly from: Sender;
  readonly replyTo?: Sender;
  /** Where our pages lie, with a slash at the end. */
  readonly pages: URL;
  /** The one-time code of a proof, worked out anew each time. */
  readonly codeOf: (proofId: string) => string;
  readonly linkTokenOf: (linkId: string) => string;
};

/** Writes mails and hands them to the mail server, over connections that it keeps for a while. */
export type Mailer = {
  /** Never rejects. Where it is stopped by the signal, the mail may have arrived. */
  send(mail: ClaimedMail, signal: AbortSignal): Promise<SendOutcome>;
  close(): void;
};

/** Servers end what is idle for long; we do it first. */
const idleMs = 5_000;

export function openMailer(options: MailerOptions): Mailer {
  const idle = keepIdle();

  async function hand(envelope: Envelope, message: Buffer, signal: AbortSignal): Promise<SendOutcome> {
    const kept = idle.take();
    const line = kept ?? (await openLine(options.server, signal));
    const outcome = await line.send(envelope, message, signal);
    idle.keep(line);
    // It was ended while it was idle, and none of the mail went out: a new one may do.
    if (outcome.outcome === 'unreachable' && kept !== undefined && !signal.aborted)
      return await hand(envelope, message, signal);
    return outcome;
  }

  return {
    async send(mail, signal) {
      try {
        const envelope = { from: options.from.address, to: mail.to };
        return await hand(envelope, await compose(mail, options), signal);
      } catch (error) {
        return judgeFailure(error, { hasBegun: false });
      }
    },
    close: idle.close,
  };
}

function keepIdle() {
  const lines = new Map<Line, NodeJS.Timeout>();
  return {
    keep(line: Line): void {
      if (!line.isOpen()) return;
      const timer = setTimeout(() => {
        lines.delete(line);
        line.hangUp();
      }, idleMs);
      lines.set(line, timer.unref());
    },
    take(): Line | undefined {
      for (const [line, timer] of lines) {
        lines.delete(line);
        clearTimeout(timer);
        if (line.isOpen()) return line;
      }
      return undefined;
    },
    close(): void {
      for (const [line, timer] of lines) {
        clearTimeout(timer);
        line.hangUp();
      }
      lines.clear();
    },
  };
}

/** The same mail gives the same Message-ID at every try, so that a second copy is seen to be one. */
async function compose(mail: ClaimedMail, options: MailerOptions): Promise<Buffer> {
  const { from, replyTo, pages, codeOf, linkTokenOf } = options;
  const letter = writeLetter(mail.content, { pages, to: mail.to, codeOf, linkTokenOf });
  const sentBy = `Sent by Gatehouse at ${pages.host}`;
  const composer = new MailComposer({
    from: asHeader(from),
    ...(replyTo && { replyTo: asHeader(replyTo) }),
    to: { name: '', address: mail.to },
    subject: plainLine(letter.subject),
    messageId: `<${mail.id}@${domainOf(from.address)}>`,
    date: mail.createdAt,
    text: asText(letter, sentBy),
    html: asHtml(letter, sentBy),
    headers: { 'Auto-Submitted': 'auto-generated' }, // RFC 3834 §5: nobody's holiday reply comes back
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return await composer.compile().build();
}

function asHeader({ name = '', address }: Sender) {
  return { name, address };
}
