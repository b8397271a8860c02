import type { EmailAddress } from '../kernel/email-address.ts';
import type { Fixed, Later } from './columns.ts';

export type UsersTable = {
  id: Fixed<string>;
  display_name: string;
  status: 'active' | 'disabled';
  created_at: Fixed<Date>;
};

/** Verified addresses; each belongs to one user. */
export type UserEmailsTable = {
  address: Fixed<EmailAddress>;
  user_id: Fixed<string>;
  is_primary: boolean;
  /** The identity that vouches for it; null where the person proved the mailbox. */
  identity_id: string | null;
  verified_at: Date;
};

export type IdentitiesTable = {
  id: Fixed<string>;
  connection_id: Fixed<string>;
  issuer: Fixed<string>;
  subject: Fixed<string>;
  user_id: Fixed<string>;
  created_at: Fixed<Date>;
  last_seen_at: Date;
};

/** An identity that waits, in one browser, for its person to sign in to the account that holds its address. */
export type PendingLinksTable = {
  browser_hash: Fixed<Buffer>;
  connection_id: Fixed<string>;
  issuer: Fixed<string>;
  subject: Fixed<string>;
  address: EmailAddress;
  user_id: string;
  expires_at: Date;
};

export type CompaniesTable = {
  id: Fixed<string>;
  slug: Fixed<string>;
  name: string;
  status: 'pending' | 'active' | 'suspended';
  created_at: Fixed<Date>;
  first_admin_claimed_at: Later<Date>;
};

export type MembersTable = {
  company_id: Fixed<string>;
  user_id: Fixed<string>;
  role: 'admin' | 'user';
  joined_at: Fixed<Date>;
};

/** Written by triggers: the words by which members are found, in the order of their code points. */
export type MemberWordsTable = {
  company_id: Fixed<string>;
  word: Fixed<string>;
  user_id: Fixed<string>;
  previous_word: Fixed<string>;
};

export type ProjectsTable = {
  company_id: Fixed<string>;
  id: Fixed<string>;
  slug: Fixed<string>;
  name: string;
  status: 'active' | 'read_only' | 'disabled';
  created_at: Fixed<Date>;
};

export type ProjectMembersTable = {
  company_id: Fixed<string>;
  project_id: Fixed<string>;
  user_id: Fixed<string>;
  role: 'viewer' | 'editor' | 'admin';
};

export type InvitationsTable = {
  company_id: Fixed<string>;
  id: Fixed<string>;
  email: Fixed<EmailAddress>;
  role: Fixed<'admin' | 'user'>;
  status: 'pending' | 'accepted' | 'revoked' | 'expired';
  invited_by: Fixed<string | null>;
  created_at: Fixed<Date>;
  expires_at: Date;
  accepted_at: Later<Date>;
  accepted_by: Later<string>;
  delivery_status:
    'not_configured' | 'pending' | 'sent' | 'failed_retryable' | 'failed_terminal' | 'suppressed';
  last_delivery_error: Later<string>;
};

export type InvitationGrantsTable = {
  company_id: Fixed<string>;
  invitation_id: Fixed<string>;
  project_id: Fixed<string>;
  role: 'viewer' | 'editor' | 'admin';
  status: 'pending' | 'applied' | 'revoked' | 'failed';
};

/** Somebody who is no member asks to become one. */
export type JoinRequestsTable = {
  company_id: Fixed<string>;
  id: Fixed<string>;
  user_id: Fixed<string>;
  /** As they were when asked: the company does not see accounts of people who are not its members. */
  display_name: Fixed<string>;
  email: Fixed<EmailAddress | null>;
  status: 'pending' | 'approved' | 'declined';
  created_at: Fixed<Date>;
  decided_at: Later<Date>;
  decided_by: Later<string>;
};

/** A mailbox that somebody is about to prove. The code itself is kept nowhere. */
export type EmailProofsTable = {
  id: Fixed<string>;
  user_id: Fixed<string>;
  session_lineage_id: Fixed<string>;
  address: Fixed<EmailAddress>;
  created_at: Fixed<Date>;
  expires_at: Fixed<Date>;
  tries: number;
  used_at: Later<Date>;
};

/** Directories: what must be found before the company is known. Ids only. */
export type CompanySlugsTable = { slug: Fixed<string>; company_id: Fixed<string> };
/** Which company an invitation is of, whatever became of it. */
export type InvitationCompaniesTable = { invitation_id: Fixed<string>; company_id: Fixed<string> };
export type InvitationAddressesTable = {
  invitation_id: Fixed<string>;
  company_id: Fixed<string>;
  address: Fixed<EmailAddress>;
};
