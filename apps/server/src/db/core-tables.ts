import type { ColumnType, JSONColumnType } from 'kysely';
import type { EmailAddress } from '../kernel/email-address.ts';
import type { Json } from '../kernel/json.ts';
import type { Fixed, Later } from './columns.ts';

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
  /** What holds it: a cookie, whose token's hash is in `token_hash`, or a token pair, which has none. */
  kind: ColumnType<'cookie' | 'tokens', 'cookie' | 'tokens' | undefined, never>;
  token_hash: ColumnType<Buffer | null, Buffer | null | undefined, never>;
  user_id: Fixed<string>;
  connection_id: Fixed<string>;
  signed_in_with: Fixed<string>;
  created_at: Fixed<Date>;
  expires_at: Fixed<Date>;
  last_seen_at: Date;
  ended_at: Later<Date>;
  ended_because: Later<
    | 'signed_out'
    | 'replaced'
    | 'revoked'
    | 'evicted'
    | 'refresh_reused'
    | 'credentials_changed'
    | 'not_allowed'
  >;
  /** When its person last proved who they are; null where that was the sign-in. */
  proved_at: Later<Date>;
  /** What the browser said it is, and where the sign-in came from; null in sessions older than these columns. */
  user_agent: ColumnType<string | null, string | null | undefined, never>;
  address: ColumnType<string | null, string | null | undefined, never>;
};

export type RefreshTokensTable = {
  token_hash: Fixed<Buffer>;
  session_id: Fixed<string>;
  created_at: Fixed<Date>;
  rotated_at: Later<Date>;
  /** Together with the token itself, what its successor follows from. */
  salt: Later<Buffer>;
  key_id: Later<string>;
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
