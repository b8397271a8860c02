import type { EmailAddress } from '../kernel/email-address.ts';

/** A role that a mail promises, by the name of its project. */
export type PromisedRole = { readonly project: string; readonly role: string };

/** What a mail tells, as plain facts: its template puts them into words. */
export type MailContent =
  | {
      readonly kind: 'invitation';
      readonly facts: {
        readonly invitationId: string;
        readonly company: string;
        /** The name of who invites; null where it is the operator. */
        readonly inviter: string | null;
        readonly grants: readonly PromisedRole[];
        /** ISO 8601. */
        readonly expiresAt: string;
      };
    }
  /** Somebody who is in the company already was given a role in a project. */
  | {
      readonly kind: 'project_access';
      readonly facts: { readonly company: string; readonly inviter: string } & PromisedRole;
    }
  /** The code itself is worked out from the id when the mail is sent, and is kept nowhere. */
  | {
      readonly kind: 'email_proof';
      readonly facts: { readonly proofId: string; readonly askedBy: string; readonly expiresAt: string };
    }
  | {
      readonly kind: 'identity_linked';
      readonly facts: { readonly provider: string; readonly at: string; readonly address: string | null };
    }
  | { readonly kind: 'join_approved'; readonly facts: { readonly company: string } }
  /** Somebody wants an account for this mailbox. The link's token is worked out from its id when the mail is sent. */
  | { readonly kind: 'registration'; readonly facts: LinkFacts }
  /** The same, of a mailbox whose owner has an account: it holds no link. */
  | { readonly kind: 'account_exists'; readonly facts: LinkFacts }
  | { readonly kind: 'password_reset'; readonly facts: LinkFacts }
  /** What happened to an account and its holder should know of. */
  | {
      readonly kind: 'account_notice';
      readonly facts: {
        readonly what: AccountNotice;
        readonly at: string;
        readonly address: string | null;
        /** Of a linked or unlinked sign-in. */
        readonly provider?: string;
      };
    };

type LinkFacts = { readonly linkId: string; readonly expiresAt: string; readonly address: string | null };

export type AccountNotice =
  | 'password_changed'
  | 'password_reset'
  | 'mfa_enabled'
  | 'mfa_disabled'
  | 'recovery_code_used'
  | 'recovery_codes_renewed'
  | 'identity_unlinked'
  | 'refresh_reused'
  | 'signed_in_after_failures'
  | 'wrong_codes';

export type NewMail = MailContent & {
  readonly to: EmailAddress;
  readonly companyId?: string;
  readonly subjectId?: string;
};

/** What this deployment does with mail. */
export type MailPolicy =
  /** `requireDelivery`: what cannot be queued is not done at all. */
  | { readonly kind: 'smtp'; readonly requireDelivery: boolean }
  /** Switched off on purpose, or never set up. */
  | { readonly kind: 'suppressed' | 'not_configured' };

/** What became of a mail that was to be queued. */
export type Queued = 'pending' | 'suppressed' | 'not_configured';
