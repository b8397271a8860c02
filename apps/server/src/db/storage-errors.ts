import { AppError } from '../kernel/errors.ts';

/** The SQLSTATE (or Node's code) of a driver error; undefined where it is none. */
export function storageErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const retryable = new Set(['40001', '40P01']); // serialization_failure, deadlock_detected

export function isRetryable(error: unknown): boolean {
  return retryable.has(storageErrorCode(error) ?? '');
}

/** True where `error` is a violation of the named unique constraint or index. */
export function violates(error: unknown, constraint: string): boolean {
  return (
    storageErrorCode(error) === '23505' &&
    error instanceof Error &&
    'constraint' in error &&
    error.constraint === constraint
  );
}

const gone =
  /^(?:08|57P|53|25006)|^E(?:CONNREFUSED|CONNRESET|PIPE|NOENT|TIMEDOUT|HOSTUNREACH|ACCES)$/;
const goneMessages = /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

/** Whether the database, and not our statement, is what failed. */
export function isStorageGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return gone.test(storageErrorCode(error) ?? '') || goneMessages.test(error.message);
}

export function translateStorageError(error: unknown): unknown {
  return isStorageGone(error) ? new AppError('storage_unavailable', {}, { cause: error }) : error;
}
