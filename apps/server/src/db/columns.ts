import type { ColumnType } from 'kysely';

/** Written once, at insert. */
export type Fixed<T> = ColumnType<T, T, never>;
/** Absent until it happens. */
export type Later<T> = ColumnType<T | null, T | null | undefined, T | null>;
