import { readFileSync } from 'node:fs';
import { Problem } from '@gatehouse/contract';
import { describe, expect, test } from 'vitest';
import { forAnybody, company, project, routes } from '../support/company-routes.ts';
import type { Route } from '../support/company-routes.ts';
import { fill, furnish, positions, snapshot } from '../support/furnished-company.ts';
import type { Furnished, Position, Status } from '../support/furnished-company.ts';
import { houseOfThisFile } from '../support/house.ts';

const statuses: readonly Status[] = ['active', 'pending', 'suspended'];

function expected(route: Route, position: Position, status: Status): string {
  if (position === 'nobody') return '401 unauthenticated';
  if (position === 'stranger') return '404 not_found';
  if (status === 'suspended') return '403 company_suspended';
  const mayPrepare = position === 'admin' && route.whilePending;
  if (status === 'pending' && !mayPrepare) return '403 company_pending';
  return route.open.includes(position) ? `${String(route.succeeds)} ok` : '403 forbidden';
}

const house = await houseOfThisFile();

const companies = new Map<Status, Promise<Furnished>>();

/** One company of each status for whatever leaves it as it was. */
function unchanged(status: Status): Promise<Furnished> {
  const found = companies.get(status) ?? furnish(house, status);
  companies.set(status, found);
  return found;
}

describe('I-14: every route, every position, every state of the company', () => {
  const matrix = routes.flatMap((route) =>
    statuses.flatMap((status) => positions.map((position) => ({ ...route, route, status, position }))),
  );

  test.each(matrix)(
    '$method $path as $position of a company that is $status',
    async ({ route, status, position }) => {
      const decision = expected(route, position, status);
      const changes = route.method !== 'GET' && decision.endsWith(' ok');
      const { people, places } = await (changes ? furnish(house, status) : unchanged(status));
      const answer = await house.by(people[position])[route.method](fill(route.path, places), route.body);
      expect(`${String(answer.status)} ${answer.code}`).toBe(decision);
    },
  );

  test('the table names every route there is', () => {
    const served = house.routes.filter((route) => route.includes(company)).sort();
    expect(served.map((route) => route.replaceAll(/:(?:userId|id)\b/g, ':_'))).toEqual(
      [...forAnybody, ...routes.map(({ method, path }) => `${method} ${path}`)]
        .map((route) => route.replaceAll(/:(?:target|leaver|invitation|joinRequest|otherRequest)\b/g, ':_'))
        .sort(),
    );
  });

  test('so does the description of the API, which knows the whole server', () => {
    const described = Object.entries(describedPaths()).flatMap(([path, calls]) =>
      path.startsWith('/api/v1/companies/{slug}')
        ? Object.keys(calls).map(
            (method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
          )
        : [],
    );
    expect(described.toSorted()).toEqual(house.routes.filter((route) => route.includes(company)).toSorted());
  });

  test('whoever is refused changes nothing', async () => {
    const { companyId, people, places } = await furnish(house);
    const before = await snapshot(house, companyId);
    for (const route of routes.filter(({ method }) => method !== 'GET')) {
      for (const position of positions.filter((one) => !route.open.includes(one))) {
        await house.by(people[position])[route.method](fill(route.path, places), route.body);
      }
    }
    expect(await snapshot(house, companyId)).toEqual(before);
  });
});

describe('a project is open to those who have a role in it', () => {
  test('a member cannot tell a project that is not theirs from one that does not exist', async () => {
    const { people, places } = await furnish(house);
    const existing = await house.by(people.member).GET(fill(`${project}/members`, places));
    const missing = await house
      .by(people.member)
      .GET(fill(`${project}/members`, { ...places, project: 'no-such' }));
    expect([existing.status, withoutReference(existing.text)]).toEqual([
      missing.status,
      withoutReference(missing.text),
    ]);
  });

  test('to an administrator of the company a project that does not exist is not found', async () => {
    const { people, places } = await furnish(house);
    const answer = await house.by(people.admin).PATCH(fill(project, { ...places, project: 'no-such' }), {
      name: 'X',
    });
    expect([answer.status, answer.code]).toEqual([404, 'not_found']);
  });
});

/** Written by `npm run docs` from the server as it is put together; the check holds it against that. */
function describedPaths(): Readonly<Record<string, object>> {
  const text = readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8');
  // Its own shape is the OpenAPI specification's.
  return (JSON.parse(text) as { paths: Record<string, object> }).paths;
}

/** A problem without what differs from one to the next. */
function withoutReference(text: string): unknown {
  return { ...Problem.parse(JSON.parse(text)), reference: '' };
}
