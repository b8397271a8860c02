import { security, signIn, signInAgain, start, waysIn } from './problem-words.ts';
import type { ProblemText } from './problem-words.ts';

/** The texts of the codes about passwords, codes, links of mails and the ways into one's account. */
export const credentialProblemTexts = {
  token_invalid: {
    title: 'This link can’t be used',
    happened: 'It was used already, is too old, or a newer one took its place.',
    next: 'Use the link of the newest mail, or ask for another mail from the sign-in page.',
    ways: [signIn],
  },
  credentials_invalid: {
    title: 'The address or the password is wrong',
    happened: 'The two don’t belong together.',
    next: 'Check both, or set a new password by mail.',
    ways: [signIn, { label: 'Set a new password', to: 'forgot-password' }],
  },
  mfa_code_invalid: {
    title: 'That code doesn’t fit',
    happened: 'A code lasts half a minute and works once.',
    next: 'Type the one that your app shows now, or use a recovery code.',
    ways: [signInAgain],
  },
  refresh_reused: {
    title: 'You were signed out to be safe',
    happened: 'An old key to this sign-in was used once more. Somebody may have copied it, so we ended it.',
    next: 'Sign in again. We’ve sent you a mail about it.',
    ways: [signInAgain],
  },
  step_up_required: {
    title: 'Show once more that it’s you',
    happened: 'This changes how people get into your account, and you last proved who you are a while ago.',
    next: 'Go back to your account’s security and begin again there.',
    ways: [security, signInAgain],
  },
  password_sign_in_disabled: {
    title: 'Passwords aren’t used here',
    happened: 'People sign in here with an account they have elsewhere.',
    next: 'Choose one of the ways on the sign-in page.',
    ways: [waysIn],
  },
  identity_taken: {
    title: 'That sign-in leads to another account',
    happened: 'It belongs to somebody’s account here already, so nothing was changed.',
    next: 'If that account is yours, sign in with it and remove the way there first. Or link another one.',
    ways: [security],
  },
  last_way_in: {
    title: 'Nothing else leads into your account',
    happened: 'Without this one you could never sign in again, so it was kept.',
    next: 'Link another way to sign in, or set a password, then remove this one.',
    ways: [security],
  },
  mfa_enabled: {
    title: 'An authenticator app is set up already',
    happened: 'An account has one app at a time.',
    next: 'Remove the present one first, then set up the other.',
    ways: [security],
  },
  password_needed: {
    title: 'Choose a password to go on',
    happened: 'None was chosen so far, or that was in another browser.',
    next: 'Open the link of the mail again and type one.',
    ways: [signIn],
  },
  session_changed: {
    title: 'Somebody else is signed in by now',
    happened: 'While you were away, another account was signed in in this browser. Nothing was linked.',
    next: 'Sign in to the account that you want to add a way to, and begin again.',
    ways: [start, signInAgain],
  },
  password_unacceptable: {
    title: 'This password wouldn’t protect your account',
    happened: 'It’s too short, too easy to guess, or known from a leak.',
    next: 'Choose another one. A few unrelated words make a good one.',
    ways: [start],
  },
} as const satisfies Readonly<Record<string, ProblemText>>;
