import type { CompanyTx, SystemTx } from '../db/scopes.ts';
import type { ClaimedMail } from './claim-mails.ts';

/** What became of one try. `error` is for people: the server's last words, or ours. */
export type MailEnd =
  | { readonly status: 'sent' | 'suppressed' }
  | { readonly status: 'failed_terminal'; readonly error: string; readonly attempts: number }
  | {
      readonly status: 'failed_retryable';
      readonly error: string;
      readonly attempts: number;
      readonly dueAt: Date;
    };

/** Writes it down; false where the lease has ended and somebody else holds the mail, or has sent it. */
export async function endMail(
  tx: SystemTx,
  { mail, end }: { mail: ClaimedMail; end: MailEnd },
  at: Date,
): Promise<boolean> {
  const isOver = end.status !== 'failed_retryable';
  const { numUpdatedRows } = await tx
    .updateTable('mails')
    .set({
      status: end.status,
      lease_id: null,
      attempts: 'attempts' in end ? end.attempts : mail.attempts + (end.status === 'sent' ? 1 : 0),
      last_error: 'error' in end ? end.error : null,
      ended_at: isOver ? at : null,
      ...(end.status === 'failed_retryable' && { due_at: end.dueAt }),
    })
    .where('id', '=', mail.id)
    .where('status', '=', 'sending')
    .where('lease_id', '=', mail.leaseId)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Gives back what was claimed and not begun; it keeps its place. */
export async function releaseMail(tx: SystemTx, mail: ClaimedMail): Promise<void> {
  await tx
    .updateTable('mails')
    .set(({ eb }) => ({
      status: eb
        .case()
        .when('last_error', 'is', null)
        .then('pending' as const)
        .else('failed_retryable' as const)
        .end(),
      lease_id: null,
      due_at: mail.wasDueAt,
    }))
    .where('id', '=', mail.id)
    .where('status', '=', 'sending')
    .where('lease_id', '=', mail.leaseId)
    .execute();
}

/** Whether no later mail of this kind tells of the same thing. */
export async function isNewestAbout(tx: SystemTx | CompanyTx, mail: ClaimedMail): Promise<boolean> {
  if (mail.subjectId === null) return false;
  const later = await tx
    .selectFrom('mails')
    .select('id')
    .where('subject_id', '=', mail.subjectId)
    .where('kind', '=', mail.content.kind)
    .where('id', '>', mail.id)
    .limit(1)
    .executeTakeFirst();
  return later === undefined;
}
