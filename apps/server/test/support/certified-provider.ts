import { createServer } from 'node:http';
import { Provider as OpenIdServer } from 'oidc-provider';
import type { Configuration } from 'oidc-provider';

export const clientId = 'gatehouse/at+work:1';
export const clientSecret = 'a secret: with/odd+characters%20and~more';
const people: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ada: { name: 'Ada Byron', email: 'ada@acme.example', email_verified: true },
  eve: { name: 'Eve', email: 'eve@acme.example', email_verified: false },
};

export type CertifiedProvider = { readonly issuer: string; close(): void };

/** A certified OpenID provider that we did not write, on loopback, with one client. */
export async function startCertifiedProvider(callbackUrl: URL): Promise<CertifiedProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  const issuer = `http://127.0.0.1:${address.port}`;
  const answer = new OpenIdServer(issuer, configuration(callbackUrl)).callback();
  server.on('request', (request, response) => void answer(request, response));
  return {
    issuer,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function configuration(callbackUrl: URL): Configuration {
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [callbackUrl.href],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    findAccount: (_context, accountId) => ({
      accountId,
      claims: () => Promise.resolve({ sub: accountId, ...people[accountId] }),
    }),
    cookies: { keys: ['a key for the cookies of this test'] },
    pkce: { required: () => true },
    ttl: { Interaction: 60, Session: 60, Grant: 60, AccessToken: 60, IdToken: 3600 },
  };
}

/**
 * A browser as far as it takes: it keeps cookies, follows redirects and fills in the two pages on the way, until it is
 * sent to another origin: back to us.
 */
export async function browseBack(start: URL, login: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = start;
  let form: URLSearchParams | undefined;
  for (let hop = 0; hop < 20; hop += 1) {
    const response = await fetch(url, {
      method: form === undefined ? 'GET' : 'POST',
      ...(form === undefined ? {} : { body: form }),
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      redirect: 'manual',
    });
    for (const cookie of response.headers.getSetCookie()) keep(cookies, cookie);
    const location = response.headers.get('location');
    if (location !== null) {
      url = new URL(location, url);
      form = undefined;
      if (url.origin !== start.origin) return url;
      continue;
    }
    const page = await response.text();
    const action = /<form[^>]+action="([^"]+)"/.exec(page)?.[1];
    if (action === undefined) throw new Error(`No form: ${response.status} ${page.slice(0, 300)}`);
    url = new URL(action, url);
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? '';
    form = new URLSearchParams(prompt === 'login' ? { prompt, login, password: 'any' } : { prompt });
  }
  throw new Error('The browser goes round in circles');
}

function keep(cookies: Map<string, string>, header: string): void {
  const [pair = ''] = header.split(';');
  const at = pair.indexOf('=');
  const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
  if (value === '') cookies.delete(name);
  else cookies.set(name, value);
}
