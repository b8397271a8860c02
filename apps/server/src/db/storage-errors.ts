import { AppError } from '../kernel/errors.ts';

/** The SQLSTATE (or Node's code) of a driver error; undefined where it is none. */
export function storageErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const retryable = new Set(['40001', '40P01']); // serialization_failure, deadlock_detected

/** For whoever finds that what they had read is not so any more: the transaction is run again, as the database's own are. */
export function conflictWith(what: string): Error {
  return Object.assign(new Error(what), { code: '40001' });
}

export function isRetryable(error: unknown): boolean {
  return retryable.has(storageErrorCode(error) ?? '');
}

/** The server is the primary no more: another one may be, and connections to this one must not keep us from it. */
export function isReadOnly(error: unknown): boolean {
  return storageErrorCode(error) === '25006'; // read_only_sql_transaction
}

/** Connection, operator, resources, I/O, read-only, a statement that took too long; and the network's own. */
const gone =
  /^(?:08|57P|57014$|53|58|25006$|25P03$)|^E(?:CONNREFUSED|CONNRESET|PIPE|NOENT|TIMEDOUT|HOSTUNREACH|NETUNREACH|HOSTDOWN|ACCES|NOTFOUND|AI_AGAIN)$/;
const goneMessages =
  /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed and is not queryable/;

/** Whether the database, and not our statement, is what failed. */
export function isStorageGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return gone.test(storageErrorCode(error) ?? '') || goneMessages.test(error.message);
}

const notSetUp = new Set(['42P01', '3F000', '22023', '42501']); // no such table, schema or role, or no right to it yet

/** Whether the database answers and holds nothing of ours. */
export function isNotSetUp(error: unknown): boolean {
  return notSetUp.has(storageErrorCode(error) ?? '');
}

/** What the caller may know of it; a bug is thrown on as it is. */
export function translateStorageError(error: unknown): unknown {
  if (isStorageGone(error)) return new AppError('storage_unavailable', {}, { cause: error });
  if (isRetryable(error))
    return new AppError('storage_unavailable', { finding: 'contention' }, { cause: error });
  return error;
}
