import { ask, cookiesOf } from './ask.ts';
import { publicHost } from './programs/gatehouse.ts';
import { codeFor } from './programs/stand-in.ts';

export type SigningIn = {
  readonly url: URL;
  readonly person: string;
  /** The address that a proxy in front would tell: starts are limited for each. */
  readonly sender: string;
};

/** Both requests of a browser that signs in, without the provider's page between them; answers its session cookie. */
export async function signInToGatehouse({ url, person, sender }: SigningIn): Promise<string> {
  const headers = { host: publicHost, 'sec-fetch-mode': 'navigate', 'x-forwarded-for': sender };
  const departure = await ask(new URL('/auth/login?provider=google', url), { headers });
  if (departure.location === undefined) throw new Error(`no way to the provider: ${departure.body}`);
  const authorization = new URL(departure.location);
  const back = new URL('/auth/callback', url);
  back.searchParams.set('state', authorization.searchParams.get('state') ?? '');
  back.searchParams.set('code', codeFor(person, authorization));
  const arrival = await ask(back, { headers: { ...headers, cookie: cookiesOf(departure) } });
  const session = arrival.setCookies.find((cookie) => cookie.startsWith('gatehouse='))?.split(';')[0];
  if (session === undefined)
    throw new Error(`not signed in: ${arrival.status} ${arrival.location ?? arrival.body}`);
  return session;
}

export async function signInToBetterAuth({ url, person }: SigningIn): Promise<string> {
  const departure = await ask(new URL('/api/auth/sign-in/social', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url.origin },
    body: JSON.stringify({ provider: 'standin', callbackURL: '/' }),
  });
  // The shape that its documentation gives.
  const told = JSON.parse(departure.body) as { url?: string };
  if (told.url === undefined) throw new Error(`no way to the provider: ${departure.body}`);
  const authorization = new URL(told.url);
  const back = new URL('/api/auth/callback/standin', url);
  back.searchParams.set('state', authorization.searchParams.get('state') ?? '');
  back.searchParams.set('code', codeFor(person, authorization));
  const arrival = await ask(back, { headers: { cookie: cookiesOf(departure) } });
  const cookies = cookiesOf(arrival);
  if (!cookies.includes('better-auth.session_token='))
    throw new Error(`not signed in: ${arrival.status} ${arrival.location ?? arrival.body}`);
  return cookies;
}
