import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { houseOfThisFile } from '../support/house.ts';
import { membersOf } from '../support/members-of.ts';

const house = await houseOfThisFile();
const { here, join, url, setRole, remove, admins, eventsHere } = membersOf(house);

describe('leaving', () => {
  test('takes the person out of every project of the company, and out of no other company', async () => {
    const grace = await join('Grace');
    await house.projectRole(await house.project(here.companyId, 'apollo'), grace, 'admin');
    const otherId = await house.company(`other-${here.slug}`);
    await house.member(otherId, grace);
    await house.projectRole(await house.project(otherId, 'gemini'), grace, 'viewer');
    expect((await remove(here.ada, grace)).status).toBe(204);
    expect((await remove(here.ada, grace)).code).toBe('not_found');
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
        house.by(grace).POST(`/api/v1/companies/${here.slug}/projects`, project),
        remove(here.ada, grace),
      ]);
      expect(removed.status).toBe(204);
      expect(['ok', 'not_found']).toContain(created.code);
      const exists =
        (
          await house.sql('select from projects where company_id = $1 and slug = $2', [
            here.companyId,
            project.slug,
          ])
        ).length === 1;
      expect(exists).toBe(created.code === 'ok');
    }
  });

  test('R-08: a role that was taken away is not used by whoever waited for it', async () => {
    const grace = await join('Grace', { role: 'admin' });
    const demoting = await whileDemoting(grace, () => setRole(grace, here.ada, 'user'));
    expect(demoting.code).toBe('forbidden');
    expect(await admins()).toBe(1);
    await setRole(here.ada, grace, 'admin');
    const project = { slug: 'too-late', name: 'X' };
    const creating = await whileDemoting(grace, () =>
      house.by(grace).POST(`/api/v1/companies/${here.slug}/projects`, project),
    );
    expect(creating.code).toBe('forbidden');
    expect(await house.sql('select from projects where company_id = $1', [here.companyId])).toEqual([]);
  });
});

/** Begins `work` while another transaction has demoted the person and not committed yet; then commits it. */
async function whileDemoting<T>(userId: string, work: () => Promise<T>): Promise<T> {
  await house.sql('begin');
  await house.sql(`update members set role = 'user' where company_id = $1 and user_id = $2`, [
    here.companyId,
    userId,
  ]);
  const working = work();
  await sleep(150);
  await house.sql('commit');
  return await working;
}
