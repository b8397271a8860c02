/** HTTP status (RFC 9110), title, and what to do about it. */
export type Catalogue = Readonly<Record<string, { status: number; title: string; remedy: string }>>;

/** What one's own account answers: its passwords, second factors, tokens and ways in. */
export const accountErrors = {
  token_invalid: {
    status: 400,
    title: 'This link cannot be used',
    remedy: 'It was used already, has expired, or a newer one took its place. Ask for a new mail.',
  },
  credentials_invalid: {
    status: 401,
    title: 'E-mail address or password is wrong',
    remedy: 'Try again, or set a new password by mail.',
  },
  mfa_code_invalid: {
    status: 401,
    title: 'This code does not fit',
    remedy: 'Type the code that the authenticator app shows now, or a recovery code that was not used yet.',
  },
  refresh_reused: {
    status: 401,
    title: 'An old refresh token came back, so this sign-in was ended',
    remedy: 'Sign in again. Somebody may have copied the old one; a mail went to the account’s address.',
  },
  step_up_required: {
    status: 401,
    title: 'Show once more that it is you',
    remedy:
      'Prove it by `POST /api/v1/me/step-up`, or sign in again; then repeat the call within ten minutes.',
  },
  password_sign_in_disabled: {
    status: 403,
    title: 'Passwords are not used here',
    remedy: 'Use one of the providers that `GET /auth/providers` lists.',
  },
  identity_taken: {
    status: 409,
    title: 'This sign-in leads to another account',
    remedy: 'Nothing was changed. Sign in with it and remove it there first, or link another one.',
  },
  last_way_in: {
    status: 409,
    title: 'Nothing else leads into this account',
    remedy: 'Link another provider or set a password first.',
  },
  mfa_enabled: {
    status: 409,
    title: 'An authenticator app is set up already',
    remedy: 'Remove it first; then another one can be set up.',
  },
  password_needed: {
    status: 409,
    title: 'Choose a password to go on',
    remedy: 'Send the same again with a `password`: none was chosen yet, or in another browser.',
  },
  session_changed: {
    status: 409,
    title: 'Somebody else is signed in by now',
    remedy: 'Nothing was changed. Sign in to the account that is to be linked, and begin again.',
  },
  password_unacceptable: {
    status: 422,
    title: 'This password would not protect the account',
    remedy: 'The detail says why. A few unrelated words make a good one.',
  },
} as const satisfies Catalogue;
