import { randomBytes } from 'node:crypto';
import type { Ask } from './exchange.ts';
import type { CommonRedirectFault, OidcRedirectFault } from './misbehave-catalogue.ts';
import type { FaultSet } from './misbehave.ts';

export type RedirectError = 'access_denied' | 'consent_needed' | 'login_required';

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

/** RFC 9207 §2, honest or not. */
export function issParameter(
  issuer: string,
  sendsIss: boolean,
  faults: FaultSet<OidcRedirectFault>,
): Record<string, string> {
  if (faults.has('missing_iss_parameter')) return {};
  if (faults.has('wrong_iss_parameter')) return { iss: FOREIGN_ISSUER };
  return sendsIss ? { iss: issuer } : {};
}

export function faultyError(faults: FaultSet<OidcRedirectFault>): RedirectError | undefined {
  if (faults.has('consent_needed')) return 'consent_needed';
  return faults.has('login_required') ? 'login_required' : undefined;
}
