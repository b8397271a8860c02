import { MeAnswer, Problem } from '@gatehouse/contract';
import { describe, expect, test } from 'vitest';
import { company, project, routes } from '../support/company-routes.ts';
import type { Method } from '../support/company-routes.ts';
import { fill, furnish, snapshot } from '../support/furnished-company.ts';
import { houseOfThisFile } from '../support/house.ts';

const house = await houseOfThisFile();

describe('N-01: a foreign company is nowhere', () => {
  test('an administrator of one company finds nothing of another, by any route, whatever ids are known', async () => {
    const own = await furnish(house);
    const foreign = await furnish(house);
    for (const route of routes) {
      const real = await house
        .by(own.people.admin)
        [route.method](fill(route.path, foreign.places), route.body);
      const made = await house
        .by(own.people.admin)
        [route.method](fill(route.path, { ...foreign.places, slug: 'no-such' }), route.body);
      expect(withoutReference(real.text), `${route.method} ${route.path}`).toEqual(
        withoutReference(made.text),
      );
      expect([real.status, real.code]).toEqual([404, 'not_found']);
    }
  });

  test('ids of another company in the path of the own one are as unknown as ids that nobody has', async () => {
    const own = await furnish(house);
    const foreign = await furnish(house);
    const before = await snapshot(house, foreign.companyId);
    const { slug } = own.places;
    for (const [method, path, body] of [
      [
        'PATCH',
        `/api/v1/companies/${String(slug)}/members/${String(foreign.places['target'])}`,
        { role: 'user' },
      ],
      ['DELETE', `/api/v1/companies/${String(slug)}/members/${String(foreign.places['target'])}`, undefined],
      [
        'POST',
        `/api/v1/companies/${String(slug)}/invitations/${String(foreign.places['invitation'])}/revoke`,
        undefined,
      ],
      [
        'PUT',
        `/api/v1/companies/${String(slug)}/projects/apollo/members/${String(foreign.places['target'])}`,
        { role: 'viewer' },
      ],
    ] as const) {
      const answer = await house.by(own.people.admin)[method](path, body);
      expect([answer.status, answer.code], `${method} ${path}`).toEqual([404, 'not_found']);
    }
    expect(await snapshot(house, foreign.companyId)).toEqual(before);
  });

  test('the attempt is in the trail of the company it was aimed at, once', async () => {
    const own = await furnish(house);
    const foreign = await furnish(house);
    await house.by(own.people.admin).GET(fill(`${company}/members`, foreign.places));
    const events = (await house.events('access.refused')).filter(
      (event) => event.company_id === foreign.companyId,
    );
    expect(events).toMatchObject([
      {
        result: 'refused',
        reason: 'not_found',
        actor_id: own.people.admin,
        details: { action: 'members.read' },
      },
    ]);
  });

  test('a session that a company’s own connection made does not see the other companies of its person', async () => {
    const [one, other] = [await furnish(house), await furnish(house)];
    const both = await house.user('Both');
    for (const { companyId } of [one, other]) await house.member(companyId, both, 'admin');
    house.signsInThrough(both, one.companyId);
    expect((await house.by(both).GET(fill(`${company}/members`, one.places))).status).toBe(200);
    expect((await house.by(both).GET(fill(`${company}/members`, other.places))).status).toBe(404);
    const me = (await house.by(both).GET('/api/v1/me')).json(MeAnswer);
    expect(me.companies.map(({ slug }) => slug)).toEqual([one.places['slug']]);
    expect(me.session).toMatchObject({ company: one.places['slug'] });
  });
});

describe('I-12 and I-15: what the body cannot say', () => {
  const smuggled: readonly (readonly [Method, string, object])[] = [
    ['PATCH', `${company}/members/:target`, { role: 'admin', userId: 'someone-else' }],
    ['PATCH', `${company}/members/:target`, { role: 'owner' }],
    ['POST', `${company}/invitations`, { emails: ['x@acme.example'], grants: [], role: 'admin' }],
    ['POST', `${company}/invitations`, { emails: ['x@acme.example'], grants: [], company_id: 'another' }],
    ['POST', `${company}/projects`, { slug: 'p-1', name: 'P', company_id: 'another' }],
    ['POST', `${company}/projects`, { slug: 'p-1', name: 'P', is_staff: true }],
    ['PATCH', project, { name: 'P', slug: 'other' }],
    ['PATCH', project, { id: 'another', status: 'disabled' }],
    ['PUT', `${project}/members/:target`, { role: 'admin', userId: 'someone-else' }],
    ['PUT', `${project}/members/:target`, { role: 'owner' }],
  ];

  test.each(smuggled)('%s %s with %j is refused and changes nothing', async (method, path, body) => {
    const { companyId, people, places } = await furnish(house);
    const before = await snapshot(house, companyId);
    const answer = await house.by(people.admin)[method](fill(path, places), body);
    expect([answer.status, answer.code]).toEqual([400, 'request_invalid']);
    expect(await snapshot(house, companyId)).toEqual(before);
  });

  test('nobody makes themselves more than they are', async () => {
    const { companyId, people, places } = await furnish(house);
    const before = await snapshot(house, companyId);
    const self = `${company}/members/:self`;
    for (const position of ['member', 'viewer', 'editor', 'lead'] as const) {
      const own = { ...places, self: people[position] ?? '' };
      expect((await house.by(people[position]).PATCH(fill(self, own), { role: 'admin' })).code).toBe(
        'forbidden',
      );
      if (position === 'lead') continue;
      const inProject = fill(`${project}/members/:self`, own);
      expect((await house.by(people[position]).PUT(inProject, { role: 'admin' })).code).toBe('forbidden');
    }
    expect(await snapshot(house, companyId)).toEqual(before);
  });
});

/** A problem without what differs from one to the next. */
function withoutReference(text: string): unknown {
  return { ...Problem.parse(JSON.parse(text)), reference: '' };
}
