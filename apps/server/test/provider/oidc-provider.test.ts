import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { Provider as OpenIdServer } from 'oidc-provider';
import type { Configuration } from 'oidc-provider';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { startTrace } from '../../src/kernel/trace.ts';
import { oidcProvider } from '../../src/provider/oidc.ts';
import type { Provider } from '../../src/provider/provider.ts';
import { arrive, callbackUrl, caught, expectError, state, testDeps } from './journey.ts';

const clientId = 'gatehouse at work';
const clientSecret = 'a secret: with/odd+characters%20and~more';
const people: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ada: { name: 'Ada Byron', email: 'ada@acme.example', email_verified: true },
  eve: { name: 'Eve', email: 'eve@acme.example', email_verified: false },
};

let server: Server;
let issuer: string;

beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  issuer = `http://127.0.0.1:${address.port}`;
  const answer = new OpenIdServer(issuer, configuration()).callback();
  server.on('request', (request, response) => void answer(request, response));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

function configuration(): Configuration {
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

function company(changes: { clientSecret?: string } = {}): Provider {
  const secret = new Secret(changes.clientSecret ?? clientSecret);
  return oidcProvider({ issuer, clientId, clientSecret: secret }, testDeps());
}

/** A browser as far as it takes: it keeps cookies, follows redirects and fills in the two pages on the way. */
async function browseToCallback(start: URL, login: string): Promise<URL> {
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
      if (url.origin === callbackUrl.origin) return url;
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

async function visit(provider: Provider, login: string) {
  const { redirectTo, remembered } = await provider.begin({ callbackUrl, state, hints: {} });
  const callback = await browseToCallback(redirectTo, login);
  expect(callback.searchParams.get('state')).toBe(state);
  return { callback, remembered, trace: startTrace(systemClock) };
}

test('a person of a certified OpenID provider that we did not write is proven', async () => {
  const provider = company();
  const journey = await visit(provider, 'ada');
  expect(journey.callback.searchParams.get('iss')).toBe(issuer);
  await expect(arrive(provider, journey)).resolves.toEqual({
    issuer,
    subject: 'ada',
    displayName: 'Ada Byron',
    email: { kind: 'verified', address: 'ada@acme.example', authoritative: false },
  });
});

test('there, too, an unverified address is only claimed', async () => {
  const provider = company();
  const { email } = await arrive(provider, await visit(provider, 'eve'));
  expect(email).toEqual({ kind: 'claimed', address: 'eve@acme.example' });
});

test('P-07 there, too, an answer without the issuer is refused', async () => {
  const provider = company();
  const { callback, ...journey } = await visit(provider, 'ada');
  callback.searchParams.delete('iss');
  expectError(await caught(arrive(provider, { ...journey, callback })), 'provider_refused', 'issuer_missing');
});

test('P-37 there, too, a code goes with its own verifier only', async () => {
  const provider = company();
  const journey = await visit(provider, 'ada');
  const remembered = { ...journey.remembered, verifier: 'v'.repeat(43) };
  const error = await caught(arrive(provider, { ...journey, remembered }));
  expectError(error, 'provider_refused', 'code_used_or_expired');
});

test('there, too, a wrong client secret is a mistake of the configuration', async () => {
  const provider = company({ clientSecret: 'wrong' });
  const error = await caught(arrive(provider, await visit(provider, 'ada')));
  expectError(error, 'provider_misconfigured', 'client_rejected');
});
