import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Database } from '../postgres.ts';
import { freePort, startProgram, untilReady } from './program.ts';
import type { Program } from './program.ts';

type Options = {
  readonly database: Database;
  /** What it will be asked to rotate. */
  readonly tokens: readonly string[];
  readonly folder: string;
};

/** A server that rotates tokens and does nothing else, with a table of its own that is made like Gatehouse's. */
export async function startBareRotation(options: Options): Promise<Program & { readonly url: URL }> {
  await makeTable(options);
  const port = await freePort();
  const program = startProgram({
    script: fileURLToPath(new URL('rotation-server.ts', import.meta.url)),
    args: [String(port), options.database.url],
    logFile: `${options.folder}/rotation.log`,
  });
  const url = new URL(`http://127.0.0.1:${port}`);
  await untilReady(program, new URL('/readyz', url));
  return { ...program, url };
}

async function makeTable({ database, tokens }: Options): Promise<void> {
  await database.query(`create table refresh_tokens (token_hash bytea primary key, session_id uuid not null,
    created_at timestamptz not null, rotated_at timestamptz)`);
  await database.query('create index on refresh_tokens (session_id)');
  const hashes = tokens.map((token) => createHash('sha256').update(token).digest('hex'));
  await database.query(
    `insert into refresh_tokens (token_hash, session_id, created_at)
     select decode(hash, 'hex'), gen_random_uuid(), now() - interval '1 hour' from unnest($1::text[]) as hash`,
    [hashes],
  );
  await database.query('grant select, insert, update on refresh_tokens to public');
  await database.query('vacuum analyze');
}
