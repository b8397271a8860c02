/** The words of signing in by password, and of everything that leads there by mail. */
export const credentialWords = {
  password: {
    or: 'or',
    lead: 'Use an account you already have, or your e-mail address and a password.',
    leadAlone: 'Use your e-mail address and your password.',
    form: 'Sign in with a password',
    email: 'E-mail address',
    emailMissing: 'Type your e-mail address.',
    emailOdd: 'That doesn’t look like one e-mail address. It should look like ada@acme.example.',
    label: 'Password',
    missing: 'Type your password.',
    show: 'Show',
    hide: 'Hide',
    showLong: 'Show password',
    hideLong: 'Hide password',
    shown: 'Your password is visible.',
    hidden: 'Your password is hidden.',
    wrong: 'The address or the password is wrong.',
    signIn: 'Sign in',
    signingIn: 'Signing in…',
    create: 'Create an account',
    forgot: 'Forgot your password?',
    isSet: 'Your new password is set. Sign in with it.',
    choose: 'New password',
    chooseMissing: 'Type a new password.',
    hint: (least: number) =>
      `At least ${String(least)} characters. A few unrelated words make a good one; spaces count.`,
    hintReset:
      'At least 15 characters, or 8 with an authenticator app. A few unrelated words make a good one; spaces count.',
    tooShort: (least: number, typed: number) =>
      `It needs ${String(least)} characters and has ${String(typed)}. Add a word or two.`,
  },

  code: {
    title: 'One more step',
    lead: 'Your account is protected by an authenticator app.',
    label: 'Code from your authenticator app',
    hint: 'Six digits, a new code every half minute.',
    short: 'The code has six digits. Spaces don’t matter.',
    wrong: 'That code doesn’t fit. Type the one that the app shows now: each works once.',
    recoveryLabel: 'Recovery code',
    recoveryHint: 'One of those you kept when you set up the app. Each works once.',
    recoveryMissing: 'Type one of your recovery codes.',
    recoveryWrong: 'That recovery code doesn’t fit, or was used already. Try another one.',
    useRecovery: 'Use a recovery code instead',
    useApp: 'Use the app instead',
    back: 'Back',
    confirm: 'Confirm',
    confirming: 'Checking…',
    over: 'That took too long, or there were too many tries. Sign in once more.',
  },

  register: {
    title: 'Create an account',
    lead: 'We send a mail to your address first. Your account is made once you’ve followed its link.',
    name: 'Your name',
    nameHint: 'The people you work with see it. You can leave it out.',
    send: 'Create the account',
    sending: 'Sending…',
    haveOne: 'I have an account already',
    sentTitle: 'Look into your mailbox',
    sent: (email: string) =>
      `If an account can be made with ${email}, a mail with the next step is on its way.`,
    sentSame: 'Open its link in this browser, so that the password you chose counts.',
    sentNothing: 'Nothing there after a few minutes? Look among unwanted mail, too.',
    again: 'Use another address',
  },

  verify: {
    title: 'Confirm your address',
    lead: 'This makes your account and signs you in.',
    confirm: 'Confirm and go on',
    confirming: 'Confirming…',
    passwordLead:
      'Choose the password of your account. None was chosen so far, or that was in another browser.',
  },

  forgot: {
    title: 'Forgot your password?',
    lead: 'We send you a mail with a link. It lets you choose a new one.',
    send: 'Send the mail',
    sending: 'Sending…',
    sentTitle: 'Look into your mailbox',
    sent: (email: string) => `If ${email} belongs to an account, a mail with a link is on its way.`,
    sentLasts: 'The link works for an hour, once. Nothing there? Look among unwanted mail, too.',
    toSignIn: 'Back to the sign-in page',
  },

  reset: {
    title: 'Choose a new password',
    lead: 'Wherever you’re signed in, you’ll be signed out. An authenticator app stays.',
    save: 'Set the password',
    saving: 'Setting…',
  },

  spent: {
    lostTitle: 'The link isn’t complete',
    lost: 'The address of this page lacks the part that the mail gave it. Reloading the page takes it away, too.',
    lostNext: 'Open the link in the mail once more.',
    register: 'Register again',
    forgot: 'Ask for another mail',
    signIn: 'Sign in',
  },
} as const;
