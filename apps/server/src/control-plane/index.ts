export { acceptInvitation, pendingInvitationsFor } from './accept-invitation.ts';
export { actInCompany, actOnProject } from './act-in-company.ts';
export type { ActingDeps, Caller, RecordChange } from './act-in-company.ts';
export { addGrant, holdPendingInvitation } from './add-grant.ts';
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
export type { AccessDecision, AccessFacts, FoundInvitation, SignInPolicy } from './decide-access.ts';
export type { Action, CompanyRole, ProjectRole } from './decide-permission.ts';
export { createInvitations, withdrawInvitation } from './invitations.ts';
export type { DeliveryStatus, InvitationStatus, NewInvitations } from './invitations.ts';
export { findInvitationCompany, renewInvitation } from './renew-invitation.ts';
export type { RenewedInvitation } from './renew-invitation.ts';
export { askToJoin, decideJoinRequest } from './join-requests.ts';
export { resolveGrants, unknownGrant } from './resolve-grants.ts';
export type { NamedGrant } from './resolve-grants.ts';
export { containing, pageOf, readCursor } from './list-page.ts';
export type { Page, PageRequest } from './list-page.ts';
export { planSearch } from './member-search.ts';
export type { Group, MemberSearch, PlannedSearch } from './member-search.ts';
export { changeRole, countMemberships, removeMember } from './members.ts';
export { removeProjectRole, setProjectRole } from './project-members.ts';
export type { Grant } from './project-members.ts';
export { isInvitationOpen, noteDelivery } from './note-delivery.ts';
export { changeProject, createProject } from './projects.ts';
export type { Project, ProjectChange } from './projects.ts';
