/** Every kind of event, named noun.past. Names are never changed: trails outlive releases. */
export const auditEventTypes = [
  'access.refused',
  'account.created',
  'company.created',
  'identity.linked',
  'identity.profile_changed',
  'invitation.accepted',
  'invitation.created',
  'invitation.declined',
  'invitation.expired',
  'invitation.grant_added',
  'invitation.revoked',
  'member.first_admin_claimed',
  'member.removed',
  'member.role_changed',
  'project.changed',
  'project.created',
  'project_member.changed',
  'project_member.removed',
  'session.ended',
  'session.started',
  'sign_in.not_returned',
  'sign_in.refused',
  'signing_key.rotated',
  'signing_key.withdrawn',
] as const;

export type AuditEventType = (typeof auditEventTypes)[number];
