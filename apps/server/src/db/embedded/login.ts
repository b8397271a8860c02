import { EmbeddedDatabaseError } from './embedded-database-error.ts';
import { hasCode, readIfThere } from './file-system.ts';

export type EmbeddedConnection = {
  socketDir: string;
  port: number;
  database: string;
  /** Owns `database` and may make roles; is no superuser. */
  user: string;
  password: string;
  /** The superuser: for making databases and roles, never for the application's own queries. */
  adminUser: string;
  adminPassword: string;
};

/** What a cluster is entered with; where its socket lies, Postgres itself says in `postmaster.pid`. */
export type Login = Omit<EmbeddedConnection, 'socketDir'>;

/** Reads the file of passwords beside the cluster. Undefined: no database was made here yet. */
export async function readLogin(path: string): Promise<Login | undefined> {
  const text = await readLoginFile(path);
  if (text === undefined) return undefined;
  const field = readFields(text);
  const login = {
    port: Number(field('port')),
    database: field('database'),
    user: field('user'),
    password: field('password'),
    adminUser: field('adminUser'),
    adminPassword: field('adminPassword'),
  };
  const isWhole = Number.isInteger(login.port) && Object.values(login).every((value) => value !== '');
  if (isWhole) return login;
  throw new EmbeddedDatabaseError(`${path} is damaged: put it back from a backup of the same data folder.`);
}

function readFields(text: string): (key: keyof Login) => string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined; // told of by the caller, without the text: it holds passwords
  }
  return (key) => {
    const value: unknown = typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, key) : '';
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
}

async function readLoginFile(path: string): Promise<string | undefined> {
  try {
    return await readIfThere(path);
  } catch (cause) {
    if (!hasCode(cause, 'EACCES', 'EPERM')) throw cause;
    throw new EmbeddedDatabaseError(
      `${path} belongs to another user: start Gatehouse as the user who made this data folder, or choose another DATA_DIR.`,
      { cause },
    );
  }
}
