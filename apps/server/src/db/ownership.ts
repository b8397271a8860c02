import type { Tables } from './tables.ts';

/** The one room that writes each table. An architecture test holds every insert, update and delete against it. */
export const tableOwners = {
  attempts: 'attempt',
  traces: 'attempt',
  sessions: 'session',
  changes: 'db',
  signing_keys: 'keys',
  rate_limits: 'db',
  audit_events: 'audit',
  audit_seals: 'audit',
  users: 'identity',
  user_emails: 'identity',
  identities: 'identity',
  pending_links: 'identity',
  companies: 'control-plane',
  members: 'control-plane',
  member_words: 'control-plane',
  projects: 'control-plane',
  project_members: 'control-plane',
  invitations: 'control-plane',
  invitation_grants: 'control-plane',
  join_requests: 'control-plane',
  email_proofs: 'identity',
  mails: 'mail',
  company_slugs: 'control-plane',
  invitation_addresses: 'control-plane',
} as const satisfies Record<keyof Tables, string>;
