import { JoinRequest, MeAnswer, listOf } from '@gatehouse/contract';
import { describe, expect, test } from 'vitest';
import { houseOfThisFile } from '../support/house.ts';
import { inviting } from '../support/inviting.ts';

const house = await houseOfThisFile({ kind: 'smtp', requireDelivery: true });
const { company, newAddress } = inviting(house);

async function place() {
  const made = await company();
  await house.project(made.companyId, 'apollo');
  const url = `/api/v1/companies/${made.slug}/join-requests`;
  const ask = async (who: string) => await house.by(who).POST(url);
  const list = async (query = '') =>
    (await house.by(made.admin).GET(`${url}${query}`)).json(listOf(JoinRequest)).items;
  const decide = async (id: string, what: 'approve' | 'decline', body: object = {}) =>
    await house.by(made.admin).POST(`${url}/${id}/${what}`, what === 'approve' ? body : undefined);
  return { ...made, url, ask, list, decide };
}

const companiesOf = async (who: string) => (await house.by(who).GET('/api/v1/me')).json(MeAnswer).companies;

describe('asking to join', () => {
  test('is shown to the administrators, with the name and the address as they were', async () => {
    const { ask, list, events, companyId } = await place();
    const email = newAddress();
    const grace = await house.user('Grace', email);
    expect(await ask(grace)).toMatchObject({ status: 202, text: '{}' });
    await house.sql(`update users set display_name = 'Mallory' where id = $1`, [grace]);
    expect(await list()).toMatchObject([
      { userId: grace, displayName: 'Grace', email, status: 'pending', decidedAt: null, decidedBy: null },
    ]);
    expect(await events('join_request.created')).toMatchObject([{ actor_id: grace, company_id: companyId }]);
    expect(await companiesOf(grace), 'it is worth nothing until it is approved').toEqual([]);
  });

  test('twice, or a hundred times at once, is asking once', async () => {
    const { ask, list } = await place();
    const grace = await house.user('Grace', newAddress());
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(grace)));
    expect(answers.every(({ status }) => status === 202)).toBe(true);
    expect(await list()).toHaveLength(1);
  });

  test('answers the same for a company that is not there, suspended, pending, or one’s own', async () => {
    const grace = await house.user('Grace', newAddress());
    const { ask, list, companyId, admin } = await place();
    expect(await house.by(grace).POST('/api/v1/companies/nowhere/join-requests')).toMatchObject({
      status: 202,
      text: '{}',
    });
    expect(await ask(admin)).toMatchObject({ status: 202, text: '{}' });
    expect(await list()).toEqual([]);
    for (const status of ['suspended', 'pending']) {
      await house.sql('update companies set status = $1 where id = $2', [status, companyId]);
      expect(await ask(grace)).toMatchObject({ status: 202, text: '{}' });
    }
    expect(await house.sql('select from join_requests where company_id = $1', [companyId])).toEqual([]);
  });

  test('wants somebody who is signed in', async () => {
    const { url } = await place();
    expect(await house.by(undefined).POST(url)).toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  test('a session that one company’s connection made asks no other company', async () => {
    const { ask, list } = await place();
    const other = await place();
    const grace = await house.user('Grace', newAddress());
    house.signsInThrough(grace, other.companyId);
    await ask(grace);
    expect(await list()).toEqual([]);
    await other.ask(grace);
    expect(await other.list()).toHaveLength(1);
  });
});

describe('deciding', () => {
  async function asked() {
    const made = await place();
    const email = newAddress();
    const grace = await house.user('Grace', email);
    await made.ask(grace);
    const [request] = await made.list();
    return { ...made, grace, email, id: request?.id ?? '' };
  }

  test('approval makes a member with the roles that go with it, and tells them', async () => {
    const { grace, email, id, decide, events, slug } = await asked();
    const approved = await decide(id, 'approve', { grants: [{ project: 'apollo', role: 'viewer' }] });
    expect(approved.json(JoinRequest)).toMatchObject({ status: 'approved', decidedBy: 'Ada' });
    expect(await companiesOf(grace)).toMatchObject([
      { slug, role: 'user', projects: [{ slug: 'apollo', role: 'viewer' }] },
    ]);
    expect((await events('join_request.approved')).length).toBe(1);
    expect(await events('member.joined')).toMatchObject([{ subject_id: grace }]);
    const mails = await house.sql('select kind, status from mails where address = $1', [email]);
    expect(mails).toEqual([{ kind: 'join_approved', status: 'pending' }]);
  });

  test('declining makes nobody anything; the person may ask again', async () => {
    const { grace, id, decide, ask, list } = await asked();
    expect((await decide(id, 'decline')).json(JoinRequest)).toMatchObject({ status: 'declined' });
    expect(await companiesOf(grace)).toEqual([]);
    await ask(grace);
    expect((await list()).map(({ status }) => status)).toEqual(['pending', 'declined']);
    expect((await list('?status=declined')).map((one) => one.id)).toEqual([id]);
  });

  test('of many administrators at once one decides', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { grace, id, decide, companyId } = await asked();
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, place) => decide(id, place % 2 === 0 ? 'approve' : 'decline')),
      );
      const won = answers.filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      expect(answers.filter(({ code }) => code === 'join_request_decided')).toHaveLength(9);
      const isMember = (await companiesOf(grace)).length === 1;
      expect(isMember).toBe(won[0]?.json(JoinRequest).status === 'approved');
      expect(await house.sql('select from members where company_id = $1', [companyId])).toHaveLength(
        isMember ? 2 : 1,
      );
    }
  });

  test('a grant in a project that is not the company’s approves nothing', async () => {
    const { id, decide, list } = await asked();
    const grants = [{ project: 'elsewhere', role: 'viewer' }];
    expect(await decide(id, 'approve', { grants })).toMatchObject({ status: 400, code: 'request_invalid' });
    expect(await list()).toMatchObject([{ status: 'pending' }]);
  });

  test('I-12 nothing else is taken from the body: no role, no company', async () => {
    const { id, decide } = await asked();
    expect(await decide(id, 'approve', { role: 'admin' })).toMatchObject({ status: 400 });
  });

  test('a member who is no administrator neither sees nor decides', async () => {
    const { companyId, url, id } = await asked();
    const member = await house.user('Max');
    await house.member(companyId, member);
    expect(await house.by(member).GET(url)).toMatchObject({ status: 403, code: 'forbidden' });
    expect(await house.by(member).POST(`${url}/${id}/approve`, {})).toMatchObject({ status: 403 });
  });
});
