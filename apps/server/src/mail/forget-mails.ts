import { sql } from 'kysely';
import type { SystemTx } from '../db/scopes.ts';
import { after, dayMs } from '../kernel/clock.ts';

const keepMs = 90 * dayMs;
const mostAtOnce = 500;

/** What a mail told is kept for a day after its end. Returns of how many it was forgotten. */
export async function forgetMailFacts(tx: SystemTx, at: Date): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('mails')
    .set({ facts: '{}' })
    .where('id', 'in', (db) =>
      db
        .selectFrom('mails')
        .select('id')
        .where('ended_at', '<', after(at, -dayMs))
        .where(sql<boolean>`facts <> '{}'`)
        .orderBy('ended_at')
        .limit(mostAtOnce)
        .forUpdate()
        .skipLocked(),
    )
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** That there was a mail is kept for 90 days. */
export async function forgetMails(tx: SystemTx, at: Date): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('mails')
    .where('id', 'in', (db) =>
      db
        .selectFrom('mails')
        .select('id')
        .where('ended_at', '<', after(at, -keepMs))
        .orderBy('ended_at')
        .limit(mostAtOnce)
        .forUpdate()
        .skipLocked(),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
