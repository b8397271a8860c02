import { createHash, createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * What a token or hash is for. The label goes into every hash and MAC, so that nothing made for one purpose
 * is accepted for another, and nothing of one process by the other.
 */
export type Purpose =
  | 'cloud/session/v1'
  | 'cloud/session-cookie/v1'
  | 'cloud/session-derivation/v1'
  | 'cloud/attempt/state/v1'
  | 'cloud/attempt/browser/v1'
  | 'cloud/attempt/callback/v1'
  | 'cloud/email-proof/v1'
  | 'cloud/refresh/v1'
  | 'cloud/refresh-derivation/v1'
  | 'cloud/refresh-successor/v1'
  | 'cloud/one-time-link/v1'
  | 'cloud/mfa-challenge/v1'
  | 'cloud/recovery-code/v1'
  | 'cloud/rate-limit/v1'
  | 'cloud/audit-seal/v2';

/** 256 bits from the operating system, base64url. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

const tokenShape = /^[A-Za-z0-9_-]{43}$/;

export function looksLikeToken(text: string): boolean {
  return tokenShape.test(text);
}

/** What is stored in a token's place: SHA-256 over the purpose and the token. */
export function hashToken(purpose: Purpose, token: string): Buffer {
  return createHash('sha256').update(`${purpose}\0${token}`).digest();
}

/** Stands for a secret text in memory, so that finding it again neither keeps it nor tells by its time how alike two are. */
export function fingerprint(text: string): string {
  return hash('sha256', text, 'base64url');
}

/** HMAC-SHA-256 over the purpose and the parts, which are kept apart by their lengths. */
export function mac(key: string | Buffer, purpose: Purpose, parts: readonly (string | Buffer)[]): Buffer {
  const hmac = createHmac('sha256', key).update(`${purpose}\0`);
  for (const part of parts) {
    const bytes = Buffer.from(part);
    hmac.update(`${String(bytes.length)}:`).update(bytes);
  }
  return hmac.digest();
}

export function equalInConstantTime(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
