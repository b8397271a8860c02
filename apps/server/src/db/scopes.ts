import { CompiledQuery } from 'kysely';
import type { Kysely, Transaction } from 'kysely';
import { setTimeout as sleep } from 'node:timers/promises';
import { escapeLiteral } from 'pg';
import { lastResult, oneMessage } from './one-message.ts';
import { poolOf } from './pool-of.ts';
import { isRetryable, translateStorageError } from './storage-errors.ts';
import type { Tables } from './tables.ts';
import { inTransaction } from './transaction.ts';

export type Database = Kysely<Tables>;

declare const scope: unique symbol;
/** A transaction in the system role: users, identities, attempts, sessions, directories. No company's tables. */
export type SystemTx = Transaction<Tables> & { readonly [scope]: 'system' };
/** A transaction that sees one company. Made by `enterCompany` alone. */
export type CompanyTx = Transaction<Tables> & { readonly [scope]: 'company' };
/** A transaction that reads one person's own memberships in all companies. Made by `enterPerson` alone. */
export type PersonTx = Transaction<Tables> & { readonly [scope]: 'person' };

/** A process that hangs or lost its network between two statements must not hold locks. */
const timeLimits = `select set_config('statement_timeout', '8s', true),
  set_config('idle_in_transaction_session_timeout', '9s', true)`;
const maxTries = 4;
const retryPauseMs = 20;

type Scope =
  | { readonly role: 'gatehouse_system' }
  | { readonly role: 'gatehouse_in_company'; readonly companyId: string }
  | { readonly role: 'gatehouse_in_person'; readonly userId: string };

/**
 * One statement, local to the transaction: role, search path and whose rows are seen. Nothing is set for longer, so
 * that a pooler may give the connection to somebody else afterwards.
 */
function entering(scope: Scope): string {
  const companyId = 'companyId' in scope ? scope.companyId : '';
  const userId = 'userId' in scope ? scope.userId : '';
  return `select set_config('role', '${scope.role}', true), set_config('search_path', 'gatehouse', true),
    set_config('app.company_id', ${escapeLiteral(companyId)}, true),
    set_config('app.user_id', ${escapeLiteral(userId)}, true)`;
}

const enteringSystem = entering({ role: 'gatehouse_system' });

/**
 * Runs `work` in one transaction of the system role. Deadlocks and serialization failures run it again, three times
 * at most, so `work` does nothing but read and write through its transaction.
 * @throws AppError `storage_unavailable` where the database does not answer.
 */
export async function inSystem<T>(db: Database, work: (tx: SystemTx) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      // The one place where this brand is given.
      return await inTransaction(db, `${enteringSystem}; ${timeLimits}`, (tx) => work(tx as SystemTx));
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
  // The one place where this brand is given.
  return await inScope(tx, { role: 'gatehouse_in_company', companyId }, () =>
    work(tx as Transaction<Tables> as CompanyTx),
  );
}

/** Runs `work` in the same transaction, which reads this person's own memberships and invitations meanwhile. */
export async function enterPerson<T>(
  tx: SystemTx,
  userId: string,
  work: (tx: PersonTx) => Promise<T>,
): Promise<T> {
  // The one place where this brand is given.
  return await inScope(tx, { role: 'gatehouse_in_person', userId }, () =>
    work(tx as Transaction<Tables> as PersonTx),
  );
}

/** Runs `work` in one transaction that sees one company. Row-level security hides every other company's rows. */
export async function inCompany<T>(
  db: Database,
  companyId: string,
  work: (tx: CompanyTx) => Promise<T>,
): Promise<T> {
  return await inSystem(db, (tx) => enterCompany(tx, companyId, work));
}

/**
 * Reads with one statement in a transaction of its own, in one round trip.
 * @throws AppError `storage_unavailable` where the database does not answer.
 */
export async function readAsSystem<Row extends object>(
  db: Database,
  query: CompiledQuery<Row>,
): Promise<Row[]> {
  return await readIn(db, { role: 'gatehouse_system' }, query);
}

/** The same of what a person may read: themselves, their own memberships and invitations. */
export async function readAsPerson<Row extends object>(
  db: Database,
  userId: string,
  query: CompiledQuery<Row>,
): Promise<Row[]> {
  return await readIn(db, { role: 'gatehouse_in_person', userId }, query);
}

async function readIn<Row extends object>(
  db: Database,
  scope: Scope,
  query: CompiledQuery<Row>,
): Promise<Row[]> {
  const { sql: text, parameters: values } = query;
  try {
    const answer: unknown = await poolOf(db).query(
      oneMessage(`${entering(scope)}; ${timeLimits}`, { text, values }),
    );
    return lastResult<Row>(answer).rows;
  } catch (error) {
    throw translateStorageError(error);
  }
}

/** Transactions that are in another scope than the system's at the moment. */
const away = new WeakSet<SystemTx>();

/** The change of scope goes out with what is asked in it, and the change back with what is asked next. */
async function inScope<T>(tx: SystemTx, scope: Scope, work: () => Promise<T>): Promise<T> {
  if (away.has(tx)) throw new Error('a transaction is in one scope at a time');
  away.add(tx);
  try {
    const entered = tx.executeQuery(CompiledQuery.raw(entering(scope)));
    const [result] = await Promise.all([work(), entered]);
    return result;
  } finally {
    away.delete(tx);
    // Where it fails, what is asked next does, and the commit.
    tx.executeQuery(CompiledQuery.raw(enteringSystem)).catch(() => undefined);
  }
}
