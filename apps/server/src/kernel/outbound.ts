import { AppError } from './errors.ts';
import { isLoopbackHost } from './loopback.ts';

export type OutboundRequest = {
  readonly url: URL;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
  /** Aborted when time is up; it covers the reading of the body too. */
  readonly deadline: AbortSignal;
};

/** A whole answer, whatever its status; redirects excepted, which are never followed. */
export type OutboundAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
};

type FetchOptions = {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
};

/** Calls to hosts that the operator has configured. A host that a company names wants a stricter guard than this. */
export type OutboundFetch = {
  /**
   * @throws AppError `provider_unavailable` with the finding `dns`, `tls`, `timeout`, `connection`, `too_large` or
   * `redirect` and the `host`; `provider_misconfigured` with `insecure_address`
   */
  ask(request: OutboundRequest): Promise<OutboundAnswer>;
  /** The same in the shape of `fetch`, for libraries that want one. */
  fetchBefore(deadline: AbortSignal): (url: string, options: FetchOptions) => Promise<Response>;
};

export type OutboundLimits = { readonly maxBodyBytes?: number };

const defaultMaxBodyBytes = 256 * 1024;

export function openOutbound({ maxBodyBytes = defaultMaxBodyBytes }: OutboundLimits = {}): OutboundFetch {
  const ask = async (request: OutboundRequest): Promise<OutboundAnswer> => {
    const { url, method = 'GET', headers = {}, body = null, deadline } = request;
    assertFitForSecrets(url);
    try {
      const response = await fetch(url, { method, headers, body, redirect: 'manual', signal: deadline });
      if (isRedirect(response.status)) {
        await response.body?.cancel();
        throw new AppError('provider_unavailable', {
          finding: 'redirect',
          host: url.host,
          status: response.status,
        });
      }
      const text = await readBounded(response, maxBodyBytes);
      return { status: response.status, headers: response.headers, text };
    } catch (error) {
      if (error instanceof AppError) throw error;
      const finding = deadline.aborted ? 'timeout' : findingOf(error);
      throw new AppError('provider_unavailable', { finding, host: url.host }, { cause: error });
    }
  };
  return {
    ask,
    fetchBefore: (deadline) => async (url, options) =>
      toResponse(await ask(toRequest(url, options, deadline))),
  };
}

/** https anywhere; plain http only where nobody can listen in. Name and password have no place in an address. */
export function isSecureAddress(url: URL): boolean {
  if (url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
}

function assertFitForSecrets(url: URL): void {
  if (isSecureAddress(url)) return;
  throw new AppError('provider_misconfigured', { finding: 'insecure_address', host: url.host });
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

async function readBounded(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // fetch yields bytes; its type leaves the kind of chunk open.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      throw new AppError('provider_unavailable', { finding: 'too_large', host: new URL(response.url).host });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Sorts by the codes of Node's dns, tls and undici. */
function findingOf(error: unknown): 'dns' | 'tls' | 'timeout' | 'connection' {
  const code = codeOf(error);
  if (/^(?:ENOTFOUND|EAI_)/.test(code)) return 'dns';
  if (/CERT|^ERR_(?:TLS|SSL)_|^EPROTO$|^UNABLE_TO_|^CRL_|^HOSTNAME_MISMATCH$/.test(code)) return 'tls';
  return /TIMEOUT$|^ETIMEDOUT$/.test(code) ? 'timeout' : 'connection';
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if (error.cause !== undefined) return codeOf(error.cause);
  // Several addresses were tried: the last failure stands for all.
  if (error instanceof AggregateError) return codeOf(error.errors.at(-1));
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function toRequest(
  url: string,
  { method, headers, body }: FetchOptions,
  deadline: AbortSignal,
): OutboundRequest {
  if (method !== 'GET' && method !== 'POST') throw new TypeError(`No ${method} goes out from here`);
  const sent = typeof body === 'string' || body instanceof URLSearchParams ? { body } : {};
  return { url: new URL(url), method, headers, ...sent, deadline };
}

const bodilessStatuses: ReadonlySet<number> = new Set([204, 205]);

function toResponse({ status, headers, text }: OutboundAnswer): Response {
  return new Response(bodilessStatuses.has(status) ? null : text, { status, headers });
}
