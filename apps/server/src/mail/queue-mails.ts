import { sql } from 'kysely';
import type { CompanyTx, SystemTx } from '../db/scopes.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import { after, dayMs } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import type { AccountNotice, MailPolicy, NewMail, Queued } from './mail.ts';

/** So many mails of one kind one mailbox gets in a day in the name of one company, or of none. */
const mostPerDay = 20;

/**
 * Queues mails in the transaction of what they tell of, and answers what became of each, in order. A mailbox that had
 * its share for today gets no more: its mails are `suppressed`. In a company's scope they are that company's.
 */
export async function queueMails(
  tx: SystemTx | CompanyTx,
  policy: MailPolicy,
  { mails, at }: { mails: readonly NewMail[]; at: Date },
): Promise<readonly Queued[]> {
  if (policy.kind !== 'smtp') return mails.map(() => policy.kind);
  if (mails.length === 0) return [];
  const counts = await sentToday(tx, mails, at);
  const queued = mails.map((mail): Queued => {
    const key = `${mail.kind} ${mail.to}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count > mostPerDay ? 'suppressed' : 'pending';
  });
  const rows = mails.map((mail, place) => ({
    id: newId(at),
    company_id: mail.companyId ?? null,
    kind: mail.kind,
    subject_id: mail.subjectId ?? null,
    address: mail.to,
    facts: JSON.stringify(mail.facts),
    status: queued[place] === 'pending' ? ('pending' as const) : ('suppressed' as const),
    created_at: at,
    // Somebody sits and waits for a code: it goes before whatever else is due.
    due_at: mail.kind === 'email_proof' ? after(at, -dayMs) : at,
    ended_at: queued[place] === 'pending' ? null : at,
    attempts: 0,
  }));
  await tx.insertInto('mails').values(rows).execute();
  return queued;
}

/** Whether a mailbox was told this of its account within a day. What a mail told is kept for as long. */
export async function wasToldToday(
  tx: SystemTx,
  { what, to }: { what: AccountNotice; to: EmailAddress },
  at: Date,
): Promise<boolean> {
  const told = await tx
    .selectFrom('mails')
    .select('id')
    .where('address', '=', to)
    .where('created_at', '>', after(at, -dayMs))
    .where('kind', '=', 'account_notice')
    .where(sql`facts->>'what'`, '=', what)
    .limit(1)
    .executeTakeFirst();
  return told !== undefined;
}

async function sentToday(
  tx: SystemTx | CompanyTx,
  mails: readonly NewMail[],
  at: Date,
): Promise<Map<string, number>> {
  const addresses: EmailAddress[] = [...new Set(mails.map(({ to }) => to))];
  const rows = await tx
    .selectFrom('mails')
    .select(['kind', 'address', ({ fn }) => fn.countAll<string>().as('count')])
    .where('address', 'in', addresses)
    .where('created_at', '>', after(at, -dayMs))
    .where('status', '!=', 'suppressed')
    .groupBy(['kind', 'address'])
    .execute();
  return new Map(rows.map(({ kind, address, count }) => [`${kind} ${address}`, Number(count)]));
}
