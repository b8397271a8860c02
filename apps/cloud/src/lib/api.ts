import { Problem } from '@gatehouse/contract';

/** The part of a zod schema that this client needs. */
type Shape<Answer> = { safeParse: (value: unknown) => { success: true; data: Answer } | { success: false } };

type Rest = { cause?: unknown; retryAfterSeconds?: number | undefined; detail?: string | undefined };

/** A call that didn't end well. `code` is the catalogue's, or one of `connectionTexts` where no answer could be read. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: string;
  readonly reference: string | undefined;
  /** How long to wait before asking again, where the server said so. */
  readonly retryAfterSeconds: number | undefined;
  /** The server's own sentence about this one case, where it has one. */
  readonly detail: string | undefined;

  constructor(code: string, reference?: string, { retryAfterSeconds, detail, ...options }: Rest = {}) {
    super(code, options);
    this.code = code;
    this.reference = reference;
    this.retryAfterSeconds = retryAfterSeconds;
    this.detail = detail;
  }
}

/** Any failure as a problem: what isn't one by itself is a bug of this page. */
export const asProblem = (error: unknown): ApiProblem =>
  error instanceof ApiProblem ? error : new ApiProblem('unexpected', undefined, { cause: error });

const patienceMs = 15_000;

/** Whole seconds; a date in their place (RFC 9110 allows one) is nothing that our server sends. */
const secondsIn = (text: string | null) => (text && /^\d{1,6}$/.test(text) ? Number(text) : undefined);

async function call(path: string, init: RequestInit): Promise<Response> {
  const late = AbortSignal.timeout(patienceMs);
  const signal = init.signal ? AbortSignal.any([init.signal, late]) : late;
  const answer = await fetch(path, { ...init, signal, credentials: 'same-origin', cache: 'no-store' }).catch(
    (cause: unknown) => {
      throw new ApiProblem('network_failed', undefined, { cause });
    },
  );
  if (answer.ok) return answer;
  const body: unknown = await answer.json().catch(() => undefined);
  const problem = Problem.safeParse(body);
  throw problem.success
    ? new ApiProblem(problem.data.code, problem.data.reference, {
        retryAfterSeconds: secondsIn(answer.headers.get('retry-after')),
        detail: problem.data.detail,
      })
    : new ApiProblem('answer_unreadable');
}

/** Reads one resource in its contract's shape. Throws `ApiProblem`. */
export async function read<Answer>(path: string, shape: Shape<Answer>, signal: AbortSignal): Promise<Answer> {
  return readAnswer(await call(path, { signal, headers: { Accept: 'application/json' } }), shape);
}

async function readAnswer<Answer>(answer: Response, shape: Shape<Answer>): Promise<Answer> {
  const body: unknown = await answer.json().catch(() => undefined);
  const parsed = shape.safeParse(body);
  if (!parsed.success) throw new ApiProblem('answer_unreadable');
  return parsed.data;
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
