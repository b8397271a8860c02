/** What is known when a proven identity is to become another way into an account. */
export type LinkingFacts = {
  /** Whether the browser is still the one in which it began, signed in to that very account. */
  readonly isStillThere: boolean;
  /** To whom the identity leads already. */
  readonly leadsTo: 'nobody' | 'oneself' | 'another';
};

export type LinkingDecision =
  | { readonly outcome: 'linked' }
  /** It led there before. */
  | { readonly outcome: 'kept' }
  | { readonly outcome: 'refused'; readonly reason: 'session_changed' | 'identity_taken' };

/**
 * Both sides are proven now, by one person: the account by the session, the identity by its provider. An identity that leads
 * to somebody is never taken from them.
 */
export function decideLinking({ isStillThere, leadsTo }: LinkingFacts): LinkingDecision {
  if (!isStillThere) return { outcome: 'refused', reason: 'session_changed' };
  if (leadsTo === 'another') return { outcome: 'refused', reason: 'identity_taken' };
  return { outcome: leadsTo === 'oneself' ? 'kept' : 'linked' };
}
