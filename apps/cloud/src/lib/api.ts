import { asProblem } from './problem.ts';
import { readAnswer, send } from './send.ts';
import type { Shape } from './send.ts';
import { tokens } from './tokens.ts';

export { ApiProblem, asProblem } from './problem.ts';
export { apiHref } from './send.ts';

/** With the token that this page holds, if any. One that the server no longer takes is renewed, once. */
async function call(path: string, init: RequestInit): Promise<Response> {
  const token = await tokens.current();
  try {
    return await send(path, bearing(init, token));
  } catch (error) {
    if (token === undefined || asProblem(error).code !== 'unauthenticated') throw error;
    const next = await tokens.insteadOf(token);
    if (next === undefined) throw error;
    return await send(path, bearing(init, next));
  }
}

function bearing(init: RequestInit, token: string | undefined): RequestInit {
  if (token === undefined) return init;
  const headers = new Headers(init.headers);
  headers.set('Authorization', `Bearer ${token}`);
  return { ...init, headers };
}

/** Reads one resource in its contract's shape. Throws `ApiProblem`. */
export async function read<Answer>(path: string, shape: Shape<Answer>, signal: AbortSignal): Promise<Answer> {
  return readAnswer(await call(path, { signal, headers: { Accept: 'application/json' } }), shape);
}

/** Reads something to keep as a file, under the name that the server gives it, if any. Throws `ApiProblem`. */
export async function readFile(path: string): Promise<{ content: Blob; name: string | undefined }> {
  const answer = await call(path, {});
  const [, name] = /filename="([^"/\\]+)"/.exec(answer.headers.get('content-disposition') ?? '') ?? [];
  return { content: await answer.blob(), name };
}

type Change = { readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'; readonly body?: unknown };

/** `X-CSRF` proves that our own page asks. */
const asking = ({ method, body }: Change): RequestInit =>
  body === undefined
    ? { method, headers: { Accept: 'application/json', 'X-CSRF': '1' } }
    : {
        method,
        headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRF': '1' },
        body: JSON.stringify(body),
      };

/** Asks for a change and reads its answer in its contract's shape. Throws `ApiProblem`. */
export async function ask<Answer>(path: string, wish: Change, shape: Shape<Answer>): Promise<Answer> {
  return readAnswer(await call(path, asking(wish)), shape);
}

/** Asks for a change that has no answer to read. Throws `ApiProblem`. */
export async function change(path: string, method: Change['method'] = 'POST', body?: unknown): Promise<void> {
  await call(path, asking({ method, body }));
}

/** The same for what a cookie alone stands for: of a call with a token the server reads no cookies. Throws `ApiProblem`. */
export async function changeByCookie(path: string): Promise<void> {
  await send(path, asking({ method: 'POST' }));
}
