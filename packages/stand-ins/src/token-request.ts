import { createHash, timingSafeEqual } from 'node:crypto';
import type { Grant } from './authorization-codes.ts';
import type { Bench } from './bench.ts';
import type { Ask } from './exchange.ts';
import type { Keyed } from './people.ts';

/** Why there is no token. */
export type TokenRefusal =
  | 'client_wrong'
  | 'client_secret_expired'
  | 'grant_type_unsupported'
  | 'code_unknown'
  | 'code_used'
  | 'code_expired'
  | 'redirect_uri_differs'
  | 'verifier_wrong';

export type Redeemed<Person> =
  | { readonly outcome: 'granted'; readonly code: string; readonly grant: Grant<Person> }
  | { readonly outcome: 'refused'; readonly reason: TokenRefusal };

/** Checks client, code, redirect URI and verifier, in this order; only a wrong client leaves the code usable. */
export function redeem<Person extends Keyed, Fault extends string>(
  ask: Ask,
  { client, codes }: Bench<Person, Fault>,
): Redeemed<Person> {
  const refused = (reason: TokenRefusal) => ({ outcome: 'refused', reason }) as const;
  const shown = shownClient(ask);
  if (shown === undefined || !isSame(shown.id, client.id) || !isSame(shown.secret, client.secret)) {
    return refused('client_wrong');
  }
  const grantType = ask.form.get('grant_type') ?? 'authorization_code';
  if (grantType !== 'authorization_code') return refused('grant_type_unsupported');
  const code = ask.form.get('code') ?? '';
  const taken = codes.take(code);
  if (taken.outcome !== 'granted') return refused(taken.outcome);
  const { grant } = taken;
  if (ask.form.get('redirect_uri') !== grant.redirectUri) return refused('redirect_uri_differs');
  if (!verifies(ask.form.get('code_verifier'), grant.codeChallenge)) return refused('verifier_wrong');
  return { outcome: 'granted', code, grant };
}

type Client = { id: string; secret: string };

/** RFC 6749 §2.3.1: form-encoded in the Basic header, or in the body; both at once is none. */
function shownClient(ask: Ask): Client | undefined {
  const basic = basicClient(ask.headers.authorization);
  const secret = ask.form.get('client_secret');
  if (basic !== undefined) return secret === null ? basic : undefined;
  return secret === null ? undefined : { id: ask.form.get('client_id') ?? '', secret };
}

function basicClient(header: string | undefined): Client | undefined {
  const [, encoded] = /^Basic (\S+)$/i.exec(header ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const [id, secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return id === undefined || secret === undefined
    ? undefined
    : { id: formDecoded(id), secret: formDecoded(secret) };
}

function formDecoded(text: string): string {
  return new URLSearchParams(`value=${text.replaceAll('&', '%26')}`).get('value') ?? '';
}

/** RFC 7636 §4.6: a challenge wants its verifier, and a verifier its challenge. */
function verifies(verifier: string | null, challenge: string | null): boolean {
  if (verifier === null || challenge === null) return verifier === challenge;
  return isSame(createHash('sha256').update(verifier).digest('base64url'), challenge);
}

function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
