import { setTimeout as sleep } from 'node:timers/promises';
import { Member, listOf } from '@gatehouse/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openHouse } from '../support/house.ts';
import type { House } from '../support/house.ts';

let house: House;
let slug: string;
let companyId: string;
let ada: string;
let companies = 0;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => {
  await house.close();
});
beforeEach(async () => {
  companies += 1;
  slug = `company-${String(companies)}`;
  companyId = await house.company(slug);
  ada = await join('Ada', { role: 'admin', email: `ada-${String(companies)}@acme.example` });
});

async function join(
  name: string,
  { role = 'user', email }: { role?: string; email?: string } = {},
): Promise<string> {
  const userId = await house.user(name, email);
  await house.member(companyId, userId, role);
  return userId;
}

const url = (userId?: string) =>
  `/api/v1/companies/${slug}/members${userId === undefined ? '' : `/${userId}`}`;
const list = async (query = '', who = ada) =>
  (await house.by(who).GET(`${url()}${query}`)).json(listOf(Member));
const setRole = (who: string, userId: string, role: string) => house.by(who).PATCH(url(userId), { role });
const remove = (who: string, userId: string) => house.by(who).DELETE(url(userId));
const admins = async () => (await list()).items.filter(({ role }) => role === 'admin').length;
const eventsHere = async (type: string) =>
  (await house.events(type)).filter((event) => event.company_id === companyId);

describe('leaving', () => {
  test('takes the person out of every project of the company, and out of no other company', async () => {
    const grace = await join('Grace');
    await house.projectRole(await house.project(companyId, 'apollo'), grace, 'admin');
    const otherId = await house.company(`other-${slug}`);
    await house.member(otherId, grace);
    await house.projectRole(await house.project(otherId, 'gemini'), grace, 'viewer');
    expect((await remove(ada, grace)).status).toBe(204);
    expect((await remove(ada, grace)).code).toBe('not_found');
    expect(await house.sql('select company_id from project_members where user_id = $1', [grace])).toEqual([
      { company_id: otherId },
    ]);
    expect((await house.by(grace).GET(url())).code).toBe('not_found');
    expect(await eventsHere('member.removed')).toHaveLength(1);
  });

  test('R-08: what somebody does while they are being removed happens before that, or is refused', async () => {
    for (let turn = 0; turn < 40; turn += 1) {
      const grace = await join(`Grace ${String(turn)}`, { role: 'admin' });
      const project = { slug: `p-${String(turn)}`, name: 'P' };
      const [created, removed] = await Promise.all([
        house.by(grace).POST(`/api/v1/companies/${slug}/projects`, project),
        remove(ada, grace),
      ]);
      expect(removed.status).toBe(204);
      expect(['ok', 'not_found']).toContain(created.code);
      const exists =
        (
          await house.sql('select from projects where company_id = $1 and slug = $2', [
            companyId,
            project.slug,
          ])
        ).length === 1;
      expect(exists).toBe(created.code === 'ok');
    }
  });

  test('R-08: a role that was taken away is not used by whoever waited for it', async () => {
    const grace = await join('Grace', { role: 'admin' });
    const demoting = await whileDemoting(grace, () => setRole(grace, ada, 'user'));
    expect(demoting.code).toBe('forbidden');
    expect(await admins()).toBe(1);
    await setRole(ada, grace, 'admin');
    const project = { slug: 'too-late', name: 'X' };
    const creating = await whileDemoting(grace, () =>
      house.by(grace).POST(`/api/v1/companies/${slug}/projects`, project),
    );
    expect(creating.code).toBe('forbidden');
    expect(await house.sql('select from projects where company_id = $1', [companyId])).toEqual([]);
  });
});

/** Begins `work` while another transaction has demoted the person and not committed yet; then commits it. */
async function whileDemoting<T>(userId: string, work: () => Promise<T>): Promise<T> {
  await house.sql('begin');
  await house.sql(`update members set role = 'user' where company_id = $1 and user_id = $2`, [
    companyId,
    userId,
  ]);
  const working = work();
  await sleep(150);
  await house.sql('commit');
  return await working;
}
