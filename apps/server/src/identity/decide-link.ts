/** What is known when a proven identity arrives. */
export type LinkFacts = {
  /** The user this identity already leads to. */
  readonly knownUserId?: string;
  /** What the provider says of the address; `authoritative` is verified by whoever runs the mailbox. */
  readonly email: 'none' | 'claimed' | 'verified' | 'authoritative';
  /** The user who holds that address, looked up for verified addresses only. */
  readonly holder?: {
    readonly userId: string;
    /** Whether the holder signs in with another identity of this same connection. */
    readonly hasOtherIdentityHere: boolean;
  };
};

export type LinkDecision =
  /** The identity is known. It adopts its verified address where nobody holds it. */
  | { readonly outcome: 'known'; readonly userId: string; readonly adoptsAddress: boolean }
  /** The address leads to its holder, who gains this identity. */
  | { readonly outcome: 'linked'; readonly userId: string }
  | { readonly outcome: 'created'; readonly adoptsAddress: boolean }
  | { readonly outcome: 'refused'; readonly reason: 'link_required'; readonly holderId: string }
  | { readonly outcome: 'refused'; readonly reason: 'identity_conflict'; readonly holderId: string };

/**
 * Whose identity is this? An identity that is known leads to its user and nowhere else. A new one finds the holder
 * of its address only where the provider is authoritative for it, and never an account that already has another
 * identity there: an address that came back under a new identity has changed hands. An unverified address finds
 * nobody and becomes nobody's.
 */
export function decideLink({ knownUserId, email, holder }: LinkFacts): LinkDecision {
  const isVerified = email === 'verified' || email === 'authoritative';
  const adoptsAddress = isVerified && holder === undefined;
  if (knownUserId !== undefined) return { outcome: 'known', userId: knownUserId, adoptsAddress };
  if (!isVerified || holder === undefined) return { outcome: 'created', adoptsAddress };
  const holderId = holder.userId;
  if (email === 'verified') return { outcome: 'refused', reason: 'link_required', holderId };
  if (holder.hasOtherIdentityHere) return { outcome: 'refused', reason: 'identity_conflict', holderId };
  return { outcome: 'linked', userId: holderId };
}
