import type { Secret } from '../kernel/secret.ts';
import { equalInConstantTime, looksLikeToken, mac } from '../kernel/tokens.ts';

/**
 * The session token of a settled attempt. Derived, so that the same callback arriving twice in its browser gets the
 * same session; neither the browser's secret nor the salt is enough alone.
 */
export function deriveSessionToken(browserSecret: string, salt: Buffer): string {
  return mac(browserSecret, 'cloud/session-derivation/v1', [salt]).toString('base64url');
}

/** The cookie's value: the token and its MAC under the first secret, so that a forged one costs no look-up. */
export function sealSessionToken(token: string, secrets: readonly Secret[]): string {
  const [current] = secrets;
  if (current === undefined) throw new Error('no session secret is configured');
  return `${token}.${macOf(token, current).toString('base64url')}`;
}

/** The token of a cookie that any of the secrets sealed. What is stored does not depend on them: rotation ends nobody. */
export function openSessionToken(cookie: string, secrets: readonly Secret[]): string | undefined {
  const [token, seal, ...more] = cookie.split('.');
  if (token === undefined || seal === undefined || more.length > 0) return undefined;
  if (!looksLikeToken(token) || !looksLikeToken(seal)) return undefined;
  const given = Buffer.from(seal, 'base64url');
  return secrets.some((secret) => equalInConstantTime(macOf(token, secret), given)) ? token : undefined;
}

function macOf(token: string, secret: Secret): Buffer {
  return mac(secret.reveal(), 'cloud/session-cookie/v1', [token]);
}
