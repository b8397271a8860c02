import type { SystemTx } from '../db/scopes.ts';
import { after, dayMs } from '../kernel/clock.ts';

/** As long as browsers keep a cookie at most. */
const keptMs = 400 * dayMs;

/** Somebody signed in to the account in this browser: guesses that are made elsewhere do not shut it out. */
export async function rememberBrowser(
  tx: SystemTx,
  { userId, browserHash }: { userId: string; browserHash: Buffer },
  now: Date,
): Promise<void> {
  await tx
    .insertInto('known_browsers')
    .values({ user_id: userId, browser_hash: browserHash, seen_at: now })
    .onConflict((conflict) => conflict.columns(['user_id', 'browser_hash']).doUpdateSet({ seen_at: now }))
    .execute();
}

/** Nobody's browser is known any more: whoever had the password may have used one of them. */
export async function forgetBrowsersOf(tx: SystemTx, userId: string): Promise<void> {
  await tx.deleteFrom('known_browsers').where('user_id', '=', userId).execute();
}

/** Deletes what was not seen for longer than a browser could show it. */
export async function forgetOldBrowsers(tx: SystemTx, now: Date): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('known_browsers')
    .where('seen_at', '<', after(now, -keptMs))
    .executeTakeFirst();
  return Number(numDeletedRows);
}
