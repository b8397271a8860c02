import { Client } from 'pg';
import type { ClientConfig } from 'pg';
import { lastResult, oneMessage } from './one-message.ts';

/** What one look at the database told. */
export type Notes = {
  /** `pg_current_snapshot()` of this look, for the next one. */
  readonly snapshot: string;
  /** The database's clock. */
  readonly at: Date;
  /** Which start of which server answered: another one may not know of the same transactions. */
  readonly server: string;
  /** What was noted by transactions that were not over at the look before. */
  readonly changes: readonly { readonly subject: string; readonly at: Date }[];
};

export type ChangeChannel = {
  /** Everything that was committed since the look that `snapshot` is from; nothing but a new snapshot without one. */
  look(snapshot?: string): Promise<Notes>;
  close(): void;
};

/** A look that takes longer is given up, with the connection. */
const lookMs = 2_000;
/** More than this at once, and forgetting everything is cheaper. */
export const mostChanges = 10_000;

type NoteRow = { snapshot: string; at: Date; server: string; subject: string | null; changed_at: Date };

/** A connection of its own, for a pool's may be any other one the next time. `onNotice` may be called at any time. */
export async function openChangeChannel(
  config: ClientConfig,
  { onNotice, onGone }: { onNotice: () => void; onGone: () => void },
): Promise<ChangeChannel> {
  const client = new Client({
    ...config,
    application_name: 'gatehouse changes',
    keepAlive: true,
    connectionTimeoutMillis: lookMs,
    query_timeout: lookMs,
  });
  client.on('error', onGone).on('end', onGone).on('notification', onNotice);
  const close = () => void client.end().catch(onGone);
  try {
    await client.connect();
    await client.query('listen gatehouse_changes');
  } catch (error) {
    close();
    throw error;
  }
  return {
    async look(snapshot) {
      const answer: unknown = await client.query(oneMessage(asSystem, { text: notesSince(snapshot) }));
      return toNotes(lastResult<NoteRow>(answer).rows);
    },
    close,
  };
}

const asSystem = `select set_config('role', 'gatehouse_system', true), set_config('search_path', 'gatehouse', true)`;

/** Digits, colons and commas: the text form of pg_snapshot, and safe between quotes. */
const snapshotShape = /^\d+:\d+:[\d,]*$/;

function notesSince(snapshot: string | undefined): string {
  if (snapshot !== undefined && !snapshotShape.test(snapshot)) throw new Error('not a snapshot');
  const isNew =
    snapshot === undefined
      ? 'false'
      : `tx >= pg_snapshot_xmin('${snapshot}') and not pg_visible_in_snapshot(tx, '${snapshot}')`;
  return `select pg_current_snapshot()::text as snapshot, clock_timestamp() as at,
    pg_postmaster_start_time()::text as server, noted.subject, noted.at as changed_at
    from (select) as look left join (select subject, at from changes where ${isNew} limit ${mostChanges + 1}) as noted on true`;
}

function toNotes(rows: readonly NoteRow[]): Notes {
  const [first] = rows;
  if (first === undefined) throw new Error('the database told no snapshot');
  const changes = rows.flatMap(({ subject, changed_at: at }) => (subject === null ? [] : { subject, at }));
  return { snapshot: first.snapshot, at: first.at, server: first.server, changes };
}
