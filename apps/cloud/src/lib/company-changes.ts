import {
  Invitation,
  Member,
  NewInvitationsAnswer,
  NewProjectInvitationAnswer,
  ProjectMember,
} from '@gatehouse/contract';
import type { CompanyRole, ProjectRole } from '@gatehouse/contract';
import { ApiProblem, ask, change } from './api.ts';
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

/** Answers the new invitation: to somebody whose last one has expired, with the projects that it promised. */
export async function inviteAgain(slug: string, { email, grants }: Invitation): Promise<Invitation> {
  const body = { emails: [email], grants };
  const { results } = await ask(
    companyPath(slug, 'invitations'),
    { method: 'POST', body },
    NewInvitationsAnswer,
  );
  const [result] = results;
  // Somebody who is a member by now has none.
  if (result?.invitation === undefined) throw new ApiProblem('invitation_accepted');
  return result.invitation;
}
