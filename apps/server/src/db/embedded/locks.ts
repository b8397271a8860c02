import type { Session } from './session.ts';

/** Advisory locks of the database `postgres`, which only the administrator may enter. */
const lockSpace = 0x67617465;
/** `server` is held by the one server, or by a command that stops Postgres; `commands` is shared by commands. */
const lockKeys = { server: 1, commands: 2 };

type LockName = keyof typeof lockKeys;

export async function tryLock({ client }: Session, name: LockName): Promise<boolean> {
  return await ask(client, 'select pg_try_advisory_lock($1, $2) as yes', name);
}

export async function trySharedLock({ client }: Session, name: LockName): Promise<boolean> {
  return await ask(client, 'select pg_try_advisory_lock_shared($1, $2) as yes', name);
}

export async function unlockShared({ client }: Session, name: LockName): Promise<boolean> {
  return await ask(client, 'select pg_advisory_unlock_shared($1, $2) as yes', name);
}

async function ask(client: Session['client'], question: string, name: LockName): Promise<boolean> {
  const { rows } = await client.query<{ yes: boolean }>(question, [lockSpace, lockKeys[name]]);
  return rows[0]?.yes === true;
}

type Role = 'server' | 'command' | 'stopping';

/** How our sessions introduce themselves to each other. */
export function applicationName(role: Role): string {
  return `gatehouse ${role} ${process.pid}`;
}

/** From here on others wait for us to be gone instead of taking us for a running server. */
export async function announceStop({ client }: Session): Promise<void> {
  await client.query(`select set_config('application_name', $1, false)`, [applicationName('stopping')]);
}

/** Who holds the folder, if anybody does. */
export async function findServer({ client }: Session): Promise<{ role: string; pid: number } | undefined> {
  const { rows } = await client.query<{ name: string }>(
    `select activity.application_name as name
       from pg_locks lock join pg_stat_activity activity using (pid)
      where lock.locktype = 'advisory' and lock.classid = $1 and lock.objid = $2 and lock.granted
        and lock.database = (select oid from pg_database where datname = current_database())`,
    [lockSpace, lockKeys.server],
  );
  const [, role = '', pid = ''] = rows[0]?.name.split(' ') ?? [];
  return rows[0] === undefined ? undefined : { role, pid: Number(pid) };
}
