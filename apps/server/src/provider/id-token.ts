import { createHash } from 'node:crypto';
import { compactVerify } from 'jose';
import { secondMs } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import type { Claims } from './answers.ts';
import { isObject, parseJson } from './answers.ts';
import type { KeyHint, PublishedKey, SigningAlgorithm } from './key-set.ts';
import { refused } from './refusal.ts';

export type IdToken = { readonly compact: string; readonly hint: KeyHint; readonly claims: Claims };

export type Expectations = {
  readonly clientId: string;
  /** Usually the client id. */
  readonly audience: string;
  readonly nonce: string;
  readonly code: string;
  readonly accessToken: string;
  /** How many seconds before the moment of issue the provider dates its `iat`. */
  readonly issuedEarlierSeconds: number;
};

const largestTokenBytes = 16 * 1024;
const longestSubject = 255; // OpenID Connect Core §2
const skewSeconds = 60;
/** A token was asked for during this very return, ten seconds ago at most: an older one shows that clocks disagree. */
const oldestSeconds = skewSeconds + 10;

/** Halves of these hashes go into `at_hash` and `c_hash`. */
const hashes: Readonly<Record<SigningAlgorithm, string>> = {
  RS256: 'sha256',
  PS256: 'sha256',
  ES256: 'sha256',
  EdDSA: 'sha512',
};

/**
 * Takes a signed token apart and proves nothing. Unsigned, symmetric and encrypted tokens are refused, and so is
 * a token of another type (RFC 8725 §3.11).
 * @throws AppError `provider_refused`
 */
export function parseIdToken(compact: string): IdToken {
  if (Buffer.byteLength(compact) > largestTokenBytes) throw refused('token_too_large');
  const [header, claims, signature, ...more] = compact.split('.');
  const parsedHeader = parsePart(header);
  const parsedClaims = parsePart(claims);
  if (
    parsedHeader === undefined ||
    parsedClaims === undefined ||
    signature === undefined ||
    more.length > 0
  ) {
    throw refused('token_malformed');
  }
  const { alg, kid, typ, crit } = parsedHeader;
  if (!isSigningAlgorithm(alg)) throw refused('algorithm_refused');
  if (crit !== undefined || (kid !== undefined && typeof kid !== 'string')) throw refused('token_malformed');
  if (typ !== undefined && !(typeof typ === 'string' && /^(?:application\/)?jwt$/i.test(typ))) {
    throw refused('token_type_refused');
  }
  return { compact, hint: kid === undefined ? { alg } : { alg, kid }, claims: parsedClaims };
}

function parsePart(part: string | undefined): Claims | undefined {
  if (part === undefined) return undefined;
  const value = parseJson(Buffer.from(part, 'base64url').toString('utf8'));
  return isObject(value) ? value : undefined;
}

function isSigningAlgorithm(alg: unknown): alg is SigningAlgorithm {
  return typeof alg === 'string' && Object.hasOwn(hashes, alg);
}

/** @throws AppError `provider_refused` with `signature_invalid` */
export async function checkSignature({ compact, hint }: IdToken, { jwk }: PublishedKey): Promise<void> {
  try {
    await compactVerify(compact, jwk, { algorithms: [hint.alg] });
  } catch (error) {
    throw new AppError('provider_refused', { finding: 'signature_invalid' }, { cause: error });
  }
}

/**
 * The rules of OpenID Connect Core §3.1.3.7 that are the same for every provider: all but the issuer's.
 * @throws AppError `provider_refused` with the finding that names the rule
 */
export function checkClaims({ claims, hint }: IdToken, expected: Expectations, now: Date): void {
  checkAudience(claims, expected);
  if (claims['nonce'] !== expected.nonce) throw refused('nonce_mismatch');
  checkTimes(claims, now, expected.issuedEarlierSeconds);
  checkSubject(claims['sub']);
  checkHash(claims['at_hash'], {
    alg: hint.alg,
    hashed: expected.accessToken,
    finding: 'access_token_hash_mismatch',
  });
  checkHash(claims['c_hash'], { alg: hint.alg, hashed: expected.code, finding: 'code_hash_mismatch' });
}

function checkAudience({ aud, azp }: Claims, { audience, clientId }: Expectations): void {
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!audiences.includes(audience)) throw refused('audience_mismatch');
  if (azp !== undefined && azp !== clientId) throw refused('audience_mismatch');
  const hasForeign = audiences.some((member) => member !== audience && member !== clientId);
  if (hasForeign && azp !== clientId) throw refused('audience_mismatch');
}

function checkTimes({ iat, exp, nbf }: Claims, now: Date, issuedEarlierSeconds: number): void {
  const nowSeconds = now.getTime() / secondMs;
  if (!isTime(iat)) throw refused('issued_at_missing');
  if (!isTime(exp)) throw refused('expiry_missing');
  if (nbf !== undefined && !isTime(nbf)) throw refused('token_malformed');
  if (exp + skewSeconds <= nowSeconds) throw offClock('expired', exp, now);
  if (iat - skewSeconds > nowSeconds) throw offClock('issued_in_future', iat, now);
  if (nbf !== undefined && nbf - skewSeconds > nowSeconds) throw offClock('not_yet_valid', nbf, now);
  if (iat + oldestSeconds + issuedEarlierSeconds < nowSeconds)
    throw offClock('issued_too_long_ago', iat, now);
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** `differenceSeconds`: how far the token's time lies ahead of ours. */
function offClock(finding: string, tokenSeconds: number, now: Date): AppError {
  return refused(finding, { differenceSeconds: Math.round(tokenSeconds - now.getTime() / secondMs) });
}

function checkSubject(subject: unknown): asserts subject is string {
  if (typeof subject !== 'string' || subject === '') throw refused('subject_missing');
  if (subject.length > longestSubject || /\p{Cc}/u.test(subject) || !subject.isWellFormed()) {
    throw refused('subject_malformed');
  }
}

type HashRule = { readonly alg: SigningAlgorithm; readonly hashed: string; readonly finding: string };

/** OpenID Connect Core §3.1.3.6: the left half of the hash, base64url. */
function checkHash(claim: unknown, { alg, hashed, finding }: HashRule): void {
  if (claim === undefined) return;
  const digest = createHash(hashes[alg]).update(hashed, 'ascii').digest();
  if (claim !== digest.subarray(0, digest.length / 2).toString('base64url')) throw refused(finding);
}
