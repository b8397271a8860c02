import { NewProjectInvitationAnswer } from '@gatehouse/contract';
import type { House } from './house.ts';
import { inviting } from './inviting.ts';

/** Companies with projects whose administrators invite to them. */
export function invitingToProjects(house: House) {
  const { company, newAddress, accept, me } = inviting(house);

  /** A company with an administrator, and Lee, who administers its project `apollo` alone. */
  async function scene() {
    const here = await company();
    const apollo = await house.project(here.companyId, 'apollo');
    const gemini = await house.project(here.companyId, 'gemini');
    const lee = await house.user('Lee');
    await house.member(here.companyId, lee);
    await house.projectRole(apollo, lee, 'admin');
    const projectUrl = `/api/v1/companies/${here.slug}/projects/apollo`;
    const invite = async (email: string, role = 'viewer', who = lee) =>
      await house.by(who).POST(`${projectUrl}/invitations`, { email, role });
    return {
      ...here,
      inviteToCompany: here.invite,
      apollo,
      gemini,
      lee,
      projectUrl,
      invite,
      invited: async (email: string, role = 'viewer', who = lee) =>
        (await invite(email, role, who)).json(NewProjectInvitationAnswer),
      async join(name: string) {
        const email = newAddress();
        const userId = await house.user(name, email);
        await house.member(here.companyId, userId);
        return { userId, email };
      },
      roleOf: async (userId: string, projectId = apollo) =>
        (
          await house.sql<{ role: string }>(
            'select role from project_members where project_id = $1 and user_id = $2',
            [projectId, userId],
          )
        )[0]?.role,
    };
  }

  return { scene, newAddress, accept, me };
}
