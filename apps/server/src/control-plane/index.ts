export { acceptInvitation, pendingInvitationsFor } from './accept-invitation.ts';
export type { Acceptance } from './accept-invitation.ts';
export { actInCompany, actOnProject } from './act-in-company.ts';
export type { ActingDeps, Caller, RecordChange, Standing } from './act-in-company.ts';
export type { Acted, Change, Refusal } from './change.ts';
export {
  claimFirstAdmin,
  ensureCompany,
  findCompanyId,
  isFirstAdminClaimed,
  lockCompany,
  readCompany,
} from './companies.ts';
export type { Company } from './companies.ts';
export { decideAccess } from './decide-access.ts';
export type {
  AccessDecision,
  AccessFacts,
  AccessRefusal,
  FoundInvitation,
  SignInEmail,
  SignInPolicy,
} from './decide-access.ts';
export { decidePermission } from './decide-permission.ts';
export type {
  Action,
  CompanyRole,
  PermissionDecision,
  PermissionFacts,
  ProjectRole,
} from './decide-permission.ts';
export { createInvitations, withdrawInvitation } from './invitations.ts';
export type { InvitationStatus, MadeInvitation, NewInvitations } from './invitations.ts';
export { containing, pageOf, readCursor } from './list-page.ts';
export type { Page, PageRequest } from './list-page.ts';
export { changeRole, countMemberships, removeMember } from './members.ts';
export type { MemberKey } from './members.ts';
export { removeProjectRole, setProjectRole } from './project-members.ts';
export type { Grant, ProjectMemberKey } from './project-members.ts';
export { changeProject, createProject } from './projects.ts';
export type { Project, ProjectChange } from './projects.ts';
