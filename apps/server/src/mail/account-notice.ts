import type { Letter } from './letter.ts';
import type { AccountNotice, MailContent } from './mail.ts';
import { plainWords } from './plain-words.ts';

type NoticeFacts = Extract<MailContent, { kind: 'account_notice' }>['facts'];

/** What is said of each, after `Since …` or `On …`; the subject is the same sentence, shorter. */
const notices: Readonly<Record<AccountNotice, { readonly subject: string; readonly told: string }>> = {
  password_changed: {
    subject: 'Your password was changed',
    told: 'The password of your account was changed. All its other sessions were ended.',
  },
  password_reset: {
    subject: 'A new password was set',
    told: 'A new password was set for your account by a link from this mailbox. All its sessions were ended.',
  },
  mfa_enabled: {
    subject: 'An authenticator app protects your account',
    told: 'From now on a code from an authenticator app is asked for beside your password.',
  },
  mfa_disabled: {
    subject: 'The authenticator app was removed from your account',
    told: 'Your password alone now opens your account.',
  },
  recovery_code_used: {
    subject: 'A recovery code was used',
    told: 'Somebody signed in to your account with a recovery code in place of the authenticator app. It is used up.',
  },
  recovery_codes_renewed: {
    subject: 'New recovery codes were made',
    told: 'Your account has new recovery codes. The old ones do not work any more.',
  },
  identity_unlinked: {
    subject: 'A way into your account was removed',
    told: 'does not lead into your account any more. The sessions that began with it were ended.',
  },
  refresh_reused: {
    subject: 'A sign-in of yours was ended',
    told: 'A key to one of your sessions was used a second time, long after it had been replaced. It may have been copied, so the session was ended.',
  },
  signed_in_after_failures: {
    subject: 'Your account was signed in to from a new browser',
    told: 'After several wrong passwords somebody signed in to your account from a browser that had not been used before.',
  },
  wrong_codes: {
    subject: 'Somebody knows your password',
    told: 'Somebody gave the right password of your account and then several wrong codes. Nobody was let in by them.',
  },
};

export function accountNotice({ what, at, address, provider }: NoticeFacts, pages: URL): Letter {
  const { subject, told } = notices[what];
  const name = provider === undefined ? '' : `A ${plainWords(provider)} account `;
  const from = address === null ? '' : ` It came from ${address}.`;
  return {
    subject,
    heading: subject,
    paragraphs: [`${name}${told} That was on ${momentOf(at)}.${from}`],
    button: { label: 'See your account', address: new URL('account/security', pages) },
    remarks: [
      'If it was you, there is nothing to do.',
      'If it was not you, set a new password at once, end all sessions on that page and tell your administrator.',
    ],
  };
}

/** Not in anybody's own time zone, so it says which. */
const moments = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
});

export function momentOf(iso: string): string {
  return `${moments.format(new Date(iso))} UTC`;
}
