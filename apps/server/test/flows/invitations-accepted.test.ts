import { MeAnswer } from '@gatehouse/contract';
import { describe, expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.ts';
import { houseOfThisFile } from '../support/house.ts';
import { inviting } from '../support/inviting.ts';

const house = await houseOfThisFile();

const { company, newAddress, accept, decline, me } = inviting(house);

describe('accepting', () => {
  test('makes a member with the roles that were promised; the answer is the new state', async () => {
    const { slug, companyId, invite, events } = await company();
    await house.project(companyId, 'apollo');
    await house.project(companyId, 'gemini');
    const email = newAddress();
    const person = await house.user('Grace', email);
    const grants = [{ project: 'apollo', role: 'editor' }];
    const id = (await invite([email], grants))[0]?.invitation?.id ?? '';
    expect((await me(person)).invitations).toMatchObject([
      { id, company: { slug }, grants, invitedBy: 'Ada' },
    ]);
    const after = (await accept(person, id)).json(MeAnswer);
    expect(after.invitations).toEqual([]);
    expect(after.companies).toMatchObject([
      { slug, role: 'user', projects: [{ slug: 'apollo', role: 'editor' }] },
    ]);
    expect(await events('invitation.accepted')).toMatchObject([
      { actor_id: person, details: { wasMember: false, role: 'user' } },
    ]);
    expect(await house.sql('select from invitation_addresses where invitation_id = $1', [id])).toEqual([]);
  });

  test('a promise in a project that was disabled fails; the membership and the other promises hold', async () => {
    const { companyId, invite } = await company();
    const apollo = await house.project(companyId, 'apollo');
    await house.project(companyId, 'gemini');
    const email = newAddress();
    const person = await house.user('Grace', email);
    const grants = ['apollo', 'gemini'].map((project) => ({ project, role: 'viewer' }));
    const id = (await invite([email], grants))[0]?.invitation?.id ?? '';
    await house.sql(`update projects set status = 'disabled' where id = $1`, [apollo]);
    expect((await accept(person, id)).json(MeAnswer).companies).toMatchObject([
      { projects: [{ slug: 'gemini', role: 'viewer' }] },
    ]);
    const statuses = await house.sql(
      `select p.slug, g.status from invitation_grants g join projects p on p.id = g.project_id where invitation_id = $1 order by 1`,
      [id],
    );
    expect(statuses).toEqual([
      { slug: 'apollo', status: 'failed' },
      { slug: 'gemini', status: 'applied' },
    ]);
  });

  test('whoever is a member already keeps the higher role, in the company and in its projects', async () => {
    const { companyId, admin } = await company();
    const apollo = await house.project(companyId, 'apollo');
    const email = newAddress();
    const person = await house.user('Grace', email);
    await house.member(companyId, person);
    await house.projectRole(apollo, person, 'admin');
    const lower = await house.invitation(companyId, email);
    await house.grant(lower, apollo, 'viewer');
    expect((await accept(person, lower)).json(MeAnswer).companies).toMatchObject([
      { role: 'user', projects: [{ role: 'admin' }] },
    ]);
    const higher = await house.invitation(companyId, email, { role: 'admin' });
    expect((await accept(person, higher)).json(MeAnswer).companies).toMatchObject([{ role: 'admin' }]);
    const lowerAgain = await house.invitation(companyId, email);
    expect((await accept(person, lowerAgain)).json(MeAnswer).companies).toMatchObject([{ role: 'admin' }]);
    expect(admin).not.toBe(person);
  });

  test('R-03: fifty times at once makes one member, one event and forty-nine refusals', async () => {
    const { companyId, invite, events } = await company();
    const email = newAddress();
    const person = await house.user('Grace', email);
    const id = (await invite([email]))[0]?.invitation?.id ?? '';
    const answers = await Promise.all(Array.from({ length: 50 }, () => accept(person, id)));
    expect(answers.map(({ status, code }) => `${String(status)} ${code}`).toSorted()).toEqual([
      '200 ok',
      ...Array.from({ length: 49 }, () => '409 invitation_accepted'),
    ]);
    expect(
      await house.sql('select role from members where company_id = $1 and user_id = $2', [companyId, person]),
    ).toHaveLength(1);
    expect(await events('invitation.accepted')).toHaveLength(1);
  });

  test('accepting and revoking at once: one of them happens, and both sides are told which', async () => {
    for (let turn = 0; turn < 15; turn += 1) {
      const { companyId, invite, revoke } = await company();
      const email = newAddress();
      const person = await house.user('Grace', email);
      const id = (await invite([email]))[0]?.invitation?.id ?? '';
      const [accepted, revoked] = await Promise.all([accept(person, id), revoke(id)]);
      const isMember =
        (await house.sql('select from members where company_id = $1 and user_id = $2', [companyId, person]))
          .length === 1;
      expect([accepted.code, revoked.code, isMember]).toEqual(
        accepted.code === 'ok' ? ['ok', 'invitation_accepted', true] : ['invitation_revoked', 'ok', false],
      );
    }
  });

  test('two invitations to two addresses of one person, accepted at once, make one member with both promises', async () => {
    const { slug, companyId } = await company();
    const [one, two] = [newAddress(), newAddress()];
    const person = await house.user('Grace', one);
    await house.sql('insert into user_emails values ($1, $2, false, null, now())', [two, person]);
    const ids = [];
    for (const [email, project] of [
      [one, 'apollo'],
      [two, 'gemini'],
    ] as const) {
      const id = await house.invitation(companyId, email);
      await house.grant(id, await house.project(companyId, project), 'viewer');
      ids.push(id);
    }
    const answers = await Promise.all(ids.map((id) => accept(person, id)));
    expect(answers.map(({ code }) => code)).toEqual(['ok', 'ok']);
    expect((await me(person)).companies).toMatchObject([
      { slug, projects: [{ slug: 'apollo' }, { slug: 'gemini' }] },
    ]);
  });

  test('I-06: an invitation to somebody else is as unknown as one that does not exist', async () => {
    const { invite } = await company();
    const id = (await invite([newAddress()]))[0]?.invitation?.id ?? '';
    const other = await house.user('Mallory', newAddress());
    const nobody = await house.user('No address');
    for (const person of [other, nobody]) {
      for (const call of [accept, decline]) {
        const real = await call(person, id);
        const made = await call(person, '01900000-0000-7000-8000-000000000000');
        expect([real.status, real.code]).toEqual([404, 'not_found']);
        expect([made.status, made.code]).toEqual([404, 'not_found']);
        expect(real.text).not.toContain('@');
      }
      expect((await me(person)).invitations).toEqual([]);
    }
  });

  test('an address that belongs to somebody else by now accepts nothing', async () => {
    const { invite } = await company();
    const email = newAddress();
    const before = await house.user('Before', email);
    const now = await house.user('Now');
    const id = (await invite([email]))[0]?.invitation?.id ?? '';
    await house.sql('update user_emails set user_id = $1 where address = $2', [now, email]);
    expect((await accept(before, id)).code).toBe('not_found');
    expect((await accept(now, id)).status).toBe(200);
  });

  test('R-12: an address that is being taken away accepts before that, or not at all', async () => {
    for (let turn = 0; turn < 15; turn += 1) {
      const { invite } = await company();
      const email = newAddress();
      const person = await house.user('Grace', email);
      const id = (await invite([email]))[0]?.invitation?.id ?? '';
      const [answer] = await Promise.all([
        accept(person, id),
        house.sql('delete from user_emails where address = $1', [email]),
      ]);
      expect(['ok', 'not_found']).toContain(answer.code);
    }
  });

  test('I-11: a member of another company joins; the two stay apart', async () => {
    const [one, other] = [await company(), await company()];
    const apollo = await house.project(one.companyId, 'apollo');
    await house.project(other.companyId, 'secret');
    const email = newAddress();
    const person = await house.user('Grace', email);
    await house.member(one.companyId, person);
    await house.projectRole(apollo, person, 'viewer');
    const id = (await other.invite([email]))[0]?.invitation?.id ?? '';
    const { companies: own } = (await accept(person, id)).json(MeAnswer);
    expect(own).toMatchObject([
      { slug: one.slug, role: 'user', projects: [{ slug: 'apollo', role: 'viewer' }] },
      { slug: other.slug, role: 'user', projects: [] },
    ]);
    const seenByOther = await house.by(other.admin).GET(`/api/v1/companies/${other.slug}/projects`);
    expect(seenByOther.text).not.toContain('apollo');
  });

  test('an invitation to a company that is not active yet can be accepted: its first administrator comes so', async () => {
    const slug = `waiting-${newId(new Date())}`.slice(0, 40);
    const companyId = await house.company(slug, 'pending');
    const email = newAddress();
    const person = await house.user('Grace', email);
    const id = await house.invitation(companyId, email, { role: 'admin' });
    expect((await accept(person, id)).json(MeAnswer).companies).toMatchObject([
      { slug, status: 'pending', role: 'admin' },
    ]);
  });
});
