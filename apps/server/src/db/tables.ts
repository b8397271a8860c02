import type { Selectable } from 'kysely';
import type {
  CompaniesTable,
  CompanySlugsTable,
  EmailProofsTable,
  IdentitiesTable,
  InvitationAddressesTable,
  InvitationCompaniesTable,
  InvitationGrantsTable,
  InvitationsTable,
  JoinRequestsTable,
  MemberWordsTable,
  MembersTable,
  PendingLinksTable,
  ProjectMembersTable,
  ProjectsTable,
  UserEmailsTable,
  UsersTable,
} from './cloud-tables.ts';
import type {
  KnownBrowsersTable,
  MfaChallengesTable,
  OneTimeLinksTable,
  PasswordsTable,
  RecoveryCodesTable,
  TotpSecretsTable,
} from './credential-tables.ts';
import type {
  AttemptsTable,
  AuditChainSealsTable,
  AuditEventsTable,
  AuditUnsealedTable,
  ChangesTable,
  MailsTable,
  RateLimitsTable,
  RefreshTokensTable,
  SessionsTable,
  SigningKeysTable,
  TracesTable,
} from './core-tables.ts';

/** What every process keeps (`migrations/core`), and what the Cloud does (`migrations/cloud`). */
export type Tables = {
  attempts: AttemptsTable;
  traces: TracesTable;
  sessions: SessionsTable;
  refresh_tokens: RefreshTokensTable;
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
  passwords: PasswordsTable;
  one_time_links: OneTimeLinksTable;
  totp_secrets: TotpSecretsTable;
  recovery_codes: RecoveryCodesTable;
  mfa_challenges: MfaChallengesTable;
  known_browsers: KnownBrowsersTable;
  company_slugs: CompanySlugsTable;
  invitation_companies: InvitationCompaniesTable;
  invitation_addresses: InvitationAddressesTable;
};

export type Row<Table extends keyof Tables> = Selectable<Tables[Table]>;
