import type { CloudConfig } from './config/cloud-config.ts';
import type { MailConfig } from './config/mail.ts';
import type { Storage } from './db/open-storage.ts';
import type { Log } from './http/log.ts';
import type { MailMeter } from './http/metrics/mail-meter.ts';
import { deliverMails } from './jobs/deliver-mails.ts';
import type { Chore } from './jobs/housekeeping.ts';
import { isStillWanted } from './jobs/still-wanted.ts';
import type { Clock } from './kernel/clock.ts';
import type { Secret } from './kernel/secret.ts';
import { linkTokens } from './credential/index.ts';
import type { LinkTokens } from './credential/index.ts';
import { proofCodes } from './identity/index.ts';
import type { ProofCodes } from './identity/index.ts';
import { deriveKeys } from './keys/index.ts';
import { forgetMailFacts, forgetMails, openMailer } from './mail/index.ts';
import type { MailPolicy } from './mail/index.ts';
import { linksLeadTo } from './build-pages.ts';

type MailParts = {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly keys: readonly Secret[];
  readonly log: Log;
  readonly meter: MailMeter;
};

export type Mail = {
  /** What those who queue mails are handed. */
  readonly policy: MailPolicy;
  readonly codes: ProofCodes;
  readonly links: LinkTokens;
  readonly chores: readonly Chore[];
  /** Begins to deliver; nothing where no mail is sent. */
  start(): void;
  /** Finishes what is being sent, within this time. */
  stop(withinMs: number): Promise<void>;
};

/** So many times what the mail server has for one answer, one try may take in all. */
const answersInATry = 4;

export function openMail(config: CloudConfig, parts: MailParts): Mail {
  const codes = proofCodes(deriveKeys(parts.keys, 'cloud/email-proof/v1').map(({ key }) => key));
  const links = linkTokens(deriveKeys(parts.keys, 'cloud/one-time-link/v1').map(({ key }) => key));
  const { mail } = config;
  let isStopped = false;
  let stop: (withinMs: number) => Promise<void> = () => Promise.resolve();
  return {
    policy: policyOf(mail),
    codes,
    links,
    chores: [forgetMailFacts, forgetMails],
    start() {
      if (mail.kind === 'smtp' && !isStopped) stop = startDelivery(config, { ...parts, codes, links, mail });
    },
    stop(withinMs) {
      isStopped = true;
      return stop(withinMs);
    },
  };
}

function policyOf(mail: MailConfig): MailPolicy {
  if (mail.kind === 'smtp') return { kind: 'smtp', requireDelivery: mail.requireDelivery };
  return { kind: mail.isDeliberate ? 'suppressed' : 'not_configured' };
}

type DeliveryParts = MailParts & {
  readonly codes: ProofCodes;
  readonly links: LinkTokens;
  readonly mail: Extract<MailConfig, { kind: 'smtp' }>;
};

function startDelivery(config: CloudConfig, parts: DeliveryParts) {
  const { storage, clock, log, meter, codes, links, mail } = parts;
  const bell = storage.openBell('gatehouse_mails');
  const { server, from, replyTo, maxAttempts, retryBaseMs } = mail;
  const delivery = deliverMails({
    db: storage.db,
    clock,
    bell,
    random: Math.random,
    mailer: openMailer({
      server,
      from,
      ...(replyTo && { replyTo }),
      pages: linksLeadTo(config),
      codeOf: codes.codeOf,
      linkTokenOf: links.tokenOf,
    }),
    maxAttempts,
    retryBaseMs,
    tryMs: answersInATry * server.timeoutMs,
    isStillWanted,
    onEnd: ({ status }) => {
      meter.record(status);
    },
    onQueue: (oldestAt) => {
      meter.noteOldest(oldestAt, clock.now());
    },
    onTrouble: ({ error, what }) => {
      log.warn({ err: error }, what);
    },
  });
  return async (withinMs: number) => {
    await delivery.stop(withinMs);
    await bell.close();
  };
}
