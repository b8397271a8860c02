/** Somebody who signs in at the demo as a browser would, while it is being furnished. */
export type Visitor = {
  /** The whole way to the provider and back. Throws a RefusedError where it does not end signed in. */
  signIn(provider: string): Promise<void>;
  /** Throws a RefusedError. */
  post(path: string, json?: unknown): Promise<void>;
};

export class RefusedError extends Error {
  override name = 'RefusedError';
  /** That of the problem which was answered; undefined where the answer was none. */
  readonly code: string | undefined;

  constructor(message: string, code: string | undefined) {
    super(message);
    this.code = code;
  }
}

export function openVisitor(origin: string): Visitor {
  const ask = askAs(new Map(), origin);

  async function follow(response: Response): Promise<Response> {
    const location = response.headers.get('location');
    if (location === null)
      throw new Error(`${response.url} answered ${String(response.status)} and leads nowhere`);
    return await ask(new URL(location, response.url));
  }

  return {
    async signIn(provider) {
      const departure = await ask(`/auth/login?provider=${provider}`);
      const arrival = await follow(await follow(departure));
      if (arrival.status !== 303) throw await refusalOf(arrival);
    },
    async post(path, json) {
      const body = json === undefined ? {} : { body: JSON.stringify(json) };
      const type = json === undefined ? {} : { 'content-type': 'application/json' };
      const answer = await ask(path, { method: 'POST', headers: { 'x-csrf': '1', ...type }, ...body });
      if (!answer.ok) throw await refusalOf(answer);
      await answer.body?.cancel();
    },
  };
}

/** `fetch` with the cookies of one browser, redirects not followed. */
function askAs(cookies: Map<string, string>, origin: string) {
  return async (target: string | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(target, origin);
    const headers = new Headers(init.headers);
    if (url.origin === origin) headers.set('cookie', [...cookies].map((pair) => pair.join('=')).join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split(/=(.*)/);
      cookies.set(name, value);
    }
    return response;
  };
}

async function refusalOf(response: Response): Promise<RefusedError> {
  const text = await response.text();
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true;
  // What every problem of our own API has.
  const code = isProblem ? (JSON.parse(text) as { code: string }).code : undefined;
  return new RefusedError(`${response.url} answered ${String(response.status)}: ${text}`, code);
}
