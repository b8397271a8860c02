import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { houseOfThisFile } from '../support/house.ts';
import { invitingToProjects } from '../support/inviting-to-projects.ts';

const house = await houseOfThisFile();
const { scene, newAddress, accept } = invitingToProjects(house);

describe('an invitation to a project, at once', () => {
  test('two invitations of one address to two projects: one invitation with both roles', async () => {
    for (let turn = 0; turn < 8; turn += 1) {
      const { slug, admin, list } = await scene();
      const email = newAddress();
      const url = (project: string) => `/api/v1/companies/${slug}/projects/${project}/invitations`;
      const answers = await Promise.all(
        ['apollo', 'gemini', 'apollo'].map((project, n) =>
          house.by(admin).POST(url(project), { email, role: n === 0 ? 'viewer' : 'editor' }),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect((await list()).items).toMatchObject([
        {
          email,
          grants: [
            { project: 'apollo', role: 'editor' },
            { project: 'gemini', role: 'editor' },
          ],
        },
      ]);
    }
  });

  test('two roles for one member: one of them, and the trail tells one after the other', async () => {
    const { invited, join, roleOf, events } = await scene();
    const { userId, email } = await join('Grace');
    await Promise.all(['viewer', 'editor', 'admin', 'viewer', 'editor'].map((role) => invited(email, role)));
    const steps = (await events('project_member.changed')).map(({ details }) => details);
    const last = await roleOf(userId);
    expect(steps.filter(({ from }) => from === null)).toHaveLength(1);
    expect(steps.filter(({ to }) => to === last).length).toBe(
      steps.filter(({ from }) => from === last).length + 1, // each step leads from where another one ended
    );
  });

  test('and the pending invitation is accepted: a member with this role, one way or the other', async () => {
    for (let turn = 0; turn < 16; turn += 1) {
      const { invited, companyId, roleOf, gemini } = await scene();
      const email = newAddress();
      const userId = await house.user('Grace', email);
      const invitation = await house.invitation(companyId, email);
      await house.grant(invitation, gemini, 'viewer');
      const inviteSoon = sleep(turn % 4).then(() => invited(email, 'editor'));
      const [, accepted] = await Promise.all([
        inviteSoon,
        sleep((turn * 3) % 5).then(() => accept(userId, invitation)),
      ]);
      expect(accepted.status).toBe(200);
      expect([await roleOf(userId), await roleOf(userId, gemini)]).toEqual(['editor', 'viewer']);
      const pending = await house.sql(
        `select from invitations where company_id = $1 and status = 'pending'`,
        [companyId],
      );
      expect(pending).toEqual([]);
    }
  });

  test('and the member is removed: out with the role, or invited anew', async () => {
    for (let turn = 0; turn < 12; turn += 1) {
      const { invited, join, roleOf, admin, slug, companyId } = await scene();
      const { userId, email } = await join('Grace');
      const [answer, removed] = await Promise.all([
        sleep(turn % 4).then(() => invited(email, 'editor')),
        house.by(admin).DELETE(`/api/v1/companies/${slug}/members/${userId}`),
      ]);
      expect(removed.status).toBe(204);
      expect(await roleOf(userId)).toBeUndefined();
      const pending = await house.sql(
        `select from invitations where company_id = $1 and status = 'pending'`,
        [companyId],
      );
      expect(pending).toHaveLength(answer.outcome === 'invitation_pending' ? 1 : 0);
    }
  });
});
