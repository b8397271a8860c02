import { Invitation, Member, NewProjectInvitationAnswer, ProjectMember } from '@gatehouse/contract';
import type { CompanyRole, ProjectRole } from '@gatehouse/contract';
import { ask, change } from './api.ts';
import { companyPath } from './company-queries.ts';

export const setRole = (slug: string, userId: string, role: CompanyRole) =>
  ask(companyPath(slug, 'members', userId), { method: 'PATCH', body: { role } }, Member);

export const removeMember = (slug: string, userId: string) =>
  change(companyPath(slug, 'members', userId), 'DELETE');

/** Who is where: somebody in one project of one company. */
export type Seat = { readonly slug: string; readonly project: string; readonly userId: string };

/** Gives a role in a project, or takes it away. */
export async function setProjectRole({ slug, project, userId }: Seat, role: ProjectRole | undefined) {
  const path = companyPath(slug, 'projects', project, 'members', userId);
  if (role === undefined) await change(path, 'DELETE');
  else await ask(path, { method: 'PUT', body: { role } }, ProjectMember);
}

export const inviteToProject = (
  { slug, project }: Omit<Seat, 'userId'>,
  invited: { readonly email: string; readonly role: ProjectRole },
) =>
  ask(
    companyPath(slug, 'projects', project, 'invitations'),
    { method: 'POST', body: invited },
    NewProjectInvitationAnswer,
  );

export const decideInvitation = (slug: string, id: string, what: 'resend' | 'revoke') =>
  ask(companyPath(slug, 'invitations', id, what), { method: 'POST' }, Invitation);
