import { randomUUID } from 'node:crypto';
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

  test('whatever of another company is named in the path of the own one is as unknown as what nobody has', async () => {
    const own = await furnish(house);
    const foreign = await furnish(house);
    await house.project(foreign.companyId, 'foreign-only');
    const theirs = { ...foreign.places, project: 'foreign-only' };
    const before = await snapshot(house, foreign.companyId);
    let asked = 0;
    for (const { method, path, body } of routes) {
      for (const [, name = ''] of path.matchAll(/:(\w+)/g)) {
        if (name === 'slug') continue;
        asked += 1;
        const nobodys = name === 'project' ? 'no-such' : randomUUID();
        const ask = (value: string | undefined) =>
          house.by(own.people.admin)[method](fill(path, { ...own.places, [name]: value ?? '' }), body);
        const [real, made] = [await ask(theirs[name as keyof typeof theirs]), await ask(nobodys)];
        const answer = `${method} ${path}, ${name}`;
        expect([real.status, withoutReference(real.text)], answer).toEqual([
          made.status,
          withoutReference(made.text),
        ]);
        // Whoever is not in a project stays out of it, whoever they are.
        expect(method === 'DELETE' && path.startsWith(project) ? [204, 404] : [404], answer).toContain(
          real.status,
        );
      }
    }
    expect(asked).toBeGreaterThan(routes.length / 2);
    expect(await snapshot(house, foreign.companyId)).toEqual(before);
  });

  test('a project of another company cannot be promised', async () => {
    const own = await furnish(house);
    const foreign = await furnish(house);
    await house.project(foreign.companyId, 'foreign-only');
    const promise = (slug: string) =>
      house.by(own.people.admin).POST(fill(`${company}/invitations`, own.places), {
        emails: ['x@acme.example'],
        grants: [{ project: slug, role: 'viewer' }],
      });
    const [real, made] = [await promise('foreign-only'), await promise('no-such')];
    expect([real.code, withoutReference(real.text)]).toEqual([
      'request_invalid',
      withoutReference(made.text),
    ]);
  });

  test('N-12: the cursor of a list of one company is refused by every list of another', async () => {
    const [own, other] = [await furnish(house), await furnish(house)];
    const admin = own.people.admin ?? '';
    await house.member(other.companyId, admin, 'admin');
    for (const { companyId } of [own, other]) {
      await house.project(companyId, 'gemini');
      await house.invitation(companyId, 'hedy@acme.example');
    }
    for (const { method, path } of routes.filter((route) => route.method === 'GET')) {
      for (const question of ['?limit=1', '?limit=1&query=e']) {
        const first = await house.by(admin)[method](`${fill(path, own.places)}${question}`);
        const { nextCursor } = JSON.parse(first.text) as { nextCursor: string | null }; // what lists answer
        if (nextCursor === null) continue;
        const goesOn = `${question}&cursor=${nextCursor}`;
        expect((await house.by(admin)[method](`${fill(path, own.places)}${goesOn}`)).code, path).toBe('ok');
        expect((await house.by(admin)[method](`${fill(path, other.places)}${goesOn}`)).code, path).toBe(
          'request_invalid',
        );
      }
    }
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
  return text === '' ? '' : { ...Problem.parse(JSON.parse(text)), reference: '' };
}
