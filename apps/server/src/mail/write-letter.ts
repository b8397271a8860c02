import type { Letter } from './letter.ts';
import type { MailContent } from './mail.ts';
import { accountNotice, momentOf } from './account-notice.ts';
import { plainWords } from './plain-words.ts';

export type LetterContext = {
  /** Where our pages lie, with a slash at the end. */
  readonly pages: URL;
  /** To whom it is sent. */
  readonly to: string;
  readonly codeOf: (proofId: string) => string;
  readonly linkTokenOf: (linkId: string) => string;
};

type Facts<Kind extends MailContent['kind']> = Extract<MailContent, { kind: Kind }>['facts'];

/** Puts the facts of a mail into words. Whatever somebody typed goes through `plainWords`. */
export function writeLetter(content: MailContent, context: LetterContext): Letter {
  switch (content.kind) {
    case 'invitation':
      return invitation(content.facts, context);
    case 'project_access':
      return projectAccess(content.facts, context);
    case 'email_proof':
      return emailProof(content.facts, context);
    case 'identity_linked':
      return identityLinked(content.facts, context);
    case 'join_approved':
      return joinApproved(content.facts, context);
    case 'registration':
      return registration(content.facts, context);
    case 'account_exists':
      return accountExists(content.facts, context);
    case 'password_reset':
      return passwordReset(content.facts, context);
    case 'account_notice':
      return accountNotice(content.facts, context.pages);
  }
}

function invitation(facts: Facts<'invitation'>, { pages, to }: LetterContext): Letter {
  const company = plainWords(facts.company);
  const who = facts.inviter === null ? 'You are' : `${plainWords(facts.inviter)} has`;
  const invited = facts.inviter === null ? 'invited' : 'invited you';
  const grants = facts.grants.map(({ project, role }) => `${plainWords(project)} (${plainWords(role)})`);
  return {
    subject: `You are invited to ${company}`,
    heading: `Join ${company}`,
    paragraphs: [
      `${who} ${invited} to join ${company}.${grants.length === 0 ? '' : ' What you will work on:'}`,
    ],
    ...(grants.length > 0 && { list: grants }),
    button: { label: 'See the invitation', address: new URL(`invitations/${facts.invitationId}`, pages) },
    remarks: [
      `The invitation is for ${to}: sign in with an account that has this address. It is open until ${momentOf(facts.expiresAt)}.`,
      'If you did not expect it, do nothing: without you nothing happens.',
    ],
  };
}

function projectAccess(facts: Facts<'project_access'>, { pages }: LetterContext): Letter {
  const [company, project] = [plainWords(facts.company), plainWords(facts.project)];
  return {
    subject: `A project of ${company} is open to you`,
    heading: `You can work on ${project}`,
    paragraphs: [
      `${plainWords(facts.inviter)} has given you the role ${plainWords(facts.role)} in the project ${project} of ${company}.`,
    ],
    button: { label: 'Open your projects', address: pages },
    remarks: ['You have an account already, so there is nothing to accept.'],
  };
}

function emailProof(facts: Facts<'email_proof'>, { to, codeOf }: LetterContext): Letter {
  return {
    subject: 'Your code to confirm this mailbox',
    heading: 'Confirm this mailbox',
    paragraphs: [
      `${plainWords(facts.askedBy)} is signed in and says that ${to} is their own address. If that is you, type this code into the page that asked for it:`,
    ],
    code: codeOf(facts.proofId),
    remarks: [
      `The code works until ${momentOf(facts.expiresAt)}, once, and only in the browser that asked for it.`,
      'If it was not you, tell nobody the code and do nothing: without it your address stays yours. Nobody of ours will ever ask you for it.',
    ],
  };
}

function identityLinked(facts: Facts<'identity_linked'>, { pages }: LetterContext): Letter {
  const provider = plainWords(facts.provider);
  // A network address of ours, in digits: no words of anybody's.
  const from = facts.address === null ? '' : ` It was added from ${facts.address}.`;
  return {
    subject: 'Another way into your account was added',
    heading: `${provider} now leads into your account`,
    paragraphs: [`Since ${momentOf(facts.at)} a ${provider} account signs in to your account here.${from}`],
    button: { label: 'See your account', address: new URL('account', pages) },
    remarks: [
      'If it was you, there is nothing to do.',
      'If it was not you, end all sessions of your account on that page and tell your administrator at once.',
    ],
  };
}

function joinApproved(facts: Facts<'join_approved'>, { pages }: LetterContext): Letter {
  const company = plainWords(facts.company);
  return {
    subject: `You are now a member of ${company}`,
    heading: `Welcome to ${company}`,
    paragraphs: [`An administrator of ${company} has approved your request to join.`],
    button: { label: 'Go on', address: pages },
    remarks: ['You get this mail because you asked to join.'],
  };
}

function registration({ linkId, expiresAt }: Facts<'registration'>, context: LetterContext): Letter {
  const { to } = context;
  return {
    subject: 'Confirm your e-mail address',
    heading: 'Confirm your e-mail address',
    paragraphs: [`Somebody wants to make an account with ${to}. If that is you, go on here:`],
    button: { label: 'Go on', address: linkTo('verify-email', linkId, context) },
    remarks: [
      `The link works until ${momentOf(expiresAt)}, once. Opening it changes nothing yet.`,
      'If it was not you, do nothing: without you there will be no account.',
    ],
  };
}

function accountExists({ address }: Facts<'account_exists'>, { pages, to }: LetterContext): Letter {
  const from = address === null ? '' : ` The request came from ${address}.`;
  return {
    subject: 'You have an account already',
    heading: 'You have an account already',
    paragraphs: [
      `Somebody wanted to make an account with ${to}. There is one: sign in the way you did before, or set a new password there.${from}`,
    ],
    button: { label: 'Sign in', address: new URL('sign-in', pages) },
    remarks: ['If it was not you, do nothing: nothing was made or changed.'],
  };
}

function passwordReset(
  { linkId, expiresAt, address }: Facts<'password_reset'>,
  context: LetterContext,
): Letter {
  const from = address === null ? '' : ` The request came from ${address}.`;
  return {
    subject: 'Set a new password',
    heading: 'Set a new password',
    paragraphs: [`Somebody asked to set a new password for the account of ${context.to}.${from}`],
    button: { label: 'Choose a new password', address: linkTo('reset-password', linkId, context) },
    remarks: [
      `The link works until ${momentOf(expiresAt)}, once. Opening it changes nothing yet.`,
      'If it was not you, do nothing: your password stays as it is.',
    ],
  };
}

/** In the fragment, which browsers tell no server. */
function linkTo(page: string, linkId: string, { pages, linkTokenOf }: LetterContext): URL {
  return new URL(`${page}#token=${linkTokenOf(linkId)}`, pages);
}
