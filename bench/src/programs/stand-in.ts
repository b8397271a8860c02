import { fileURLToPath } from 'node:url';
import { freePort, startProgram, untilReady } from './program.ts';
import type { Program } from './program.ts';

export type StandIn = Program & {
  readonly url: URL;
  readonly clientId: string;
  readonly clientSecret: string;
};

/** Starts the light provider of `stand-in-server.ts`. */
export async function startStandIn(folder: string): Promise<StandIn> {
  const port = await freePort();
  const program = startProgram({
    script: fileURLToPath(new URL('stand-in-server.ts', import.meta.url)),
    args: [String(port)],
    logFile: `${folder}/stand-in.log`,
  });
  const url = new URL(`http://127.0.0.1:${port}`);
  await untilReady(program, new URL('/.well-known/openid-configuration', url));
  return { ...program, url, clientId: 'bench', clientSecret: 'bench-secret' };
}

/** What this provider would send a browser back with; it keeps nothing, so the code says who signs in. */
export function codeFor(person: string, authorization: URL): string {
  const nonce = authorization.searchParams.get('nonce');
  return Buffer.from(JSON.stringify({ person, nonce })).toString('base64url');
}
