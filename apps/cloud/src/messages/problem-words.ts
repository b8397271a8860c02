/** Where the button of a problem leads. */
export type ProblemFix = 'sign-in' | 'switch-account' | 'start' | 'security' | 'forgot-password';

export type ProblemText = {
  readonly title: string;
  /** What happened, in one or two plain sentences. */
  readonly happened: string;
  /** What the person can do now. */
  readonly next: string;
  /** What to do with the reference, said only where there is one. */
  readonly report?: string;
  /** The first is the main button. */
  readonly ways: readonly { readonly label: string; readonly to: ProblemFix }[];
};

/** The buttons that more than one problem has. */
export const signIn = { label: 'Sign in', to: 'sign-in' } as const;
export const signInAgain = { label: 'Sign in again', to: 'sign-in' } as const;
export const startAgain = { label: 'Start again', to: 'sign-in' } as const;
export const tryAgain = { label: 'Try again', to: 'sign-in' } as const;
export const waysIn = { label: 'See the ways to sign in', to: 'sign-in' } as const;
export const switchAccount = { label: 'Switch account', to: 'switch-account' } as const;
export const start = { label: 'Go to your companies', to: 'start' } as const;
export const security = { label: 'Back to your account’s security', to: 'security' } as const;

/** What to do with the reference of a problem that may pass by itself. */
export const reportIfBack = 'If it comes back, give your administrator the reference.';

/** For a code that this page doesn't know. */
export const unknownProblem: ProblemText = {
  title: 'That didn’t work',
  happened: 'We couldn’t complete your request.',
  next: 'Try again in a few minutes.',
  report: reportIfBack,
  ways: [tryAgain, start],
};

/** For a browser that came back without our cookie, twice. */
export const cookieLost: ProblemText = {
  title: 'Your browser isn’t keeping our cookie',
  happened:
    'Sign-in needs one small cookie, and it was gone when you came back. Private mode and cookie blocking are the usual reasons.',
  next: 'Allow cookies for this site or use a normal window, then start again.',
  ways: [startAgain],
};

/** For a token in an address that this browser's refresh cookie doesn't belong to. */
export const foreignSignIn: ProblemText = {
  title: 'This sign-in didn’t belong to this browser',
  happened:
    'The address you opened held a sign-in that began somewhere else, or this browser isn’t keeping our cookie. We dropped it, and signed nobody in with it.',
  next: 'Sign in from here. If you were sent a link, don’t use it again: whoever made it may want you to work in their account.',
  ways: [signIn],
};

/** What happens before an answer with a code exists. */
export const connectionTexts = {
  network_failed: {
    title: 'We can’t reach the server',
    happened: 'Your connection dropped, or the server is restarting.',
    next: 'Check your connection, then try again.',
    ways: [tryAgain],
  },
  answer_unreadable: {
    title: 'This page may be out of date',
    happened: 'The server’s answer isn’t what this page expects.',
    next: 'Reload the page. If that doesn’t help, tell your administrator.',
    ways: [tryAgain],
  },
} as const satisfies Readonly<Record<string, ProblemText>>;

/** What is said besides to somebody whose sign-in began at an invitation. */
export const invitee = {
  back: 'Back to the invitation',
  isSafe: 'Your invitation isn’t used up by this: go back to it to try another way.',
  linkRequired:
    'Go back to the invitation and sign in the usual way within ten minutes: both ways are then linked, and the invitation is yours if that account has its address.',
} as const;
