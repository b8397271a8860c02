import type { EntraStandIn } from '@gatehouse/stand-ins';
import type { Answer, Browser } from './browser.ts';
import { test as base } from './world.ts';

/** Where the pages of the API surface are; another origin than the server's. */
export const appOrigin = 'http://localhost:5173';

const apiOrigin = 'http://localhost:3000';

/** The environment of a deployment whose pages lie on another origin and sign in by the platform's own Entra app. */
export function microsoftEnvironment(entra: EntraStandIn): Record<string, string> {
  return {
    MS_CLIENT_ID: entra.clientId,
    MS_CLIENT_SECRET: entra.clientSecret,
    MS_AUTHORITY_HOST: entra.authority,
    API_PUBLIC_URL: apiOrigin,
    APP_BASE_URL: appOrigin,
  };
}

/** A test in a world with Sign in with Microsoft beside the three providers. */
export const test = base.extend('environment', ({ standIns }) => microsoftEnvironment(standIns.entra));

export const loginPath = '/api/v1/auth/microsoft/login';

/** Goes to Microsoft by the API surface, is answered as whoever signs in there, and stops before the callback. */
export async function beginMicrosoft(browser: Browser, query: Readonly<Record<string, string>> = {}) {
  const search = new URLSearchParams(query).toString();
  const departure = await browser.ask(`${loginPath}${search && `?${search}`}`);
  if (departure.location === undefined) throw new Error(`no redirect to Microsoft: ${departure.body}`);
  const atProvider = await browser.ask(departure.location);
  const callbackUrl = atProvider.location;
  if (callbackUrl === undefined) throw new Error(`Microsoft sent nobody back: ${String(atProvider.status)}`);
  return {
    departure,
    authorizationUrl: departure.location,
    callbackUrl,
    callback: () => browser.ask(callbackUrl),
  };
}

/** The access token in the address that a callback leads to. */
export function accessTokenIn({ location, status, body }: Answer): string {
  const token = location?.searchParams.get('token');
  if (typeof token !== 'string') throw new Error(`no token: ${String(status)} ${String(location)} ${body}`);
  return token;
}
