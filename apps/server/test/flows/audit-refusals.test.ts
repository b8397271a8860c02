import { describe, expect, test } from 'vitest';
import { routes } from '../support/company-routes.ts';
import { fill, furnish, positions } from '../support/furnished-company.ts';
import { houseOfThisFile } from '../support/house.ts';

const house = await houseOfThisFile();

/** What happened since, with what each event must have. */
async function since(count: number) {
  return (await house.events()).slice(count);
}

describe('K-04: every refusal is in the trail, once, with who wanted what', () => {
  test('whoever asks for what is not theirs, by any route', async () => {
    const { companyId, people, places } = await furnish(house);
    for (const route of routes) {
      for (const position of positions.filter((one) => one !== 'nobody' && !route.open.includes(one))) {
        const before = (await house.events()).length;
        await house.by(people[position])[route.method](fill(route.path, places), route.body);
        const where = `${route.method} ${route.path} as ${position}`;
        const [event, ...more] = await since(before);
        expect(more, where).toEqual([]);
        expect(event, where).toMatchObject({
          type: 'access.refused',
          result: 'refused',
          reason: position === 'stranger' ? 'not_found' : 'forbidden',
          actor_id: people[position],
          company_id: companyId,
          address: '127.0.0.1',
          details: { company: places['slug'] },
        });
        const target = /:(target|leaver|invitation|joinRequest|otherRequest)\b/.exec(route.path)?.[1];
        expect(event?.subject_id, where).toBe(target === undefined ? null : places[target]);
      }
    }
  });

  test('an administrator who asks for what cannot be done', async () => {
    const { people, places } = await furnish(house);
    const base = `/api/v1/companies/${places['slug'] ?? ''}`;
    const nobody = '00000000-0000-7000-8000-000000000001';
    const admin = house.by(people.admin);
    const attempts = [
      () => admin.PATCH(`${base}/members/${nobody}`, { role: 'user' }),
      () => admin.DELETE(`${base}/members/${nobody}`),
      () => admin.DELETE(`${base}/members/${people.admin ?? ''}`),
      () => admin.POST(`${base}/projects`, { slug: 'apollo', name: 'Apollo' }),
      () => admin.PUT(`${base}/projects/apollo/members/${nobody}`, { role: 'viewer' }),
      () => admin.PATCH(`${base}/projects/no-such`, { name: 'X' }),
      () => admin.POST(`${base}/invitations/${nobody}/revoke`),
      () => admin.POST(`/api/v1/me/invitations/${nobody}/accept`),
      () => admin.POST(`/api/v1/me/invitations/${places['invitation'] ?? ''}/decline`),
    ];
    const reasons: string[] = [];
    for (const attempt of attempts) {
      const before = (await house.events()).length;
      const answer = await attempt();
      const events = await since(before);
      expect(events).toMatchObject([
        { result: 'refused', reason: answer.code, actor_id: people.admin, address: '127.0.0.1' },
      ]);
      reasons.push(events[0]?.reason ?? '');
    }
    expect(new Set(reasons)).toEqual(new Set(['not_found', 'last_admin', 'slug_taken']));
  });

  test('what could not be read, and what a company is not ready for, is no trespass', async () => {
    const [active, pending] = [await furnish(house), await furnish(house, 'pending')];
    const before = (await house.events()).length;
    const base = `/api/v1/companies/${active.places['slug'] ?? ''}`;
    const admin = house.by(active.people.admin);
    expect((await admin.GET(`${base}/members?cursor=abc`)).code).toBe('request_invalid');
    const early = await house
      .by(pending.people.admin)
      .GET(`/api/v1/companies/${pending.places['slug'] ?? ''}/audit`);
    expect(early.code).toBe('company_pending');
    expect(await since(before)).toEqual([]);
  });
});
