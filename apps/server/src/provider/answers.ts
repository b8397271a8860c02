import { secondMs } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import type { ErrorContext } from '../kernel/errors.ts';
import type { OutboundAnswer } from '../kernel/outbound.ts';

/** A JSON object that somebody else wrote: nothing in it is known to be what it should. */
export type Claims = Readonly<Record<string, unknown>>;

/** Where an answer came from and when, for traces and `Retry-After`. */
export type Origin = { readonly host: string; readonly now: Date };

const longestRetrySeconds = 3600;

export function isObject(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object in an answer's body; undefined where the body is no JSON object, or does not say that it is JSON. */
export function objectIn(answer: OutboundAnswer): Claims | undefined {
  const value = jsonIn(answer);
  return isObject(value) ? value : undefined;
}

export function jsonIn({ headers, text }: OutboundAnswer): unknown {
  const mediaType = (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (mediaType !== 'application/json' && !mediaType.endsWith('+json')) return undefined;
  return parseJson(text);
}

/** Undefined where the text is no JSON, which itself has no `undefined`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * The object in an answer that should be a plain success.
 * @throws AppError `provider_unavailable` with `rate_limited`, `http_status` or `not_json`
 */
export function successIn(answer: OutboundAnswer, origin: Origin): Claims {
  if (answer.status !== 200) throw unavailable(answer, origin);
  const body = objectIn(answer);
  if (body === undefined)
    throw new AppError('provider_unavailable', { finding: 'not_json', host: origin.host });
  return body;
}

/** The provider answers, but not what was asked. */
export function unavailable({ status, headers }: OutboundAnswer, { host, now }: Origin): AppError {
  const retryAfterSeconds = retryAfterIn(headers, now);
  const isRateLimited = status === 429 || headers.get('x-ratelimit-remaining') === '0';
  const context: ErrorContext = { finding: isRateLimited ? 'rate_limited' : 'http_status', host, status };
  return new AppError(
    'provider_unavailable',
    retryAfterSeconds === undefined ? context : { ...context, retryAfterSeconds },
  );
}

/** `Retry-After` in both its forms (RFC 9110 §10.2.3), else GitHub's `X-RateLimit-Reset`; an hour at most. */
export function retryAfterIn(headers: Headers, now: Date): number | undefined {
  const nowSeconds = now.getTime() / secondMs;
  const asked = headers.get('retry-after');
  const reset = headers.get('x-ratelimit-remaining') === '0' ? headers.get('x-ratelimit-reset') : null;
  const seconds =
    asked === null
      ? Number(reset ?? NaN) - nowSeconds
      : /^\d+$/.test(asked)
        ? Number(asked)
        : Date.parse(asked) / secondMs - nowSeconds;
  return Number.isFinite(seconds)
    ? Math.min(Math.max(Math.ceil(seconds), 1), longestRetrySeconds)
    : undefined;
}

/** Records an OAuth error code, and nothing of the text around it. */
export function errorCodeIn(value: unknown): { readonly providerError?: string } {
  return typeof value === 'string' && /^[a-z_]{1,64}$/.test(value) ? { providerError: value } : {};
}
