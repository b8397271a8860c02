type Facts = {
  readonly cause?: unknown;
  readonly status?: number | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly detail?: string | undefined;
};

/** A call that didn't end well. `code` is the catalogue's, or one of `connectionTexts` where no answer could be read. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: string;
  readonly reference: string | undefined;
  /** Of the answer; none where there was none. */
  readonly status: number | undefined;
  /** How long to wait before asking again, where the server said so. */
  readonly retryAfterSeconds: number | undefined;
  /** The server's own sentence about this one case, where it has one. */
  readonly detail: string | undefined;

  constructor(
    code: string,
    reference?: string,
    { retryAfterSeconds, status, detail, ...options }: Facts = {},
  ) {
    super(code, options);
    this.detail = detail;
    this.code = code;
    this.reference = reference;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Any failure as a problem: what isn't one by itself is a bug of this page. */
export const asProblem = (error: unknown): ApiProblem =>
  error instanceof ApiProblem ? error : new ApiProblem('unexpected', undefined, { cause: error });

/** Whether the same call may well succeed in a moment: the answer was lost, or the server has too much to do. */
export const mayPass = ({ code, status }: ApiProblem): boolean =>
  code === 'network_failed' || status === 429 || (status !== undefined && status >= 500);
