import { fileURLToPath } from 'node:url';
import { freePort, startProgram, untilReady } from './program.ts';
import type { Program } from './program.ts';

/** The same version of Fastify that Gatehouse runs on; `body` is what its `/api/v1/me` answers, as JSON. */
export async function startBareFastify(
  folder: string,
  body = '{}',
): Promise<Program & { readonly url: URL }> {
  const port = await freePort();
  const program = startProgram({
    script: fileURLToPath(new URL('fastify-server.ts', import.meta.url)),
    args: [String(port), body],
    logFile: `${folder}/fastify.log`,
  });
  const url = new URL(`http://127.0.0.1:${port}`);
  await untilReady(program, new URL('/auth/verify', url));
  return { ...program, url };
}
