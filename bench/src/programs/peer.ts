import { createHmac } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Database } from '../postgres.ts';
import type { StandIn } from './stand-in.ts';
import { freePort, startProgram, untilReady } from './program.ts';
import type { Program } from './program.ts';

export type BetterAuth = Program & { readonly url: URL };

export type BetterAuthOptions = {
  readonly database: Database;
  readonly standIn: Pick<StandIn, 'url'>;
  readonly folder: string;
  readonly cookieCache: 'on' | 'off';
  /** Its `jwt` plugin. */
  readonly tokens?: 'on' | 'off';
  /** A free one unless told. */
  readonly port?: number;
};

export async function startBetterAuth(options: BetterAuthOptions): Promise<BetterAuth> {
  const { database, standIn, cookieCache, tokens = 'off' } = options;
  const port = options.port ?? (await freePort());
  const program = startProgram({
    script: fileURLToPath(new URL('peer-server.ts', import.meta.url)),
    args: [String(port), database.url, standIn.url.origin, cookieCache, tokens],
    logFile: `${options.folder}/better-auth-${port}.log`,
  });
  const url = new URL(`http://127.0.0.1:${port}`);
  await untilReady(program, new URL('/api/auth/ok', url));
  return { ...program, url };
}

/** Its session cookie, as it seals it itself. */
export function betterAuthCookie(token: string): string {
  const seal = createHmac('sha256', 'b'.repeat(32)).update(token).digest('base64');
  return `better-auth.session_token=${encodeURIComponent(`${token}.${seal}`)}`;
}
