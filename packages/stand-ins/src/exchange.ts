import type { IncomingHttpHeaders } from 'node:http';

export type Ask = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The body, if it was `application/x-www-form-urlencoded`; else empty. */
  readonly form: URLSearchParams;
  /** What the `:names` of the route's path stood for. */
  readonly params: Readonly<Record<string, string>>;
};

export type AnswerHeaders = Readonly<Record<string, string | readonly string[]>>;

export type Answer = {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: string;
  /** `late`: after 60 s or never; `half`: cut in the middle of the body; `reset`: no byte at all. */
  readonly delivery?: 'late' | 'half' | 'reset';
};

const notStored = { 'cache-control': 'no-store', pragma: 'no-cache' };

export function json(status: number, value: unknown, headers: AnswerHeaders = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...notStored, ...headers },
    body: JSON.stringify(value),
  };
}

export function html(status: number, body: string, headers: AnswerHeaders = {}): Answer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', ...notStored, ...headers }, body };
}

export function redirect(status: 302 | 303, location: string, headers: AnswerHeaders = {}): Answer {
  return { status, headers: { location, ...notStored, ...headers }, body: '' };
}
