import type { Answer, Browser } from './browser.ts';
import { test as base } from './world.ts';
import type { World } from './world.ts';

export const appOrigin = 'http://localhost:5173';

/** A world whose SPA lives on another origin, with “Sign in with Microsoft” for all directories. */
export const test = base.extend('environment', ({ standIns: { entra } }) => ({
  MS_CLIENT_ID: entra.clientId,
  MS_CLIENT_SECRET: entra.clientSecret,
  MS_AUTHORITY_HOST: entra.authority,
  API_PUBLIC_URL: 'http://localhost:3000',
  APP_BASE_URL: appOrigin,
}));

export const loginPath = '/api/v1/auth/microsoft/login';

/** To Microsoft and back, stopping before the callback. */
export async function beginWithMicrosoft(browser: Browser, query: Readonly<Record<string, string>> = {}) {
  const departure = await browser.ask(`${loginPath}?${new URLSearchParams(query).toString()}`);
  if (departure.location === undefined) throw new Error(`no redirect to Microsoft: ${departure.body}`);
  const { location } = await browser.ask(departure.location);
  if (location === undefined) throw new Error('Microsoft sent nobody back');
  return { departure, callbackUrl: location, callback: () => browser.ask(location) };
}

/** Signs somebody in whom Microsoft knows; answers the access token of the redirect. */
export async function signInWithMicrosoft(w: World, key: string, browser = w.browser): Promise<string> {
  w.entra.signsInAs(key);
  const { callback } = await beginWithMicrosoft(browser);
  const answer = await callback();
  const token = answer.location?.searchParams.get('token');
  if (token === null || token === undefined) throw new Error(`no token: ${answer.body}`);
  return token;
}

export type Pair = { readonly accessToken: string; readonly expiresIn: number };

export function pairIn(answer: Answer): Pair {
  if (answer.status !== 200) throw new Error(`no tokens: ${String(answer.status)} ${answer.body}`);
  // What the contract says of a 200 here.
  return answer.json() as Pair;
}

export const refresh = (browser: Browser, wish?: unknown): Promise<Answer> =>
  browser.post('/api/v1/auth/refresh', wish);

/** Asks with an access token alone, from a program without cookies. */
export function askAs(w: World, accessToken: string, path = '/api/v1/me', method = 'GET'): Promise<Answer> {
  const headers = { authorization: `Bearer ${accessToken}`, 'x-csrf': '' };
  return w.newBrowser().ask(path, { as: 'api', method, headers });
}

/** What a compact JWT says; nobody has looked at its signature. */
export function claimsIn(token: string): Readonly<Record<string, unknown>> {
  const [, payload = ''] = token.split('.');
  // Of our own tokens, which carry an object.
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
}

export const refreshCookieOf = (browser: Browser): string => browser.cookies.get('refresh_token') ?? '';
