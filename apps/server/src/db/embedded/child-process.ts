import { spawn } from 'node:child_process';
import { EmbeddedDatabaseError } from './embedded-database-error.ts';
import { hasCode } from './file-system.ts';

/** Whom a program of Postgres runs as, where that is not ourselves. */
export type Account = { uid: number; gid: number };

type Run = { args: string[]; cwd: string; runAs: Account | undefined; input?: string };

const timeLimitMs = 120_000;

/** Nothing of our own environment: another user could read its secrets in the child's. */
export const childEnvironment = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Runs a program and answers what it wrote to stderr. Rejects if it cannot run, fails, or takes two minutes. */
export function runToEnd(program: string, { args, cwd, runAs, input }: Run): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: childEnvironment,
      stdio: ['pipe', 'ignore', 'pipe'],
      timeout: timeLimitMs,
      killSignal: 'SIGKILL',
      ...runAs,
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
    });
    child.on('error', (error) => {
      reject(cannotRun(program, error));
    });
    child.on('close', (code, signal) => {
      if (code === 0) resolve(said);
      else reject(ended(program, { reason: String(code ?? signal), said: said.trim() }));
    });
    child.stdin.on('error', () => undefined); // a program that died early is told of by `close`
    child.stdin.end(input);
  });
}

function ended(program: string, { reason, said }: { reason: string; said: string }): EmbeddedDatabaseError {
  const advice = said.includes('could not look up effective user')
    ? 'Run Gatehouse as a user who is listed in /etc/passwd, or set DATABASE_URL to a PostgreSQL server.'
    : 'If that cannot be mended, set DATABASE_URL to a PostgreSQL server instead.';
  return new EmbeddedDatabaseError(
    `The embedded database failed in ${program} (${reason}): ${said}\n${advice}`,
  );
}

export function cannotRun(program: string, cause: Error): EmbeddedDatabaseError {
  // The file is there: what is missing then is the loader it asks for, as on musl.
  const reason = hasCode(cause, 'ENOENT')
    ? 'this system has another C library (musl?) than its PostgreSQL was built for'
    : cause.message;
  return new EmbeddedDatabaseError(
    `The embedded database cannot run ${program}: ${reason}. Set DATABASE_URL to a PostgreSQL server instead.`,
    { cause },
  );
}
