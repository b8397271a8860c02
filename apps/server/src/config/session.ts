import { secondMs } from '../kernel/clock.ts';
import type { Secret } from '../kernel/secret.ts';
import { present, whole } from './parts.ts';
import type { Reading } from './reading.ts';
import type { NonEmpty } from './rules/lists.ts';
import { duration } from './rules/numbers.ts';
import { ownSecrets } from './rules/secrets.ts';
import type { VariableTable } from './variable.ts';

export const sessionVariables = {
  CLOUDGRID_SESSION_SECRET: {
    secret: true,
    rule: '32 bytes or more of randomness; needed under `sso`. A list, separated by commas, rotates: the first signs, all verify.',
  },
  CLOUDGRID_SESSION_TTL_SECONDS: {
    default: '28800',
    rule: 'How long a browser session lasts from sign-in, however busy: 1 second to 1 year.',
  },
  CLOUDGRID_SESSION_IDLE_SECONDS: {
    otherwise: 'no limit',
    rule: 'Ends a session earlier when nothing was asked for this long; not more than its whole life.',
  },
} as const satisfies VariableTable;

export type SessionRules = {
  /** The first signs, all verify. */
  readonly secrets: NonEmpty<Secret>;
  /** From sign-in, however busy the session is. */
  readonly ttlMs: number;
  /** Since the last request; at most `ttlMs`. */
  readonly idleMs?: number;
};

const yearSeconds = 365 * 24 * 60 * 60;
const lifetime = duration(1, yearSeconds, secondMs);

export function readSession(reading: Reading<keyof typeof sessionVariables>): SessionRules | undefined {
  const secrets = reading.need('CLOUDGRID_SESSION_SECRET', ownSecrets, 'with CLOUDGRID_AUTH_MODE sso');
  const ttlMs = reading.take('CLOUDGRID_SESSION_TTL_SECONDS', lifetime);
  const idleMs = reading.take('CLOUDGRID_SESSION_IDLE_SECONDS', lifetime);
  if (ttlMs !== undefined && idleMs !== undefined && idleMs > ttlMs) {
    const expected = 'Expected: at most as much.';
    reading.mistake(
      'CLOUDGRID_SESSION_IDLE_SECONDS',
      `is more than CLOUDGRID_SESSION_TTL_SECONDS. ${expected}`,
    );
    return undefined;
  }
  const rules = whole({ secrets, ttlMs });
  return rules && { ...rules, ...present({ idleMs }) };
}
