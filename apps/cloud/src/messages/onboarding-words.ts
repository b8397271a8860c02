import type { CompanyRole } from '@gatehouse/contract';

const membership: Record<CompanyRole, string> = { admin: 'Administrator', user: 'Member' };

/** The words of what somebody does who is not in a company yet. */
export const onboardingWords = {
  landing: {
    title: (company: string) => `Join ${company}`,
    by: (name: string, company: string) => `${name} invites you to join ${company}.`,
    unsigned: (company: string) => `You’re invited to join ${company}.`,
    to: 'Invited address',
    as: 'You join as',
    role: membership,
    projects: 'With these projects',
    ends: 'Open until',
    endsIn: (date: string, words: string) => `${date} (${words})`,
    loading: 'Looking up the invitation…',

    signIn: 'Sign in to join',
    signInLead:
      'Best with an account that has the invited address. If yours has another one, sign in with it all the same: you can prove the mailbox afterwards.',
    byPassword: 'Sign in with a password',
    noWays:
      'No way to sign in is set up here yet. Tell whoever invited you; the invitation stays open meanwhile.',

    you: (who: string) => `You’re signed in as ${who}.`,
    accept: 'Accept',
    accepting: 'Joining…',
    decline: 'Decline',
    sure: (company: string) => `Decline the invitation to ${company}? You’d need a new one to join later.`,
    reallyDecline: 'Yes, decline',
    keep: 'Keep it',
    declinedTitle: 'You declined the invitation',
    declinedLead: (company: string) =>
      `Nothing else has changed. If you change your mind, an administrator of ${company} can invite you again.`,

    otherTitle: 'This invitation is for another address',
    other: (mine: string, invited: string) =>
      `You’re signed in as ${mine}; this invitation is for ${invited}.`,
    otherUnproven: (who: string, invited: string) =>
      `You’re signed in as ${who}, and no address of yours is verified yet. This invitation is for ${invited}.`,
    otherSafe: 'The invitation stays open meanwhile. Pick what fits:',
    proven: (email: string, invited: string) =>
      `${email} is verified now, but this invitation is for ${invited}. Prove that one, or switch account.`,
    memberToo: (company: string) => `With this account you’re a member of ${company} already.`,
    goTo: (company: string) => `Go to ${company}`,
    proveTitle: 'That’s my address too',
    proveLead: 'We send a code to it. Once you’ve typed it here, the invitation is yours.',
    switchTitle: 'That’s another account of mine',
    switchLead: 'Sign in with it. You stay signed in as you are until that has worked.',
    noSwitch: 'Nobody signs in where Gatehouse runs locally, so the account can’t be switched.',

    joinedTitle: (company: string) => `You’re a member of ${company}`,
    joinedLead: 'The invitation was accepted. There’s nothing left to do.',
    memberLead: 'You belong to this company already, so you don’t need this invitation.',
    usedTitle: 'This invitation was accepted already',
    usedSignedOut: 'If that was you, sign in to go on. If not, sign in and ask to join.',
    usedByYou: (company: string) =>
      `You accepted it, but you’re no member of ${company} any more. You can ask to join again.`,
    usedByOther: (invited: string, who: string) =>
      `It was for ${invited}, and you’re signed in as ${who}. If that address is yours, switch account. If not, ask to join.`,
    revokedTitle: 'This invitation was withdrawn',
    revokedLead: (company: string) => `It was taken back by ${company}, or declined by whoever it was for.`,
    expiredTitle: 'This invitation has expired',
    expiredLead: 'Invitations stay open for a limited time, and this one is past it.',
    askSignedOut: (company: string) => `Sign in, and you can ask ${company} to let you in.`,
    unknownTitle: 'We can’t find this invitation',
    unknownLead:
      'The link may be cut off or mistyped. Open it from the mail once more, or ask whoever invited you for a new one.',
    start: 'Go to the start page',
  },

  proof: {
    title: 'Prove your mailbox',
    lead: 'We send a code to the address. Typing it here shows that the mailbox is yours, and invitations to it find you.',
    already: (email: string) => `Your account has a verified address: ${email}. You can prove another one.`,
    address: 'E-mail address',
    send: 'Send the code',
    sending: 'Sending…',
    addressMissing: 'Type the address to send the code to.',
    addressOdd: 'That doesn’t look like one e-mail address. It should look like ada@acme.example.',
    sent: (email: string) => `We’ve sent a code to ${email}.`,
    lasts: (time: string) => `It can be used until ${time}. Nothing there? Look among unwanted mail, too.`,
    code: 'Six digits from the mail',
    confirm: 'Confirm',
    confirming: 'Checking…',
    codeShort: 'The code has six digits. Spaces don’t matter.',
    resendSoon: 'You can ask for another code in half a minute.',
    resend: 'Send another code',
    resent: (email: string) => `We’ve sent another code to ${email}. Only the newest one counts.`,
    change: 'Change the address',
    waitMinutes: (minutes: number) =>
      minutes === 1
        ? 'Too many tries for now. Go on in a minute.'
        : `Too many tries for now. Go on in ${String(minutes)} minutes.`,
    waitHours: (hours: number) =>
      `Too many tries for now. Go on in about ${String(hours)} ${hours === 1 ? 'hour' : 'hours'}.`,
    waitUnknown: 'Too many tries for now. Try again later.',
    linkTitle: 'Another account has this address.',
    link: 'It signs in another way, so we keep the two apart. Sign in with that one to go on.',
    linkWay: 'Sign in with the other account',
    noMail:
      'No mail is sent from here, so no code can reach you. Ask whoever runs this service to set up mail, or sign in with an account whose provider has verified the address.',
    noMailWay: 'Switch account',
    doneTitle: 'Your mailbox is proven',
    done: (email: string) => `${email} is verified now. Invitations to it find you.`,
    merged: (name: string) =>
      `An account of yours had this address before. You’re back in it, as ${name}, and the way you signed in today leads there from now on.`,
    goOn: 'Continue',
  },

  join: {
    title: (company: string) => `Ask to join ${company}`,
    titleAny: 'Ask to join a company',
    lead: 'An administrator sees your name and verified address, and decides.',
    slug: 'Short name of the company',
    slugHint: 'Small letters, digits and hyphens, such as acme-tools. Somebody who works there can tell you.',
    slugOdd: 'A short name has small letters, digits and single hyphens only, such as acme-tools.',
    ask: (company: string) => `Ask to join ${company}`,
    askAny: 'Ask to join',
    asking: 'Asking…',
    asked: 'You’ve asked.',
    askedLead: (company: string) =>
      `If ${company} takes requests, an administrator there decides about yours. You find the answer here when you come back.`,
    askAnother: 'Ask another company',
  },
} as const;
