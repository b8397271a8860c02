import type { TokenAnswer } from '@gatehouse/contract';
import { ApiProblem } from './problem.ts';

/** An access token in the memory of a page. */
export type HeldToken = {
  readonly accessToken: string;
  /** Whose it is. */
  readonly sub: string;
  /** Which sign-in it belongs to. */
  readonly sid: string;
  /** From when on a new one is asked for before it is used. */
  readonly renewAtMs: number;
  readonly expiresAtMs: number;
};

/** A token is renewed this long before it ends, or at half its life if that is shorter. */
const aheadMs = 60_000;

/** Throws `ApiProblem` for what is no access token of ours. */
export function heldFrom({ accessToken, expiresIn }: TokenAnswer, nowMs: number): HeldToken {
  const claims = claimsOf(accessToken);
  if (!claims) throw new ApiProblem('answer_unreadable');
  const lifeMs = expiresIn * 1000;
  return {
    accessToken,
    ...claims,
    renewAtMs: nowMs + Math.max(lifeMs - aheadMs, lifeMs / 2),
    expiresAtMs: nowMs + lifeMs,
  };
}

/** Read, not verified: the server verifies. Nothing for what can't be read. */
export function claimsOf(token: string): { readonly sub: string; readonly sid: string } | undefined {
  const claims = payloadOf(token);
  if (typeof claims !== 'object' || claims === null) return undefined;
  const { sub, sid }: { sub?: unknown; sid?: unknown } = claims;
  return typeof sub === 'string' && typeof sid === 'string' ? { sub, sid } : undefined;
}

function payloadOf(token: string): unknown {
  const [, payload = ''] = token.split('.');
  try {
    const binary = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(binary, (letter) => letter.charCodeAt(0))));
  } catch {
    return undefined;
  }
}
