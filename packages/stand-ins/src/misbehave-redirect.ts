import { randomBytes } from 'node:crypto';
import type { Ask } from './exchange.ts';
import type { CommonRedirectFault } from './misbehave-catalogue.ts';
import type { FaultSet } from './misbehave.ts';

const COOKIE = 'stand-in-ballast';
const COOKIES = 15;
const COOKIE_BYTES = 2000;

export const FOREIGN_ISSUER = 'https://issuer.attacker.example';

/** Hostile in length and content, yet within a request line of 16 kB. */
export const hostileErrorText = `<script>alert('from the provider')</script>${'x'.repeat(10_000)}`;

export function spoilState(params: URLSearchParams, faults: FaultSet<CommonRedirectFault>): void {
  if (faults.has('wrong_state')) params.set('state', randomBytes(16).toString('base64url'));
  if (faults.has('missing_state')) params.delete('state');
}

/** Cookies know no ports: these come along to whatever else runs on this host. */
export function hugeCookies(): string[] {
  const ballast = 'b'.repeat(COOKIE_BYTES);
  return Array.from({ length: COOKIES }, (_, index) => `${COOKIE}-${index}=${ballast}; Path=/; Max-Age=300`);
}

/** Takes back what `hugeCookies` planted in this browser. */
export function expiredHugeCookies(ask: Ask): string[] {
  if (!(ask.headers.cookie ?? '').includes(COOKIE)) return [];
  return Array.from({ length: COOKIES }, (_, index) => `${COOKIE}-${index}=; Path=/; Max-Age=0`);
}
