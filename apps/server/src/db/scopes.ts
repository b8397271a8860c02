import { sql } from 'kysely';
import type { Kysely, Transaction } from 'kysely';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRetryable, translateStorageError } from './storage-errors.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;

declare const scope: unique symbol;
/** A transaction in the system role: users, identities, attempts, sessions, directories. No company's tables. */
export type SystemTx = Transaction<Tables> & { readonly [scope]: 'system' };
/** A transaction that sees one company. Made by `enterCompany` alone. */
export type CompanyTx = Transaction<Tables> & { readonly [scope]: 'company' };
/** A transaction that reads one person's own memberships in all companies. Made by `enterPerson` alone. */
export type PersonTx = Transaction<Tables> & { readonly [scope]: 'person' };

/** A process that hangs or lost its network between two statements must not hold locks. */
const limits = { statement: '8s', idle: '9s' };
const maxTries = 4;
const retryPauseMs = 20;

/**
 * Runs `work` in one transaction of the system role. Deadlocks and serialization failures run it again, three times
 * at most, so `work` does nothing but read and write through its transaction.
 * @throws AppError `storage_unavailable` where the database does not answer.
 */
export async function inSystem<T>(db: Database, work: (tx: SystemTx) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await db.transaction().execute(async (tx) => {
        await enterScope(tx, { role: 'gatehouse_system', isFirst: true });
        // The one place where this brand is given.
        return await work(tx as SystemTx);
      });
    } catch (error) {
      if (tried === maxTries || !isRetryable(error)) throw translateStorageError(error);
      await sleep(retryPauseMs * tried * (1 + Math.random()));
    }
  }
}

/** Runs `work` in the same transaction, which sees this company alone meanwhile and is the system's again afterwards. */
export async function enterCompany<T>(
  tx: SystemTx,
  companyId: string,
  work: (tx: CompanyTx) => Promise<T>,
): Promise<T> {
  await enterScope(tx, { role: 'gatehouse_in_company', companyId });
  // The one place where this brand is given.
  const result = await work(tx as Transaction<Tables> as CompanyTx);
  await enterScope(tx, { role: 'gatehouse_system' });
  return result;
}

/** Runs `work` in the same transaction, which reads this person's own memberships and invitations meanwhile. */
export async function enterPerson<T>(
  tx: SystemTx,
  userId: string,
  work: (tx: PersonTx) => Promise<T>,
): Promise<T> {
  await enterScope(tx, { role: 'gatehouse_in_person', userId });
  // The one place where this brand is given.
  const result = await work(tx as Transaction<Tables> as PersonTx);
  await enterScope(tx, { role: 'gatehouse_system' });
  return result;
}

/** Runs `work` in one transaction that sees one company. Row-level security hides every other company's rows. */
export async function inCompany<T>(
  db: Database,
  companyId: string,
  work: (tx: CompanyTx) => Promise<T>,
): Promise<T> {
  return await inSystem(db, (tx) => enterCompany(tx, companyId, work));
}

type Scope = { role: string; companyId?: string; userId?: string; isFirst?: boolean };

/**
 * One statement, local to the transaction: role, search path and whose rows are seen; the first one sets its limits
 * as well. Nothing is set for longer, so that a pooler may give the connection to somebody else afterwards.
 */
async function enterScope(
  tx: Transaction<Tables>,
  { role, companyId = '', userId = '', isFirst = false }: Scope,
): Promise<void> {
  const timeLimits = sql`, set_config('statement_timeout', ${limits.statement}, true),
    set_config('idle_in_transaction_session_timeout', ${limits.idle}, true)`;
  await sql`select set_config('role', ${role}, true), set_config('search_path', 'gatehouse', true),
    set_config('app.company_id', ${companyId}, true), set_config('app.user_id', ${userId}, true)
    ${isFirst ? timeLimits : sql``}`.execute(tx);
}
