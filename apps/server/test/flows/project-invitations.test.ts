import { describe, expect, test } from 'vitest';
import { inviteToProject } from '../../src/invitations/project-invitations.ts';
import { dayMs } from '../../src/kernel/clock.ts';
import { houseOfThisFile } from '../support/house.ts';
import { invitingToProjects } from '../support/inviting-to-projects.ts';

const house = await houseOfThisFile();
const { scene, newAddress, accept, me } = invitingToProjects(house);

describe('an administrator of a project invites to it', () => {
  test('a member of the company by any verified address: they have the role at once', async () => {
    const { invited, join, roleOf, lee, apollo, events } = await scene();
    const { userId, email } = await join('Grace');
    const second = newAddress();
    await house.sql('insert into user_emails values ($1, $2, false, null, now())', [second, userId]);
    expect(await invited(` ${second.toUpperCase()} `, 'viewer')).toEqual({
      outcome: 'membership_created',
      member: { userId, displayName: 'Grace', email, role: 'viewer', source: 'direct' },
    });
    await invited(email, 'editor');
    await invited(email, 'editor');
    expect(await roleOf(userId)).toBe('editor');
    expect(await events('project_member.changed')).toMatchObject([
      { actor_id: lee, subject_id: userId, details: { projectId: apollo, from: null, to: 'viewer' } },
      { actor_id: lee, subject_id: userId, details: { projectId: apollo, from: 'viewer', to: 'editor' } },
    ]);
  });

  test('an administrator of the company is told to be one of the project already', async () => {
    const { invited, admin } = await scene();
    const email = newAddress();
    await house.sql('insert into user_emails values ($1, $2, true, null, now())', [email, admin]);
    expect((await invited(email)).member).toMatchObject({
      userId: admin,
      role: 'admin',
      source: 'inherited',
    });
  });

  test('somebody who is in no company, and somebody who is in another: the same invitation', async () => {
    const { invited } = await scene();
    const elsewhere = await scene();
    const known = await elsewhere.join('Known');
    const answers = [await invited(newAddress(), 'editor'), await invited(known.email, 'editor')];
    for (const { outcome, invitation, member } of answers) {
      expect([outcome, member]).toEqual(['invitation_pending', undefined]);
      expect(invitation).toMatchObject({
        role: 'user',
        status: 'pending',
        invitedBy: 'Lee',
        grants: [{ project: 'apollo', role: 'editor' }],
        deliveryStatus: 'not_configured',
      });
    }
    await accept(known.userId, answers[1]?.invitation?.id ?? '');
    const here = (await me(known.userId)).companies.find(({ projects }) => projects.length > 0);
    expect(here?.projects).toMatchObject([{ slug: 'apollo', role: 'editor' }]);
  });

  test('somebody whose invitation is pending: one more role with it, the higher one counts', async () => {
    const { invited, inviteToCompany, list, events, admin, apollo } = await scene();
    const email = newAddress();
    await inviteToCompany([email], [{ project: 'gemini', role: 'admin' }]);
    const first = await invited(email, 'editor');
    expect(first.invitation?.grants).toEqual([{ project: 'apollo', role: 'editor' }]);
    expect((await invited(email, 'viewer')).invitation?.grants).toEqual([
      { project: 'apollo', role: 'editor' },
    ]);
    const all = [
      { project: 'apollo', role: 'admin' },
      { project: 'gemini', role: 'admin' },
    ];
    expect((await invited(email, 'admin', admin)).invitation).toMatchObject({
      id: first.invitation?.id,
      grants: all,
    });
    expect((await list()).items).toMatchObject([{ email, invitedBy: 'Ada', grants: all }]);
    expect((await events('invitation.grant_added')).map(({ details }) => details)).toEqual([
      { email, projectId: apollo, role: 'editor' },
      { email, projectId: apollo, role: 'admin' },
    ]);
  });

  test('an invitation that ran out is closed, and a new one made with this role alone', async () => {
    const { invited, list, companyId, gemini, events } = await scene();
    const email = newAddress();
    const old = await house.invitation(companyId, email, { expiresAt: new Date(Date.now() - dayMs) });
    await house.grant(old, gemini, 'admin');
    const { invitation } = await invited(email);
    expect(invitation?.id).not.toBe(old);
    expect((await list()).items.map(({ id, status }) => [id, status]).toSorted()).toEqual(
      [
        [old, 'expired'],
        [invitation?.id, 'pending'],
      ].toSorted(),
    );
    expect(invitation?.grants).toEqual([{ project: 'apollo', role: 'viewer' }]);
    expect(await events('invitation.expired')).toHaveLength(1);
  });

  test('what is no address, and a project that is disabled, are refused and change nothing', async () => {
    const { invite, admin, projectUrl, companyId } = await scene();
    for (const email of ['x', 'a@b.example, c@d.example', 'a@b.example\nbcc: c@d.example'])
      expect((await invite(email)).code).toBe('email_invalid');
    await house.by(admin).PATCH(projectUrl, { status: 'read_only' });
    expect((await invite(newAddress())).status).toBe(200);
    await house.by(admin).PATCH(projectUrl, { status: 'disabled' });
    for (const who of [undefined, admin])
      expect((await invite(newAddress(), 'viewer', who)).code).toBe('forbidden');
    const invitations = await house.sql('select from invitations where company_id = $1', [companyId]);
    expect(invitations).toHaveLength(1);
  });
});

