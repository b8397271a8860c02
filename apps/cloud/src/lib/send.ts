import { Problem } from '@gatehouse/contract';
import { readPageSettings } from './page-settings.ts';
import { ApiProblem } from './problem.ts';

let api: string | undefined;

/** A path of the API as an address for this page: the API may live on another origin. */
export function apiHref(path: string): string {
  api ??= readPageSettings(document).api;
  return path.startsWith('/') ? api + path : path;
}

const patienceMs = 15_000;

/** Whole seconds; a date in their place (RFC 9110 allows one) is nothing that our server sends. */
const secondsIn = (text: string | null) => (text && /^\d{1,6}$/.test(text) ? Number(text) : undefined);

/** One request to the API, with the cookies that it keeps in this browser. Throws `ApiProblem`. */
export async function send(path: string, init: RequestInit, longestMs = patienceMs): Promise<Response> {
  const late = AbortSignal.timeout(longestMs);
  const signal = init.signal ? AbortSignal.any([init.signal, late]) : late;
  const address = apiHref(path);
  const credentials = address === path ? 'same-origin' : 'include';
  const answer = await fetch(address, { ...init, signal, credentials, cache: 'no-store' }).catch(
    (cause: unknown) => {
      throw new ApiProblem('network_failed', undefined, { cause });
    },
  );
  if (answer.ok) return answer;
  const { status } = answer;
  const body: unknown = await answer.json().catch(() => undefined);
  const problem = Problem.safeParse(body);
  throw problem.success
    ? new ApiProblem(problem.data.code, problem.data.reference, {
        status,
        detail: problem.data.detail,
        retryAfterSeconds: secondsIn(answer.headers.get('retry-after')),
      })
    : new ApiProblem('answer_unreadable', undefined, { status });
}

/** The part of a zod schema that this client needs. */
export type Shape<Answer> = {
  safeParse: (value: unknown) => { success: true; data: Answer } | { success: false };
};

/** Throws `ApiProblem` for an answer of another shape. */
export async function readAnswer<Answer>(answer: Response, shape: Shape<Answer>): Promise<Answer> {
  const body: unknown = await answer.json().catch(() => undefined);
  const parsed = shape.safeParse(body);
  if (!parsed.success) throw new ApiProblem('answer_unreadable');
  return parsed.data;
}
