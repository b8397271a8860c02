import { companyProblemTexts } from './company-problem-texts.ts';
import { credentialProblemTexts } from './credential-problem-texts.ts';
import {
  reportIfBack,
  signIn,
  signInAgain,
  start,
  startAgain,
  switchAccount,
  tryAgain,
  waysIn,
} from './problem-words.ts';
import type { ProblemText } from './problem-words.ts';

/** What people read for each code of the error catalogue. The code alone chooses the text. */
export const problemTexts = {
  attempt_invalid: {
    title: 'This sign-in can’t be continued',
    happened: 'It took longer than ten minutes, was already used, or began in another browser.',
    next: 'Start again from the sign-in page.',
    ways: [startAgain],
  },
  connection_unknown: {
    title: 'No company sign-in for this address',
    happened: 'No company has set up its own sign-in for this e-mail domain.',
    next: 'Choose one of the other ways to sign in.',
    ways: [waysIn],
  },
  cookie_duplicate: {
    title: 'Your browser sent two sign-in cookies',
    happened: 'Two cookies of the same name arrived, so we cleared both to be safe.',
    next: 'Sign in again. If this comes back, tell your administrator: another site on this domain sets our cookie.',
    ways: [signInAgain],
  },
  code_invalid: {
    title: 'That code doesn’t fit',
    happened: 'It may be from an older mail, have a typo, or have run out: a code lasts ten minutes.',
    next: 'Type the six digits of the newest mail, or ask for a new code.',
    ways: [start],
  },
  email_invalid: {
    title: 'That isn’t an e-mail address',
    happened: 'We couldn’t read it as one plain address.',
    next: 'Check it for spaces and missing parts. It should look like ada@acme.example.',
    ways: [waysIn],
  },
  provider_denied: {
    title: 'The sign-in was stopped',
    happened: 'You cancelled, or the provider didn’t allow it. Nothing was changed.',
    next: 'Sign in again, or use another way.',
    ways: [signInAgain, switchAccount],
  },
  provider_refused: {
    title: 'We couldn’t trust the provider’s answer',
    happened: 'What it sent back was incomplete or failed our checks, so we signed nobody in.',
    next: 'Sign in again.',
    report: reportIfBack,
    ways: [signInAgain],
  },
  provider_misconfigured: {
    title: 'We couldn’t finish signing you in',
    happened: 'The settings for this way to sign in need attention. It isn’t your password or your account.',
    next: 'Use another way, or try again later.',
    report: 'If it stays like this, give your administrator the reference.',
    ways: [waysIn],
  },
  provider_unknown: {
    title: 'That way to sign in isn’t offered here',
    happened: 'The link you followed names a provider that this service doesn’t use.',
    next: 'Choose one of the ways on the sign-in page.',
    ways: [waysIn],
  },
  request_invalid: {
    title: 'Part of that request was missing',
    happened: 'The link or form you used was incomplete, so nothing was changed.',
    next: 'Go back and try once more, or start from the sign-in page.',
    ways: [waysIn, start],
  },
  return_to_invalid: {
    title: 'We can’t send you to that place',
    happened: 'After sign-in we return people to pages of this site only. The link named somewhere else.',
    next: 'Sign in from here and find your way from the start page.',
    ways: [signIn],
  },
  unauthenticated: {
    title: 'You’re signed out',
    happened: 'Your session ended, expired, or was closed by an administrator.',
    next: 'Sign in to go on.',
    ways: [signIn],
  },
  account_disabled: {
    title: 'Your account is switched off',
    happened: 'Whoever runs this service has disabled it. Signing in another way leads to the same account.',
    next: 'Ask an administrator of this service to switch it on again.',
    ways: [switchAccount],
  },
  company_pending: {
    title: 'This company isn’t active yet',
    happened: 'Whoever runs this service hasn’t activated it so far.',
    next: 'Come back once it is active. An administrator of the company can tell you when.',
    ways: [start, switchAccount],
  },
  company_suspended: {
    title: 'This company is suspended',
    happened: 'Nobody can work in it for now. Your own account isn’t affected.',
    next: 'Ask an administrator of the company, or whoever runs this service.',
    ways: [start, switchAccount],
  },
  csrf_rejected: {
    title: 'We couldn’t tell that our own page sent this',
    happened: 'To be safe we changed nothing.',
    next: 'Reload the page and do it once more.',
    ways: [start],
  },
  email_domain_not_allowed: {
    title: 'This e-mail address isn’t accepted here',
    happened:
      'Only addresses of certain e-mail domains may sign in, and the account you used has another one.',
    next: 'Switch to an account with an accepted address. Your administrator knows which they are.',
    ways: [switchAccount],
  },
  email_unverified: {
    title: 'Your e-mail address isn’t verified',
    happened: 'The provider didn’t confirm that the address on your account is yours.',
    next: 'Verify the address in your account settings there, then sign in again.',
    ways: [signInAgain, switchAccount],
  },
  forbidden: {
    title: 'You may not open this',
    happened:
      'You’re signed in, but your role in this company or project, or the project’s state, doesn’t allow it.',
    next: 'Ask an administrator of the company or project.',
    ways: [start, switchAccount],
  },
  identity_conflict: {
    title: 'This address is tied to another sign-in',
    happened:
      'Someone signed in with this e-mail address before, using another account of the same provider.',
    next: 'Use that account. If the address has changed hands, ask an administrator to invite you again.',
    ways: [switchAccount],
  },
  not_found: {
    title: 'We couldn’t find that',
    happened: 'It may have been moved or removed, or your account may not see it.',
    next: 'Check the address, or look for it among your companies.',
    ways: [start],
  },
  method_not_allowed: {
    title: 'That isn’t possible here',
    happened: 'The page asked for something that this address doesn’t do.',
    next: 'Go back, or start from your companies.',
    ways: [start],
  },
  ...companyProblemTexts,
  ...credentialProblemTexts,
  link_required: {
    title: 'You already have an account with this address',
    happened:
      'You signed in another way before. To keep that account safe, we don’t join the two by address alone.',
    next: 'Sign in the usual way within ten minutes and both are linked. After that, either works.',
    ways: [{ label: 'Sign in the usual way', to: 'sign-in' }],
  },
  slug_taken: {
    title: 'This short name is taken',
    happened: 'Something else uses it already.',
    next: 'Choose another short name.',
    ways: [start],
  },
  body_too_large: {
    title: 'That was too much at once',
    happened: 'What was sent is larger than we accept, so nothing was changed.',
    next: 'Go back and send less at a time.',
    ways: [start],
  },
  media_type_unsupported: {
    title: 'We couldn’t read what was sent',
    happened: 'It arrived in a form that this service doesn’t use.',
    next: 'Reload the page and do it once more.',
    ways: [start],
  },
  host_unknown: {
    title: 'This service has another address',
    happened: 'The server answered, but it isn’t set up for the address you opened.',
    next: 'Use the address that your administrator gave you.',
    ways: [tryAgain],
  },
  rate_limited: {
    title: 'Too many tries',
    happened: 'A lot of requests came from your network, so we’re letting fewer through.',
    next: 'Wait a minute, then try again.',
    ways: [tryAgain],
  },
  headers_too_large: {
    title: 'Your browser sends too much stored data',
    happened: 'The cookies it keeps for this site are larger than the server takes.',
    next: 'Clear the cookies of this site in your browser’s settings, then sign in again.',
    ways: [signInAgain],
  },
  internal_error: {
    title: 'There’s a problem on our side',
    happened: 'Something failed while we handled your request. It isn’t anything you did.',
    next: 'Try again in a few minutes.',
    report: reportIfBack,
    ways: [tryAgain],
  },
  provider_unavailable: {
    title: 'The sign-in provider isn’t working right now',
    happened: 'It didn’t answer, or answered with an error. Your account is fine.',
    next: 'Try again in a moment, or use another way.',
    ways: [tryAgain],
  },
  overloaded: {
    title: 'A lot is going on right now',
    happened: 'More people are asking than we can answer at once. Nothing was changed and nothing is lost.',
    next: 'Wait a few seconds, then try again.',
    ways: [tryAgain],
  },
  upstream_unavailable: {
    title: 'The application isn’t answering right now',
    happened: 'You’re signed in, but we couldn’t reach the application behind this page.',
    next: 'Try again in a moment.',
    report: 'If it stays like this, give your administrator the reference.',
    ways: [tryAgain],
  },
  upstream_timeout: {
    title: 'The application took too long',
    happened: 'We passed your request on and heard nothing back. It may have been done all the same.',
    next: 'Check whether it was, then try again.',
    report: 'If it stays like this, give your administrator the reference.',
    ways: [tryAgain],
  },
  storage_unavailable: {
    title: 'We can’t reach our own data right now',
    happened: 'Nothing was changed and nothing is lost.',
    next: 'Try again in a moment.',
    ways: [tryAgain],
  },
} as const satisfies Readonly<Record<string, ProblemText>>;
