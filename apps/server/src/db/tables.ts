import type { ColumnType, JSONColumnType, Selectable } from 'kysely';
import type { EmailAddress } from '../kernel/email-address.ts';
import type { Json } from '../kernel/json.ts';

/** Written once, at insert. */
type Fixed<T> = ColumnType<T, T, never>;
/** Absent until it happens. */
type Later<T> = ColumnType<T | null, T | null | undefined, T | null>;

export type AttemptsTable = {
  id: Fixed<string>;
  reference: Fixed<string>;
  state_hash: Fixed<Buffer>;
  browser_hash: Fixed<Buffer>;
  connection_id: Fixed<string>;
  callback_path: Fixed<string>;
  purpose: JSONColumnType<{ kind: string }, string, never>;
  /** What the provider wants back at the callback (PKCE verifier, nonce); gone once the attempt is settled. */
  remembered: ColumnType<Record<string, string> | null, string, null | undefined>;
  begun_at: Fixed<Date>;
  expires_at: Fixed<Date>;
  taken_at: Later<Date>;
  callback_hash: Later<Buffer>;
  settled_at: Later<Date>;
  outcome: Later<'succeeded' | 'refused' | 'did_not_return'>;
  code: Later<string>;
  /** Lets the same callback derive the same session token again, for ten seconds. */
  salt: Later<Buffer>;
  session_id: Later<string>;
};

export type TracesTable = {
  reference: Fixed<string>;
  connection_id: Fixed<string | null>;
  begun_at: Fixed<Date>;
  ended_at: Later<Date>;
  outcome: ColumnType<'in_progress' | 'succeeded' | 'refused' | 'did_not_return', string, string>;
  code: Later<string>;
  steps: JSONColumnType<readonly Json[]>;
};

export type SessionsTable = {
  id: Fixed<string>;
  /** The id of the first session in this browser's unbroken line of rotations. */
  lineage_id: Fixed<string>;
  token_hash: Fixed<Buffer>;
  user_id: Fixed<string>;
  connection_id: Fixed<string>;
  signed_in_with: Fixed<string>;
  created_at: Fixed<Date>;
  expires_at: Fixed<Date>;
  last_seen_at: Date;
  ended_at: Later<Date>;
  ended_because: Later<'signed_out' | 'replaced' | 'revoked' | 'evicted'>;
  /** What the browser said it is, and where the sign-in came from; null in sessions older than these columns. */
  user_agent: ColumnType<string | null, string | null | undefined, never>;
  address: ColumnType<string | null, string | null | undefined, never>;
};

/** Written by triggers: in this transaction something changed that a cache may hold of the subject. */
export type ChangesTable = {
  tx: Fixed<string>;
  subject: Fixed<string>;
  kind: Fixed<'session' | 'user' | 'company'>;
  at: Fixed<Date>;
};

export type SigningKeysTable = {
  /** The `kid` of what it signs. */
  id: Fixed<string>;
  public_jwk: JSONColumnType<Record<string, string>, string, never>;
  sealed_private_key: Buffer;
  created_at: Fixed<Date>;
  signs_from: Date;
};

/** Counters by key until `expire`, in milliseconds since 1970. */
export type RateLimitsTable = { key: Fixed<string>; points: number; expire: string | null };

export type AuditEventsTable = {
  id: Fixed<string>;
  at: Fixed<Date>;
  type: Fixed<string>;
  result: Fixed<'succeeded' | 'refused'>;
  actor_kind: Fixed<'user' | 'system' | 'nobody'>;
  actor_id: Fixed<string | null>;
  company_id: Fixed<string | null>;
  subject_id: Fixed<string | null>;
  reference: Fixed<string | null>;
  address: Fixed<string | null>;
  user_agent: Fixed<string | null>;
  reason: Fixed<string | null>;
  details: JSONColumnType<Record<string, Json>, string, never>;
};

export type AuditChainSealsTable = {
  /** The company; for what happened outside of all, the id without a digit but 0. */
  chain: Fixed<string>;
  position: Fixed<string>;
  event_at: Fixed<Date>;
  event_id: Fixed<string>;
  key_id: Fixed<string>;
  seal: Fixed<Buffer>;
};

/** Written by a trigger: events that wait for their seal. */
export type AuditUnsealedTable = { event_at: Fixed<Date>; event_id: Fixed<string>; chain: Fixed<string> };

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

/** The outbox. What a mail says is put together when it is sent. */
export type MailsTable = {
  id: Fixed<string>;
  /** The company in whose name it is sent, if any. */
  company_id: Fixed<string | null>;
  kind: Fixed<string>;
  /** What it is about: the invitation, the proof, … */
  subject_id: Fixed<string | null>;
  address: Fixed<EmailAddress>;
  /** What the template needs; gone a day after the mail was sent or given up. */
  facts: JSONColumnType<Record<string, Json>>;
  status: 'pending' | 'sending' | 'sent' | 'failed_retryable' | 'failed_terminal' | 'suppressed';
  attempts: number;
  created_at: Fixed<Date>;
  /** When the next try is due; while it is being sent, when its lease ends. */
  due_at: Date;
  lease_id: Later<string>;
  last_error: Later<string>;
  ended_at: Later<Date>;
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

export type Tables = {
  attempts: AttemptsTable;
  traces: TracesTable;
  sessions: SessionsTable;
  changes: ChangesTable;
  signing_keys: SigningKeysTable;
  rate_limits: RateLimitsTable;
  audit_events: AuditEventsTable;
  audit_chain_seals: AuditChainSealsTable;
  audit_unsealed: AuditUnsealedTable;
  users: UsersTable;
  user_emails: UserEmailsTable;
  identities: IdentitiesTable;
  pending_links: PendingLinksTable;
  companies: CompaniesTable;
  members: MembersTable;
  member_words: MemberWordsTable;
  projects: ProjectsTable;
  project_members: ProjectMembersTable;
  invitations: InvitationsTable;
  invitation_grants: InvitationGrantsTable;
  join_requests: JoinRequestsTable;
  email_proofs: EmailProofsTable;
  mails: MailsTable;
  company_slugs: CompanySlugsTable;
  invitation_companies: InvitationCompaniesTable;
  invitation_addresses: InvitationAddressesTable;
};

export type Row<Table extends keyof Tables> = Selectable<Tables[Table]>;
