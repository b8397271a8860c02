import type { Answer, Browser } from './browser.ts';
import { accessTokenIn, beginMicrosoft } from './microsoft.ts';
import type { World } from './world.ts';

/** Signs somebody in whom Microsoft knows; answers the access token of the redirect. */
export async function signInWithMicrosoft(w: World, key: string, browser = w.browser): Promise<string> {
  w.entra.signsInAs(key);
  const { callback } = await beginMicrosoft(browser);
  return accessTokenIn(await callback());
}

/** How long a refresh token is answered with itself, and with its successor once it was used. */
export const graceMs = 10_000;

export type Pair = { readonly accessToken: string; readonly expiresIn: number };

export function pairIn(answer: Answer): Pair {
  if (answer.status !== 200) throw new Error(`no tokens: ${String(answer.status)} ${answer.body}`);
  // What the contract says of a 200 here.
  return answer.json() as Pair;
}

export const refresh = (browser: Browser, wish?: unknown): Promise<Answer> =>
  browser.post('/api/v1/auth/refresh', wish);

/** Asks with an access token alone, from a program without cookies. */
export function askAs(
  w: World,
  accessToken: string,
  [method, path]: readonly [string, string] = ['GET', '/api/v1/me'],
): Promise<Answer> {
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
