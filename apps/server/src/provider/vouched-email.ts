import { parseEmailAddress } from '../kernel/email-address.ts';
import type { Trace } from '../kernel/trace.ts';
import type { VouchedEmail } from './provider.ts';

/** An address as a provider wrote it, with what the brand's rule makes of it. */
export function vouched(
  email: unknown,
  { isVerified, isAuthoritative = false }: { isVerified: boolean; isAuthoritative?: boolean },
): VouchedEmail {
  const address = typeof email === 'string' ? parseEmailAddress(email) : undefined;
  if (address === undefined) return { kind: 'none' };
  return isVerified
    ? { kind: 'verified', address, authoritative: isAuthoritative }
    : { kind: 'claimed', address };
}

/** Records how an address is vouched for, never the address. */
export function noteEmail(email: VouchedEmail, trace: Trace): VouchedEmail {
  const { kind } = email;
  trace.note(kind === 'verified' ? { email: kind, authoritative: email.authoritative } : { email: kind });
  return email;
}
