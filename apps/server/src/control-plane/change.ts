import type { ErrorCode } from '../kernel/errors.ts';
import type { Json } from '../kernel/json.ts';

/** What a function of this room changed, or refused to: for the flow to record in the same transaction. */
export type Change = {
  readonly type:
    | 'access.refused'
    | 'audit.exported'
    | 'company.created'
    | 'invitation.accepted'
    | 'invitation.created'
    | 'invitation.declined'
    | 'invitation.expired'
    | 'invitation.resent'
    | 'invitation.grant_added'
    | 'invitation.revoked'
    | 'join_request.approved'
    | 'join_request.created'
    | 'join_request.declined'
    | 'member.first_admin_claimed'
    | 'member.joined'
    | 'member.removed'
    | 'member.role_changed'
    | 'project.changed'
    | 'project.created'
    | 'project_member.changed'
    | 'project_member.removed';
  readonly result?: 'refused';
  readonly reason?: ErrorCode;
  /** Absent where somebody asked for a company that does not exist. */
  readonly companyId?: string;
  readonly subjectId?: string;
  readonly details?: Readonly<Record<string, Json>>;
};

/** The answer of a function that may refuse. A refusal is recorded and committed before it is thrown. */
export type Acted<T> =
  { readonly outcome: 'done'; readonly answer: T; readonly changes?: readonly Change[] } | Refusal;

export type Refusal = {
  readonly outcome: 'refused';
  readonly reason: ErrorCode;
  /** A sentence of ours for the caller. */
  readonly detail?: string;
  readonly changes?: readonly Change[];
};
