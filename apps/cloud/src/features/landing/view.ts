import type { LandingInvitation, MeAnswer, ProvidersAnswer } from '@gatehouse/contract';

/** What every part of the page draws from. */
export type LandingView = {
  readonly invitation: LandingInvitation;
  readonly me: MeAnswer | null;
  readonly ways: ProvidersAnswer;
  /** Came back from a sign-in that led to the wrong account, or to none: the provider shall ask which to use. */
  readonly isSwitch: boolean;
  /** Goes on to one of our pages, whose address this is. */
  readonly onLeave: (href: string) => void;
};

/** How its reader is called: by address, or by name where none is verified. */
export const whoIs = (me: MeAnswer): string => me.user.email ?? me.user.displayName;