describe('the mail of it', () => {
  const smtp = { kind: 'smtp', requireDelivery: true } as const;

  test('is queued with what it tells, and goes with it where the mailbox had its share', async () => {
    const { slug, lee, companyId, join } = await scene();
    const invite = (email: string, role: 'viewer' | 'editor' | 'admin') =>
      inviteToProject(
        { db: house.db, clock: house.clock, ttlDays: 14, mailPolicy: smtp },
        { caller: { userId: lee, origin: {} }, slug, project: 'apollo', email, role },
      );
    const [email, grace] = [newAddress(), await join('Grace')];
    const made = await invite(email, 'viewer');
    expect(made).toMatchObject({ invitation: { deliveryStatus: 'pending' } });
    await invite(email, 'viewer');
    await invite(email, 'editor');
    await invite(grace.email, 'editor');
    const mails = () =>
      house.sql(
        'select kind, address, subject_id, facts, status from mails where company_id = $1 order by id',
        [companyId],
      );
    const access = {
      company: `The company ${slug}`,
      inviter: 'Lee',
      project: 'Project apollo',
      role: 'editor',
    };
    expect(await mails()).toMatchObject([
      {
        kind: 'invitation',
        address: email,
        subject_id: made.outcome === 'invitation_pending' ? made.invitation.id : '',
        facts: { inviter: 'Lee', grants: [{ project: 'Project apollo', role: 'viewer' }] },
        status: 'pending',
      },
      {
        kind: 'invitation',
        address: email,
        facts: { inviter: 'Lee', grants: [{ project: 'Project apollo', role: 'editor' }] },
        status: 'pending',
      },
      { kind: 'project_access', address: grace.email, facts: access, status: 'pending' },
    ]);
    const full = newAddress();
    await house.sql(
      `insert into mails (id, company_id, kind, address, facts, status, created_at, due_at)
       select gen_random_uuid(), $1, 'invitation', $2, '{}', 'sent', now(), now() from generate_series(1, 20)`,
      [companyId, full],
    );
    await expect(invite(full, 'viewer')).rejects.toMatchObject({ code: 'mail_not_queued' });
    expect(
      await house.sql('select from invitations where company_id = $1 and email = $2', [companyId, full]),
    ).toEqual([]);
    expect(await house.sql('select from mails where address = $1', [full])).toHaveLength(20);
  });
});
