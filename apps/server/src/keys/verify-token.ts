import { errors, jwtVerify } from 'jose';
import type { CryptoKey, JWTPayload } from 'jose';
import { secondMs } from '../kernel/clock.ts';

export const algorithm = 'ES256';

/** More than any token of ours has. */
const longestToken = 8 * 1024;
const jwsParts = 3;
const headerNames = ['alg', 'kid', 'typ'];

export type VerifiedToken = {
  readonly claims: JWTPayload;
  readonly keyId: string;
  readonly expiresAtMs: number;
};

type Verification = {
  readonly typ: string;
  readonly issuer: string;
  readonly audience: string;
  readonly find: (keyId: string) => Promise<CryptoKey | undefined>;
  readonly now: Date;
};

/**
 * Checks a compact JWT as RFC 8725 asks: one algorithm, the type that is wanted, keys of ours alone, no header that would
 * name another, then signature, issuer, audience and time. Whatever does not pass is nobody's.
 */
export async function verifyToken(
  token: string,
  { typ, issuer, audience, find, now }: Verification,
): Promise<VerifiedToken | undefined> {
  const keyId = keyIdIn(token, typ);
  const key = keyId === undefined ? undefined : await find(keyId);
  if (keyId === undefined || key === undefined) return undefined;
  const expected = { algorithms: [algorithm], typ, issuer, audience, currentDate: now };
  try {
    const { payload: claims } = await jwtVerify(token, key, {
      ...expected,
      requiredClaims: ['sub', 'exp', 'iat'],
    });
    return { claims, keyId, expiresAtMs: (claims.exp ?? 0) * secondMs };
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

/** The key id of a header that has exactly what ours have; read before any signature is worked out. */
function keyIdIn(token: string, typ: string): string | undefined {
  if (token.length > longestToken) return undefined;
  const [head = '', ...others] = token.split('.');
  if (others.length !== jwsParts - 1) return undefined;
  const header = parse(Buffer.from(head, 'base64url').toString());
  if (header === undefined || Object.keys(header).sort().join() !== headerNames.join()) return undefined;
  const { alg, kid, typ: named } = header;
  return alg === algorithm && named === typ && typeof kid === 'string' ? kid : undefined;
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined; // not JSON, so nothing of ours
  }
}
