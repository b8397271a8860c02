import type { Trouble } from './check.ts';

export type DatabaseAsked = {
  /** Without credentials. */
  readonly where: string;
  readonly variable: 'DATABASE_URL' | 'DATABASE_MIGRATION_URL';
};

const why = 'Without its database a server answers 503 to everybody.';

/** By SQLSTATE (PostgreSQL manual, appendix A) or the code of Node's sockets. */
const known: readonly (readonly [RegExp, { readonly found: string; readonly mend: string }])[] = [
  [/^(?:28P01|28000)$/, { found: 'refuses the login', mend: 'its user name and password, and pg_hba.conf.' }],
  [/^3D000$/, { found: 'has no such database', mend: 'the name at its end; or create database ….' }],
  [/^53300$/, { found: 'has no connection left', mend: 'max_connections there, or a pooler between.' }],
  [/^57P0/, { found: 'is starting or stopping', mend: 'try again in a moment.' }],
  [/^(?:ENOTFOUND|EAI_)/, { found: 'its name is not found', mend: 'its host.' }],
  [
    /^(?:ECONN|EHOST|ENET|ETIMEDOUT|ENOENT|EACCES)/,
    { found: 'no connection', mend: 'its host and port; is it running?' },
  ],
  [
    /CERT|^ERR_(?:TLS|SSL)|^UNABLE_TO_|SELF_SIGNED/,
    { found: 'its certificate is not accepted', mend: 'its sslmode and sslrootcert.' },
  ],
];

/** Answers in our own words, and the code; what an error says itself only where the code is unknown. */
export function databaseTrouble(error: unknown, { where, variable }: DatabaseAsked): Trouble {
  const code = codeOf(error);
  const [, words] = known.find(([pattern]) => pattern.test(code)) ?? [];
  if (words !== undefined)
    return { found: `${where}: ${words.found} (${code})`, why, mend: `${variable}: ${words.mend}` };
  const said = error instanceof Error ? error.message : String(error);
  const isLate = /timeout|terminated/i.test(said);
  const found = isLate ? 'no answer within 5 s' : said;
  return {
    found: `${where}: ${found}`,
    why,
    mend: `${variable}: its host and port; is it running and let through?`,
  };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if (error instanceof AggregateError) return codeOf(error.errors.at(-1));
  if ('code' in error && typeof error.code === 'string') return error.code;
  return codeOf(error.cause);
}
