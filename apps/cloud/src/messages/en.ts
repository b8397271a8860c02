import type { CompanyRole } from '@gatehouse/contract';
import { auditWords } from './audit-words.ts';
import { companyWords } from './company-words.ts';
import { credentialWords } from './credential-words.ts';
import { onboardingWords } from './onboarding-words.ts';
import { companyRole, companyStatus, projectRole, projectStatus } from './role-words.ts';
import { securityWords } from './security-words.ts';

export { problemTexts } from './problem-texts.ts';
export { connectionTexts, cookieLost, foreignSignIn, invitee, unknownProblem } from './problem-words.ts';
export type { ProblemText } from './problem-words.ts';

const counted = (count: number, one: string, many: string) => `${String(count)} ${count === 1 ? one : many}`;

/** Every text of the application but those of problems, which are chosen by code. */
export const en = {
  product: 'Gatehouse',
  pageTitle: (page: string) => `${page} – Gatehouse`,
  skipToContent: 'Skip to content',
  noticeLabel: 'Notice',
  homeLink: 'Gatehouse, start page',
  loading: 'Loading…',
  stillLoading: 'Getting your companies…',
  retry: 'Try again',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Copying isn’t allowed here. Select the text instead.',

  scheme: { legend: 'Colours', light: 'Light', dark: 'Dark', auto: 'Like your device' },

  signIn: {
    title: 'Sign in',
    lead: 'Use an account you already have. We never see its password.',
    switchTitle: 'Switch account',
    switchLead: 'Choose how to sign in. The provider will ask which account to use.',
    restricted: 'Only addresses of certain e-mail domains may enter here.',
    signedOut: 'You’re signed out.',
    ways: 'Ways to sign in',
    lastUsed: 'Last used',
    workAccount: 'For a work or school account',
    leaving: (provider: string) => `Taking you to ${provider}…`,
    already: (name: string) => `You’re already signed in as ${name}.`,
    goOn: 'Continue',
    noneTitle: 'No way to sign in yet',
    noneLead: 'This gate is running, but no sign-in provider is configured.',
    noneOperator: 'If you run this service',
    noneSteps: 'Set the credentials of at least one provider, list it, then restart:',
    noneHelp: 'If you were sent here, tell the person who runs this service.',
  },

  provider: {
    github: { label: 'Continue with GitHub', name: 'GitHub' },
    google: { label: 'Sign in with Google', name: 'Google' },
    microsoft: { label: 'Sign in with Microsoft', name: 'Microsoft' },
    password: { label: 'Sign in with a password', name: 'a password' },
    other: (name: string) => `Continue with ${name}`,
  },

  problem: {
    pageTitle: (title: string) => `Error: ${title}`,
    reference: 'Reference',
    copyReference: 'Copy the reference',
    occurred: 'Shown',
    details: 'Details for your administrator',
    code: 'Code',
    explain: 'To see what happened, run this where Gatehouse is installed:',
    logged: 'To see what happened, look for the reference in Gatehouse’s log.',
    otherwise: 'Or',
  },

  notFound: {
    title: 'There’s no page here',
    lead: 'The address may be mistyped, or the page has moved.',
    start: 'Go to the start page',
  },

  account: {
    open: (name: string) => `Account: ${name}`,
    noAddress: 'No verified address',
    signOut: 'Sign out',
    signingOut: 'Signing out…',
    signOutFailed: 'We couldn’t sign you out. You’re still signed in.',
    switch: 'Switch account',
    sessions: 'Signed-in devices',
    security: 'Account security',
  },

  session: {
    with: (provider: string) => `Signed in with ${provider}`,
    ends: (words: string) => `The session ends ${words}`,
    endsSoon: (words: string) => `Your session ends ${words}. After that you’ll be asked to sign in again.`,
    withinTheMinute: 'in less than a minute',
    justNow: 'just now',
    local: 'Running locally, without sign-in',
  },

  home: {
    welcome: (name: string) => `Welcome, ${name}`,
    title: 'Your companies',
    invitedTitle: 'You’re invited',
    notYet: 'You aren’t a member of any company yet. Accept an invitation to begin.',
    addressNote: 'Your account has no verified e-mail address, so invitations can’t find you.',
    search: 'Find a company',
    searchHint: 'Name or short name',
    found: (count: number) => counted(count, 'company', 'companies'),
    nothingFound: (query: string) => `No company matches “${query}”.`,
    clearSearch: 'Show all companies',
    projects: 'Projects',
    projectsOf: (company: string) => `Projects of ${company}`,
    showAll: (count: number) => `Show all ${String(count)} projects`,
    showFewer: 'Show fewer',
    noProjectsUser: 'You don’t work on any project here yet. An administrator of the company can add you.',
    noProjectsAdmin: 'This company has no projects yet.',
    pending: 'Whoever runs this service hasn’t activated this company yet. Its projects open once they do.',
    suspended: 'This company is suspended. Ask one of its administrators, or whoever runs this service.',
    companyRole,
    companyStatus,
    projectRole,
    projectStatus,
    roleLabel: 'Your role:',
    statusLabel: 'Status:',
  },

  invitation: {
    heading: 'Invitations',
    by: (name: string, role: CompanyRole) =>
      `${name} invites you to join as ${role === 'admin' ? 'an administrator' : 'a member'}.`,
    unsigned: (role: CompanyRole) => `You can join as ${role === 'admin' ? 'an administrator' : 'a member'}.`,
    sentTo: (email: string) => `Sent to ${email}`,
    ends: (words: string) => `Open until it expires ${words}`,
    brings: (count: number) => (count === 1 ? 'It brings this project:' : 'It brings these projects:'),
    accept: 'Accept',
    acceptOf: (company: string) => `Accept the invitation to ${company}`,
    decline: 'Decline',
    declineOf: (company: string) => `Decline the invitation to ${company}`,
    sure: (company: string) => `Decline the invitation to ${company}? You’d need a new one to join later.`,
    reallyDecline: 'Yes, decline',
    keep: 'Keep it',
    accepted: (company: string) => `You’re now a member of ${company}.`,
    declined: (company: string) => `You declined the invitation to ${company}.`,
  },

  ...onboardingWords,
  ...auditWords,
  ...credentialWords,
  ...securityWords,

  sessions: {
    title: 'Signed-in devices',
    lead: 'Each browser in which you’re signed in here. If you don’t recognise one, sign it out.',
    local: 'Nobody signs in where Gatehouse runs locally, so there are no devices to show.',
    loading: 'Looking up where you’re signed in…',
    here: 'This device',
    others: 'Other devices',
    none: 'You aren’t signed in anywhere else.',
    effect: 'Signing out takes effect at once and can’t be undone: whoever is there has to sign in again.',
    device: {
      onSystem: (browser: string, system: string) => `${browser} on ${system}`,
      someBrowser: { desktop: 'A computer', phone: 'A phone', tablet: 'A tablet' },
      unknown: 'Unknown device',
    },
    signedIn: (when: string, provider: string) => `Signed in ${when} with ${provider}`,
    activeNow: 'Active now',
    lastActive: (when: string) => `Last active ${when}`,
    from: (place: string, address: string) => `From ${place} (${address})`,
    fromAddress: (address: string) => `From ${address}`,
    ends: (when: string) => `Expires ${when}`,
    signOut: 'Sign out',
    signingOut: 'Signing out…',
    signOutOf: (device: string, { signedIn, activity }: { signedIn: string; activity: string }) =>
      `Sign out ${device}, signed in ${signedIn}, ${activity}`,
    signedOut: (device: string) => `${device} is signed out.`,
    signOutOthers: 'Sign out all others',
    sureTitle: (count: number) =>
      count === 1 ? 'Sign out the other device?' : `Sign out ${String(count)} other devices?`,
    sure: 'They’re signed out at once, and whoever is there has to sign in again. This device stays signed in.',
    reallySignOut: (count: number) => (count === 1 ? 'Yes, sign it out' : 'Yes, sign them out'),
    keep: 'Keep them',
    othersSignedOut: 'All other devices are signed out.',
  },

  notMember: {
    title: 'You aren’t a member here yet',
    lead: (who: string) => `You’re signed in as ${who}. This account isn’t a member of any company here.`,
    invite: 'Get invited',
    inviteLead: 'Ask an administrator of your company to invite exactly this address:',
    copyAddress: 'Copy the address',
    noAddressSteps: (provider: string) =>
      `Or verify the address in the settings of your ${provider} account, and then:`,
    noAddressDirectory:
      'Whoever runs your organisation’s Microsoft directory can have it verified there, too. After that:',
    switchTitle: 'Used the wrong account?',
    switchLead:
      'If you were invited under another address, switch to the account that has it, or prove that the mailbox is yours.',
    signInAgain: 'sign in again',
    proveTitle: 'Your account has no verified address',
    prove: 'Prove your mailbox',
    proveOther: 'Prove that mailbox',
    proveLead: (provider: string) =>
      `Invitations find people by a verified e-mail address, and ${provider} vouched for none of yours. Prove the mailbox yourself: we send a code to it.`,
    again: 'Check again',
    checking: 'Checking…',
    stillNot: 'Nothing has changed so far.',
  },

  ...companyWords,
} as const;
