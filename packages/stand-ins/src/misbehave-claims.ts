import type { ClaimFault } from './misbehave-catalogue.ts';
import { pairsOf } from './misbehave.ts';
import type { FaultSet } from './misbehave.ts';

export type Claims = Readonly<Record<string, unknown>>;

export const CLOCK_AHEAD_S = 300;
const FOREIGN_CLIENT = 'b1946ac9-2492-4d23-9f4c-0b1d1e5a3c77';

export function without(claims: Claims, ...names: readonly string[]): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)));
}

/** Moves those of the named times that the token carries. */
function shifted(claims: Claims, seconds: number): Claims {
  const move = (value: unknown) => (typeof value === 'number' ? value + seconds : value);
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      ['iat', 'nbf', 'exp'].includes(name) ? move(value) : value,
    ]),
  );
}

const spoilers: Record<ClaimFault, (claims: Claims) => Claims> = {
  wrong_issuer: (claims) => ({ ...claims, iss: 'https://issuer.attacker.example' }),
  wrong_audience: (claims) => ({ ...claims, aud: 'nobody' }),
  other_app_audience: (claims) => ({
    ...claims,
    aud: FOREIGN_CLIENT,
    ...('azp' in claims ? { azp: FOREIGN_CLIENT } : {}),
  }),
  missing_audience: (claims) => without(claims, 'aud'),
  foreign_audience_added: (claims) => ({ ...without(claims, 'azp'), aud: [claims['aud'], FOREIGN_CLIENT] }),
  foreign_authorized_party: (claims) => ({
    ...claims,
    aud: [claims['aud'], FOREIGN_CLIENT],
    azp: FOREIGN_CLIENT,
  }),
  wrong_nonce: (claims) => ({ ...claims, nonce: 'a-nonce-of-somebody-else' }),
  missing_nonce: (claims) => without(claims, 'nonce'),
  missing_subject: (claims) => without(claims, 'sub'),
  missing_iat: (claims) => without(claims, 'iat'),
  expired: (claims) =>
    shifted(claims, typeof claims['exp'] === 'number' ? nowOf(claims) - claims['exp'] - 600 : 0),
  not_yet_valid: (claims) => ({ ...claims, nbf: nowOf(claims) + 600 }),
  clock_ahead: (claims) => shifted(claims, CLOCK_AHEAD_S),
  wrong_at_hash: (claims) => ({ ...claims, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }),
  wrong_c_hash: (claims) => ({ ...claims, c_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }),
  no_email_in_id_token: (claims) => without(claims, 'email', 'email_verified', 'xms_edov'),
};

/** Honest tokens are issued now. */
function nowOf(claims: Claims): number {
  return typeof claims['iat'] === 'number' ? claims['iat'] : 0;
}

/** The claims of an ID token with every claim fault that is on. */
export function spoiledClaims(claims: Claims, faults: FaultSet<ClaimFault>): Claims {
  return pairsOf(spoilers).reduce(
    (spoiled, [fault, spoil]) => (faults.has(fault) ? spoil(spoiled) : spoiled),
    claims,
  );
}
