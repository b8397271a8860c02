import { dayMs, minuteMs } from '../kernel/clock.ts';
import { whole } from './parts.ts';
import type { Reading } from './reading.ts';
import { duration } from './rules/numbers.ts';
import { oneOf } from './rules/words.ts';
import type { VariableTable } from './variable.ts';

export const tokenVariables = {
  ACCESS_TOKEN_EXPIRE_MINUTES: { default: '15', rule: 'Life of an access token: 1 minute to 1 day.' },
  REFRESH_TOKEN_EXPIRE_DAYS: { default: '7', rule: 'Life of a refresh token: 1 day to 1 year.' },
  REFRESH_COOKIE_SAMESITE: {
    default: 'lax',
    rule: '`strict`, `lax` or `none`. `none` wants an https public address; needed only where the single-page application is on another site than this server.',
  },
} as const satisfies VariableTable;

export type TokenRules = {
  readonly accessTtlMs: number;
  readonly refreshTtlMs: number;
  readonly refreshCookieSameSite: 'strict' | 'lax' | 'none';
};

/** `publicOrigin` is undefined where it has a mistake of its own, or nothing is signed in to. */
export function readTokens(
  reading: Reading<keyof typeof tokenVariables>,
  publicOrigin: URL | undefined,
): TokenRules | undefined {
  const accessTtlMs = reading.take('ACCESS_TOKEN_EXPIRE_MINUTES', duration(1, 24 * 60, minuteMs));
  const refreshTtlMs = reading.take('REFRESH_TOKEN_EXPIRE_DAYS', duration(1, 365, dayMs));
  const sameSite = reading.take('REFRESH_COOKIE_SAMESITE', oneOf(['strict', 'lax', 'none']));
  if (sameSite === 'none' && publicOrigin?.protocol === 'http:') {
    const reason = 'asks for a cookie that browsers take over https only.';
    reading.mistake('REFRESH_COOKIE_SAMESITE', `${reason} Expected: lax, or an https API_PUBLIC_URL.`);
    return undefined;
  }
  return whole({ accessTtlMs, refreshTtlMs, refreshCookieSameSite: sameSite });
}
