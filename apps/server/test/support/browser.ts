import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';

/** What came back, redirects not followed. */
export type Answer = {
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly setCookies: readonly string[];
  readonly body: string;
  /** Where it redirects to, whole. */
  readonly location: URL | undefined;
  json(): unknown;
};

export type Ask = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** `navigate` asks as a person's address bar does; `api` as our own page's fetch does. */
  readonly as?: 'navigate' | 'api';
};

export type BrowserOptions = {
  readonly publicOrigin: URL;
  /** Where requests for the public origin really go. */
  readonly serverAddress: () => URL;
};

export type Browser = ReturnType<typeof openBrowser>;

/** A browser with a cookie jar for our origin. It reaches the public origin wherever the server really listens. */
export function openBrowser({ publicOrigin, serverAddress }: BrowserOptions) {
  const cookies = new Map<string, string>();

  async function ask(
    target: string | URL,
    { method = 'GET', headers = {}, json, as = 'navigate' }: Ask = {},
  ) {
    const url = new URL(target, publicOrigin);
    const isOurs = url.origin === publicOrigin.origin;
    const answer = await send(url, {
      method,
      address: isOurs ? serverAddress() : url,
      headers: {
        host: url.host,
        ...(as === 'navigate'
          ? { accept: 'text/html', 'sec-fetch-mode': 'navigate' }
          : { accept: 'application/json' }),
        ...(isOurs && cookies.size > 0 ? { cookie: cookieHeader() } : {}),
        ...(method !== 'GET' && isOurs ? { 'x-csrf': '1' } : {}),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    if (isOurs) for (const cookie of answer.setCookies) keep(cookie);
    return answer;
  }

  function cookieHeader(): string {
    return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  function keep(setCookie: string): void {
    const [pair = ''] = setCookie.split(';');
    const name = pair.slice(0, pair.indexOf('='));
    const value = pair.slice(pair.indexOf('=') + 1);
    if (/max-age=0(?:;|$)/i.test(setCookie)) cookies.delete(name);
    else cookies.set(name, value);
  }

  /** Goes to the provider, lets it answer for whoever signs in there, and stops before the callback. */
  async function beginSignIn(provider: string, query: Readonly<Record<string, string>> = {}) {
    const departure = await ask(`/auth/login?${new URLSearchParams({ provider, ...query }).toString()}`);
    if (departure.location === undefined) throw new Error(`no redirect to ${provider}: ${departure.body}`);
    const atProvider = await ask(departure.location);
    const callbackUrl = atProvider.location;
    if (callbackUrl === undefined)
      throw new Error(`${provider} sent nobody back: ${String(atProvider.status)}`);
    return { departure, authorizationUrl: departure.location, callbackUrl, callback: () => ask(callbackUrl) };
  }

  return {
    cookies,
    cookieHeader,
    ask,
    beginSignIn,
    /** The whole way, up to and with the callback's answer. */
    async signIn(provider: string, query: Readonly<Record<string, string>> = {}): Promise<Answer> {
      const { callback } = await beginSignIn(provider, query);
      return await callback();
    },
    get: (path: string | URL) => ask(path, { as: 'api' }),
    post: (path: string, json?: unknown) => ask(path, { method: 'POST', as: 'api', json }),
    patch: (path: string, json: unknown) => ask(path, { method: 'PATCH', as: 'api', json }),
    put: (path: string, json: unknown) => ask(path, { method: 'PUT', as: 'api', json }),
    delete: (path: string) => ask(path, { method: 'DELETE', as: 'api' }),
  };
}

type Sending = {
  readonly method: string;
  readonly address: URL;
  readonly headers: Record<string, string>;
  readonly body?: string;
};

function send(url: URL, { method, address, headers, body }: Sending): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: address.hostname,
        port: address.port,
        path: `${url.pathname}${url.search}`,
        method,
        headers,
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const { location } = response.headers;
          resolve({
            url,
            status: response.statusCode ?? 0,
            headers: response.headers,
            setCookies: response.headers['set-cookie'] ?? [],
            body: text,
            location: location === undefined ? undefined : new URL(location, url),
            json: (): unknown => JSON.parse(text),
          });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
