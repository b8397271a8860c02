/** Somebody who signs in at the demo as a browser would, while it is being furnished. */
export type Visitor = {
  /** The whole way to the provider and back; throws where it does not end with this status, 303 unless told. */
  signIn(provider: string, endsWith?: number): Promise<void>;
  post(path: string, json?: unknown): Promise<unknown>;
  get(path: string): Promise<unknown>;
};

export function openVisitor(origin: string): Visitor {
  const ask = askAs(new Map(), origin);

  async function follow(response: Response): Promise<Response> {
    const location = response.headers.get('location');
    if (location === null)
      throw new Error(`${response.url} answered ${String(response.status)} and leads nowhere`);
    return await ask(new URL(location, response.url));
  }

  return {
    async signIn(provider, endsWith = 303) {
      const departure = await ask(`/auth/login?provider=${provider}`);
      const arrival = await follow(await follow(departure));
      if (arrival.status === endsWith) return;
      throw new Error(
        `signing in with ${provider} ended with ${String(arrival.status)}: ${await arrival.text()}`,
      );
    },
    async post(path, json) {
      const body = json === undefined ? {} : { body: JSON.stringify(json) };
      const type = json === undefined ? {} : { 'content-type': 'application/json' };
      return await answerOf(
        await ask(path, { method: 'POST', headers: { 'x-csrf': '1', ...type }, ...body }),
      );
    },
    async get(path) {
      return await answerOf(await ask(path));
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

async function answerOf(response: Response): Promise<unknown> {
  if (!response.ok)
    throw new Error(`${response.url} answered ${String(response.status)}: ${await response.text()}`);
  return response.status === 204 ? undefined : await response.json();
}
