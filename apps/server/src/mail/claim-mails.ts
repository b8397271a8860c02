import { sql } from 'kysely';
import type { QueryCreator } from 'kysely';
import type { SystemTx } from '../db/scopes.ts';
import type { Row, Tables } from '../db/tables.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import { newId } from '../kernel/ids.ts';
import { after } from '../kernel/clock.ts';
import type { MailContent } from './mail.ts';

/** A mail that one worker holds until its lease ends. */
export type ClaimedMail = {
  readonly id: string;
  readonly leaseId: string;
  readonly companyId: string | null;
  readonly subjectId: string | null;
  readonly to: EmailAddress;
  readonly content: MailContent;
  /** Tries before this one that the server answered. */
  readonly attempts: number;
  readonly createdAt: Date;
  /** Its place in the queue. */
  readonly wasDueAt: Date;
};

/** Those of a release before or after this one wait for a worker that knows them. */
const knownKinds: readonly MailContent['kind'][] = [
  'invitation',
  'project_access',
  'email_proof',
  'identity_linked',
  'join_approved',
  'registration',
  'account_exists',
  'password_reset',
  'account_notice',
];

/** As the index says it. */
const isOpen = sql<boolean>`mails.status in ('pending', 'sending', 'failed_retryable')`;

/**
 * Claims mails that are due, the longest due first, each for one worker. One that is being sent is due again when its
 * lease ends: whoever held it is gone. Of the mails of one kind to one mailbox only the oldest that is open can be
 * claimed, so that they arrive in the order in which they were written.
 */
export async function claimMails(
  tx: SystemTx,
  { at, leaseMs, most }: { at: Date; leaseMs: number; most: number },
): Promise<ClaimedMail[]> {
  const leaseId = newId(at);
  const rows = await tx
    .with(
      (cte) => cte('due').materialized(),
      (db) => dueMails(db, { at, most }),
    )
    .updateTable('mails')
    .from('due')
    .set({ status: 'sending', lease_id: leaseId, due_at: after(at, leaseMs) })
    .whereRef('mails.id', '=', 'due.id')
    .returning([
      'mails.id',
      'mails.company_id',
      'mails.subject_id',
      'mails.kind',
      'mails.facts',
      'mails.address',
      'mails.attempts',
      'mails.created_at',
      'due.due_at as was_due_at',
    ])
    .execute();
  return rows
    .map((row) => toClaimed(row, leaseId))
    .sort((one, other) => one.wasDueAt.getTime() - other.wasDueAt.getTime());
}

/**
 * Asked of one mail after the other, along the index, until there are enough. As `not exists` the database would join
 * all mails that are open with themselves, at each claim.
 */
const hasNoEarlier = sql<boolean>`(
  select earlier.id from mails as earlier
  where earlier.address = mails.address and earlier.id < mails.id and earlier.kind = mails.kind
    and earlier.status in ('pending', 'sending', 'failed_retryable')
  order by earlier.id limit 1
) is null`;

function dueMails(db: QueryCreator<Tables>, { at, most }: { at: Date; most: number }) {
  return db
    .selectFrom('mails')
    .select(['id', 'due_at'])
    .where(isOpen)
    .where('due_at', '<=', at)
    .where('kind', 'in', knownKinds)
    .where(hasNoEarlier)
    .orderBy('due_at')
    .orderBy('id')
    .limit(most)
    .forUpdate()
    .skipLocked();
}

type ClaimedRow = Pick<
  Row<'mails'>,
  'id' | 'company_id' | 'subject_id' | 'kind' | 'facts' | 'address' | 'attempts' | 'created_at'
> & { readonly was_due_at: Date };

function toClaimed(row: ClaimedRow, leaseId: string): ClaimedMail {
  return {
    id: row.id,
    leaseId,
    companyId: row.company_id,
    subjectId: row.subject_id,
    to: row.address,
    // `queueMails` alone writes these two, from this very type.
    content: { kind: row.kind, facts: row.facts } as MailContent,
    attempts: row.attempts,
    createdAt: row.created_at,
    wasDueAt: row.was_due_at,
  };
}

/** When the next mail becomes due, and since when the oldest that is open waits. Undefined where there is none. */
export async function readQueue(tx: SystemTx, at: Date): Promise<{ nextDueAt?: Date; oldestAt?: Date }> {
  const row = await tx
    .selectFrom('mails')
    .select(({ fn }) => [
      fn.min<Date | null>('due_at').filterWhere('due_at', '>', at).as('next_due_at'),
      fn.min<Date | null>('created_at').as('oldest_at'),
    ])
    .where(isOpen)
    .executeTakeFirstOrThrow();
  return {
    ...(row.next_due_at !== null && { nextDueAt: row.next_due_at }),
    ...(row.oldest_at !== null && { oldestAt: row.oldest_at }),
  };
}
