import { isLoopbackHost } from '../kernel/loopback.ts';
import { secondMs } from '../kernel/clock.ts';
import type { Secret } from '../kernel/secret.ts';
import { present, whole } from './parts.ts';
import type { Reading } from './reading.ts';
import { bindHost } from './rules/network-addresses.ts';
import { duration, remotePort, wholeNumber } from './rules/numbers.ts';
import { mailbox } from './rules/people.ts';
import type { Mailbox } from './rules/people.ts';
import { foreignSecret } from './rules/secrets.ts';
import { oneOf, opaqueName, yesOrNo } from './rules/words.ts';
import type { VariableTable } from './variable.ts';

export const mailVariables = {
  CLOUDGRID_INVITATION_EMAIL_MODE: {
    otherwise: '`smtp` if the host is set, else `disabled`',
    rule: '`smtp` or `disabled`. Without mail, whatever needs it answers 503 `mail_not_configured`.',
  },
  CLOUDGRID_INVITATION_EMAIL_REQUIRE_DELIVERY: {
    otherwise: '`true` with `smtp`, `false` with `disabled`',
    rule: '`true` or `false`: whether an invitation whose mail cannot be recorded fails. `true` with `disabled` is a mistake.',
  },
  CLOUDGRID_INVITATION_EMAIL_FROM: {
    rule: 'Sender, as `ada@acme.example` or `Ada <ada@acme.example>`. Needed with `smtp`.',
  },
  CLOUDGRID_INVITATION_EMAIL_REPLY_TO: {
    otherwise: 'the sender',
    rule: 'Where answers go, in the same form.',
  },
  CLOUDGRID_INVITATION_EMAIL_SMTP_HOST: { rule: 'Host of the mail server. Needed with `smtp`.' },
  CLOUDGRID_INVITATION_EMAIL_SMTP_PORT: {
    otherwise: '587 with `starttls`, 465 with `tls`, 25 with `none`',
    rule: 'Its port, 1 to 65535.',
  },
  CLOUDGRID_INVITATION_EMAIL_SMTP_TLS: {
    default: 'starttls',
    rule: '`starttls` (required, not merely tried), `tls` from the first byte, or `none`.',
  },
  CLOUDGRID_INVITATION_EMAIL_SMTP_USERNAME: { rule: 'Login at the mail server; only with a password.' },
  CLOUDGRID_INVITATION_EMAIL_SMTP_PASSWORD: { secret: true, rule: 'Its password; only with a user name.' },
  CLOUDGRID_INVITATION_EMAIL_SMTP_TIMEOUT_MS: {
    default: '10000',
    rule: 'How long the mail server may take, in milliseconds: 1000 to 60000.',
  },
  CLOUDGRID_INVITATION_EMAIL_MAX_ATTEMPTS: {
    default: '5',
    rule: 'Tries for one mail: 1 to 20. While the mail server cannot be reached none is used up.',
  },
  CLOUDGRID_INVITATION_EMAIL_RETRY_BASE_SECONDS: {
    default: '60',
    rule: 'Pause before the second try; it doubles with each one after: 5 to 3600.',
  },
} as const satisfies VariableTable;

type MailReading = Reading<keyof typeof mailVariables>;

type SmtpServer = {
  readonly host: string;
  readonly port: number;
  readonly tls: 'starttls' | 'tls' | 'none';
  readonly login?: { readonly username: string; readonly password: Secret };
  readonly timeoutMs: number;
};

export type MailConfig =
  /** `isDeliberate`: the mode says so, and not only that nothing was set up. */
  | { readonly kind: 'disabled'; readonly isDeliberate: boolean }
  | {
      readonly kind: 'smtp';
      readonly server: SmtpServer;
      readonly from: Mailbox;
      readonly replyTo?: Mailbox;
      readonly requireDelivery: boolean;
      readonly maxAttempts: number;
      readonly retryBaseMs: number;
    };

