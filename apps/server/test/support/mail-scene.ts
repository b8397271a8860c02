import { openMailbox } from '@gatehouse/stand-ins';
import type { Mailbox, MailboxOptions } from '@gatehouse/stand-ins';
import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import { openBell } from '../../src/db/bell.ts';
import { enterCompany, inSystem } from '../../src/db/scopes.ts';
import { deliverMails } from '../../src/jobs/deliver-mails.ts';
import type { DeliveryDeps } from '../../src/jobs/deliver-mails.ts';
import { isStillWanted } from '../../src/jobs/still-wanted.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { dayMs, secondMs } from '../../src/kernel/clock.ts';
import { parseEmailAddress } from '../../src/kernel/email-address.ts';
import type { EmailAddress } from '../../src/kernel/email-address.ts';
import { newId } from '../../src/kernel/ids.ts';
import { openMailer, queueMails } from '../../src/mail/index.ts';
import type { Mailer, NewMail } from '../../src/mail/index.ts';
import { connectionTo } from './databases.ts';
import { houseOfThisFile } from './house.ts';
import { until } from './processes.ts';

const policy = { kind: 'smtp', requireDelivery: true } as const;
export const retryBaseMs = 60 * secondMs;
export const begin = new Date('2026-05-04T09:00:00Z');

export type MailRow = {
  readonly id: string;
  readonly status: string;
  readonly attempts: number;
  readonly due_at: Date;
  readonly lease_id: string | null;
  readonly last_error: string | null;
  readonly ended_at: Date | null;
  readonly facts: Record<string, unknown>;
};

export function addressOf(text: string): EmailAddress {
  const address = parseEmailAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return address;
}

/** An outbox, a mail server that is played, and workers whose clock stands still until it is moved. */
export async function mailScene() {
  const house = await houseOfThisFile();
  const running = new Set<{ stop(withinMs?: number): Promise<void>; ring(): void }>();
  const mailboxes = new Set<Mailbox>();
  let nowMs = 0;
  const clock: Clock = { now: () => new Date(nowMs), monotonicMs: () => performance.now() };
  const here = { troubles: [] as string[] };

  beforeEach(async () => {
    nowMs = begin.getTime();
    here.troubles = [];
    await house.sql('delete from mails');
  });
  const closeAll = async () => {
    await Promise.all([...running].map((worker) => worker.stop(50)));
    await Promise.all([...mailboxes].map((mailbox) => mailbox.close()));
    mailboxes.clear();
  };
  afterEach(closeAll);
  afterAll(closeAll);

  async function mailbox(options: MailboxOptions = {}): Promise<Mailbox> {
    const opened = await openMailbox(options);
    mailboxes.add(opened);
    return opened;
  }

  function mailer(to: Mailbox, more: Partial<Parameters<typeof openMailer>[0]['server']> = {}): Mailer {
    return openMailer({
      server: { ...to.smtp, tls: 'none', timeoutMs: 5_000, ...more },
      from: { address: addressOf('gate@acme.example'), name: 'Gate of "Acme", Ltd.' },
      replyTo: { address: addressOf('help@acme.example') },
      pages: new URL('https://gate.acme.example/'),
      codeOf: () => '012345',
      linkTokenOf: () => 'no-token',
    });
  }

  function work(through: Mailer, more: Partial<DeliveryDeps> = {}) {
    const bell = openBell({ connection: connectionTo(house.database), channel: 'gatehouse_mails' });
    const delivery = deliverMails({
      db: house.db,
      clock,
      bell,
      mailer: through,
      random: () => 0,
      maxAttempts: 5,
      retryBaseMs,
      tryMs: 10_000,
      isStillWanted,
      onTrouble: ({ what }) => here.troubles.push(what),
      ...more,
    });
    const worker = {
      ring: () => {
        bell.ring();
      },
      async stop(withinMs = 2_000) {
        running.delete(worker);
        await delivery.stop(withinMs);
        await bell.close();
      },
    };
    running.add(worker);
    return worker;
  }

  const queue = async (mails: readonly NewMail[]) =>
    await inSystem(house.db, (tx) => queueMails(tx, policy, { mails, at: clock.now() }));
  const rows = async (): Promise<MailRow[]> => await house.sql('select * from mails order by id');

  return {
    house,
    here,
    clock,
    mailbox,
    mailer,
    work,
    queue,
    rows,
    async row(): Promise<MailRow> {
      const [row, ...others] = await rows();
      expect(others).toEqual([]);
      if (row === undefined) throw new Error('no mail is queued');
      return row;
    },
    /** Until every row is as told. */
    async untilAll(status: string, withinMs?: number) {
      await until(async () => (await rows()).every((row) => row.status === status), withinMs);
    },
    advance(ms: number) {
      nowMs += ms;
      for (const worker of running) worker.ring();
    },
    /** A pending invitation, and its mail queued in its company's name, unless told otherwise. */
    async invitation(address: string, more: { expiresAt?: Date } = {}) {
      const companyId = await house.company(`mailing-${newId(new Date())}`.slice(0, 40));
      const expiresAt = more.expiresAt ?? new Date(begin.getTime() + 14 * dayMs);
      const invitationId = await house.invitation(companyId, address, { expiresAt });
      const queueMail = async () => {
        const mail = invitationMail(address, { invitationId, companyId });
        await inSystem(house.db, (tx) =>
          enterCompany(tx, companyId, (inside) =>
            queueMails(inside, policy, { mails: [mail], at: clock.now() }),
          ),
        );
      };
      await queueMail();
      return {
        companyId,
        invitationId,
        queueMail,
        async delivery() {
          const [row] = await house.sql<{ delivery_status: string; last_delivery_error: string | null }>(
            'select delivery_status, last_delivery_error from invitations where id = $1',
            [invitationId],
          );
          return [row?.delivery_status, row?.last_delivery_error];
        },
      };
    },
  };
}

type Names = { readonly company?: string; readonly inviter?: string | null; readonly project?: string };

export function invitationMail(
  to: string,
  { invitationId, companyId, ...names }: Names & { invitationId: string; companyId?: string },
): NewMail {
  const { company = 'Acme Rockets', inviter = 'Ada Lovelace', project = 'Quarterly reports' } = names;
  const expiresAt = new Date(begin.getTime() + 14 * dayMs).toISOString();
  return {
    kind: 'invitation',
    to: addressOf(to),
    subjectId: invitationId,
    ...(companyId !== undefined && { companyId }),
    facts: { invitationId, company, inviter, grants: [{ project, role: 'editor' }], expiresAt },
  };
}

/** A mail that nobody's invitation stands behind. */
export function plainMail(to: string): NewMail {
  return { kind: 'join_approved', to: addressOf(to), facts: { company: 'Acme Rockets' } };
}
