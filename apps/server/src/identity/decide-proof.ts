/** What is known when a code from a mailbox is typed back. */
export type ProofFacts = {
  /** Whether the account that asks has neither a verified address nor a company: nothing is lost if it becomes another's. */
  readonly isEmpty: boolean;
  /** Who holds the address, if anybody does. */
  readonly holder?: {
    readonly isOneself: boolean;
    readonly isDisabled: boolean;
    /** Whether the holder signs in with another identity of the connection that this session came by. */
    readonly hasOtherIdentityHere: boolean;
    /** Whether a code of an authenticator app is asked for beside the holder's password. */
    readonly hasSecondFactor: boolean;
  };
};

export type ProofDecision =
  /** Nobody held the address: it becomes the account's own. */
  | { readonly outcome: 'adopted' }
  /** It was the account's own before. */
  | { readonly outcome: 'kept' }
  /** The account that asks was empty: what leads to it leads to the holder from now on. */
  | { readonly outcome: 'joined' }
  | {
      readonly outcome: 'refused';
      readonly reason: 'account_disabled' | 'identity_conflict' | 'link_required';
    };

/**
 * Whose is a mailbox that was just proven? As at a sign-in, an address that comes back under a new identity of the same
 * connection has changed hands. An account that has something of its own is not merged by a code: its person signs in to
 * the other one. So does whoever's account has an authenticator app: the mailbox alone does not lead into it.
 */
export function decideProof({ isEmpty, holder }: ProofFacts): ProofDecision {
  if (holder === undefined) return { outcome: 'adopted' };
  if (holder.isOneself) return { outcome: 'kept' };
  if (holder.isDisabled) return { outcome: 'refused', reason: 'account_disabled' };
  if (holder.hasOtherIdentityHere) return { outcome: 'refused', reason: 'identity_conflict' };
  if (holder.hasSecondFactor || !isEmpty) return { outcome: 'refused', reason: 'link_required' };
  return { outcome: 'joined' };
}