export function readMail(reading: MailReading): MailConfig | undefined {
  const hasHost = reading.isGiven('CLOUDGRID_INVITATION_EMAIL_SMTP_HOST');
  const isGiven = reading.isGiven('CLOUDGRID_INVITATION_EMAIL_MODE');
  const byHost = hasHost ? 'smtp' : 'disabled';
  const mode = isGiven
    ? reading.take('CLOUDGRID_INVITATION_EMAIL_MODE', oneOf(['smtp', 'disabled']))
    : byHost;
  const requireDelivery = reading.take('CLOUDGRID_INVITATION_EMAIL_REQUIRE_DELIVERY', yesOrNo);
  const smtp = readSmtp(reading, { isOn: mode === 'smtp', requireDelivery: requireDelivery ?? true });
  if (mode !== 'disabled') return mode && smtp;
  if (requireDelivery === true) {
    const reason =
      'asks for delivery, but no mail is sent. Expected: false, or CLOUDGRID_INVITATION_EMAIL_SMTP_HOST.';
    reading.mistake('CLOUDGRID_INVITATION_EMAIL_REQUIRE_DELIVERY', reason);
    return undefined;
  }
  if (!isGiven) warnOfForgottenHost(reading);
  return { kind: 'disabled', isDeliberate: isGiven };
}

type SmtpDemands = { readonly isOn: boolean; readonly requireDelivery: boolean };

function readSmtp(reading: MailReading, { isOn, requireDelivery }: SmtpDemands): MailConfig | undefined {
  const because = 'to send mail';
  const fromName = 'CLOUDGRID_INVITATION_EMAIL_FROM';
  const from = isOn ? reading.need(fromName, mailbox, because) : reading.take(fromName, mailbox);
  const replyTo = reading.take('CLOUDGRID_INVITATION_EMAIL_REPLY_TO', mailbox);
  const parts = whole({
    server: readServer(reading, isOn),
    from,
    maxAttempts: reading.take('CLOUDGRID_INVITATION_EMAIL_MAX_ATTEMPTS', wholeNumber(1, 20)),
    retryBaseMs: reading.take('CLOUDGRID_INVITATION_EMAIL_RETRY_BASE_SECONDS', duration(5, 3600, secondMs)),
  });
  return parts && { kind: 'smtp', ...parts, ...present({ replyTo }), requireDelivery };
}

const usualPorts = { starttls: 587, tls: 465, none: 25 } as const;

function readServer(reading: MailReading, isOn: boolean): SmtpServer | undefined {
  const hostName = 'CLOUDGRID_INVITATION_EMAIL_SMTP_HOST';
  const host = isOn ? reading.need(hostName, bindHost, 'to send mail') : reading.take(hostName, bindHost);
  const tls = reading.take('CLOUDGRID_INVITATION_EMAIL_SMTP_TLS', oneOf(['starttls', 'tls', 'none']));
  const port = reading.take('CLOUDGRID_INVITATION_EMAIL_SMTP_PORT', remotePort);
  const timeoutMs = reading.take('CLOUDGRID_INVITATION_EMAIL_SMTP_TIMEOUT_MS', wholeNumber(1000, 60_000));
  const login = readLogin(reading);
  if (isOn && tls === 'none' && host !== undefined && !isLoopbackHost(host)) {
    const effect = 'lets mails, and the password if there is one, travel in the clear.';
    reading.warn('CLOUDGRID_INVITATION_EMAIL_SMTP_TLS', effect);
  }
  const server = whole({ host, port: port ?? (tls && usualPorts[tls]), tls, timeoutMs });
  return server && { ...server, ...present({ login }) };
}

function readLogin(reading: MailReading): SmtpServer['login'] {
  const userName = 'CLOUDGRID_INVITATION_EMAIL_SMTP_USERNAME';
  const passwordName = 'CLOUDGRID_INVITATION_EMAIL_SMTP_PASSWORD';
  if (!reading.isGiven(userName) && !reading.isGiven(passwordName)) return undefined;
  const username = reading.need(userName, opaqueName, `with ${passwordName}`);
  const password = reading.need(passwordName, foreignSecret, `with ${userName}`);
  return whole({ username, password });
}

function warnOfForgottenHost(reading: MailReading): void {
  const given = reading.givenNames().filter((name) => name.startsWith('CLOUDGRID_INVITATION_EMAIL_'));
  const forgotten = given.find((name) => /_(?:FROM|REPLY_TO|SMTP_[A-Z_]+)$/.test(name));
  if (forgotten === undefined) return;
  reading.warn(forgotten, 'has no effect: no mail is sent without CLOUDGRID_INVITATION_EMAIL_SMTP_HOST.');
}
