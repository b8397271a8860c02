import type { InvitationStatus } from '@gatehouse/contract';

/** What is known when somebody opens the link of an invitation. */
export type LandingFacts = {
  readonly status: InvitationStatus;
  /** Null where nobody is signed in. */
  readonly viewer: {
    /** Whether they have proven the invited address. */
    readonly isYours: boolean;
    /** Whether they are in the company already, by whatever way. */
    readonly isMember: boolean;
  } | null;
};

/** What the page says and offers. Each has a way on. */
export type LandingState =
  /** Sign in to join. */
  | 'open_signed_out'
  /** Accept or decline. */
  | 'open_yours'
  /** Prove the address, or switch account; `open_member` is in the company already, with this account. */
  | 'open_other'
  | 'open_member'
  /** Nothing left to do: on to the company. */
  | 'joined'
  | 'over_member'
  /** Sign in, then go on or ask. */
  | 'used_signed_out'
  | 'over_signed_out'
  /** Ask to join; `used_by_other` may be another account of the same person. */
  | 'used_by_you'
  | 'used_by_other'
  | 'over_stranger';

export function landingState({ status, viewer }: LandingFacts): LandingState {
  if (status === 'pending') {
    if (viewer === null) return 'open_signed_out';
    if (viewer.isYours) return 'open_yours';
    return viewer.isMember ? 'open_member' : 'open_other';
  }
  if (status === 'accepted') {
    if (viewer === null) return 'used_signed_out';
    if (viewer.isMember) return viewer.isYours ? 'joined' : 'over_member';
    return viewer.isYours ? 'used_by_you' : 'used_by_other';
  }
  if (viewer === null) return 'over_signed_out';
  return viewer.isMember ? 'over_member' : 'over_stranger';
}
