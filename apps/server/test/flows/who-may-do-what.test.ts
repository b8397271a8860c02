import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHouse } from '../support/house.ts';
import type { House } from '../support/house.ts';

type Position = 'nobody' | 'stranger' | 'member' | 'viewer' | 'editor' | 'lead' | 'admin';
type Status = 'active' | 'pending' | 'suspended';
type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

const positions: readonly Position[] = ['nobody', 'stranger', 'member', 'viewer', 'editor', 'lead', 'admin'];
const statuses: readonly Status[] = ['active', 'pending', 'suspended'];
const companyRoute = '/api/v1/companies/:slug';
const project = `${companyRoute}/projects/:project`;

type Route = {
  readonly method: Method;
  readonly path: string;
  readonly body?: object;
  /** Who is let through in an active company. */
  readonly open: readonly Position[];
  /** Whether administrators may use it before the company is active. */
  readonly whilePending: boolean;
  readonly succeeds: number;
};

const everyMember: readonly Position[] = ['member', 'viewer', 'editor', 'lead', 'admin'];
const inTheProject: readonly Position[] = ['viewer', 'editor', 'lead', 'admin'];
const leading: readonly Position[] = ['lead', 'admin'];
const admin: readonly Position[] = ['admin'];

/** Every route of the company, and who may use it: the table that the server is held against. */
const routes: readonly Route[] = [
  { method: 'GET', path: `${companyRoute}/members`, open: everyMember, whilePending: true, succeeds: 200 },
  {
    method: 'PATCH',
    path: `${companyRoute}/members/:target`,
    body: { role: 'user' },
    open: admin,
    whilePending: true,
    succeeds: 200,
  },
  {
    method: 'DELETE',
    path: `${companyRoute}/members/:leaver`,
    open: admin,
    whilePending: true,
    succeeds: 204,
  },
  { method: 'GET', path: `${companyRoute}/invitations`, open: admin, whilePending: true, succeeds: 200 },
  {
    method: 'POST',
    path: `${companyRoute}/invitations`,
    body: { emails: ['new@acme.example'], grants: [] },
    open: admin,
    whilePending: true,
    succeeds: 200,
  },
  {
    method: 'POST',
    path: `${companyRoute}/invitations/:invitation/revoke`,
    open: admin,
    whilePending: true,
    succeeds: 200,
  },
  { method: 'GET', path: `${companyRoute}/projects`, open: everyMember, whilePending: false, succeeds: 200 },
  {
    method: 'POST',
    path: `${companyRoute}/projects`,
    body: { slug: 'brand-new', name: 'New' },
    open: admin,
    whilePending: false,
    succeeds: 201,
  },
  {
    method: 'PATCH',
    path: project,
    body: { name: 'Other' },
    open: leading,
    whilePending: false,
    succeeds: 200,
  },
  { method: 'GET', path: `${project}/members`, open: inTheProject, whilePending: false, succeeds: 200 },
  {
    method: 'PUT',
    path: `${project}/members/:target`,
    body: { role: 'viewer' },
    open: leading,
    whilePending: false,
    succeeds: 200,
  },
  { method: 'DELETE', path: `${project}/members/:target`, open: leading, whilePending: false, succeeds: 204 },
];

function expected(route: Route, position: Position, status: Status): string {
  if (position === 'nobody') return '401 unauthenticated';
  if (position === 'stranger') return '404 not_found';
  if (status === 'suspended') return '403 company_suspended';
  const mayPrepare = position === 'admin' && route.whilePending;
  if (status === 'pending' && !mayPrepare) return '403 company_pending';
  return route.open.includes(position) ? `${String(route.succeeds)} ok` : '403 forbidden';
}

let house: House;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => {
  await house.close();
});

let companies = 0;

/** A company with one person in each position, and what the routes are about. */
async function furnish(status: Status) {
  companies += 1;
  const slug = `company-${String(companies)}`;
  const companyId = await house.company(slug, status);
  const projectId = await house.project(companyId, 'apollo');
  const people: Partial<Record<Position, string>> = {};
  for (const position of positions.slice(1)) people[position] = await house.user(position);
  for (const position of everyMember) {
    await house.member(companyId, people[position] ?? '', position === 'admin' ? 'admin' : 'user');
  }
  for (const [position, role] of [
    ['viewer', 'viewer'],
    ['editor', 'editor'],
    ['lead', 'admin'],
  ] as const) {
    await house.projectRole(projectId, people[position] ?? '', role);
  }
  const target = await house.user('Target');
  const leaver = await house.user('Leaver');
  for (const userId of [target, leaver]) await house.member(companyId, userId);
  const invitation = await house.invitation(companyId, 'grace@acme.example');
  const places: Record<string, string> = { slug, project: 'apollo', target, leaver, invitation };
  return { companyId, people, places };
}

function fill(path: string, places: Readonly<Record<string, string>>): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => places[name] ?? 'missing');
}

describe('I-14: every route, every position, every state of the company', () => {
  const matrix = routes.flatMap((route) =>
    statuses.flatMap((status) => positions.map((position) => ({ ...route, route, status, position }))),
  );

  test.each(matrix)(
    '$method $path as $position of a company that is $status',
    async ({ route, status, position }) => {
      const { people, places } = await furnish(status);
      const answer = await house.by(people[position])[route.method](fill(route.path, places), route.body);
      expect(`${String(answer.status)} ${answer.code}`).toBe(expected(route, position, status));
    },
  );

  test('the table names every route there is', () => {
    const served = house.routes.filter((route) => route.includes(companyRoute)).sort();
    expect(served.map((route) => route.replaceAll(/:(?:userId|id)\b/g, ':_'))).toEqual(
      routes
        .map(({ method, path }) => `${method} ${path.replaceAll(/:(?:target|leaver|invitation)\b/g, ':_')}`)
        .sort(),
    );
  });

  test('whoever is refused changes nothing', async () => {
    const { companyId, people, places } = await furnish('active');
    const before = await snapshot(companyId);
    for (const route of routes.filter(({ method }) => method !== 'GET')) {
      for (const position of positions.filter((one) => !route.open.includes(one))) {
        await house.by(people[position])[route.method](fill(route.path, places), route.body);
      }
    }
    expect(await snapshot(companyId)).toEqual(before);
  });
});

async function snapshot(companyId: string): Promise<unknown> {
  const tables = [
    'members',
    'projects',
    'project_members',
    'invitations',
    'invitation_grants',
    'invitation_addresses',
  ];
  const rows = [];
  for (const table of tables) {
    rows.push(await house.sql(`select * from ${table} t where company_id = $1 order by t`, [companyId]));
  }
  return rows;
}

describe('N-01: a foreign company is nowhere', () => {
  test('an administrator of one company finds nothing of another, by any route, whatever ids are known', async () => {
    const own = await furnish('active');
    const foreign = await furnish('active');
    for (const route of routes) {
      const real = await house.by(own.people.admin)[route.method](fill(route.path, foreign.places),
        route.body,
      );
      const made = await house.by(own.people.admin)[route.method](fill(route.path, { ...foreign.places, slug: 'no-such' }),
        route.body,
      );
      expect(withoutReference(real.text), `${route.method} ${route.path}`).toEqual(
        withoutReference(made.text),
      );
      expect([real.status, real.code]).toEqual([404, 'not_found']);
    }
  });

  test('ids of another company in the path of the own one are as unknown as ids that nobody has', async () => {
    const own = await furnish('active');
    const foreign = await furnish('active');
    const before = await snapshot(foreign.companyId);
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
    expect(await snapshot(foreign.companyId)).toEqual(before);
  });

  test('the attempt is in the trail of the company it was aimed at, once', async () => {
    const own = await furnish('active');
    const foreign = await furnish('active');
    await house.by(own.people.admin).GET(fill(`${companyRoute}/members`, foreign.places));
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
    const [one, other] = [await furnish('active'), await furnish('active')];
    const both = await house.user('Both');
    for (const { companyId } of [one, other]) await house.member(companyId, both, 'admin');
    house.signsInThrough(both, one.companyId);
    expect((await house.by(both).GET(fill(`${companyRoute}/members`, one.places))).status).toBe(200);
    expect((await house.by(both).GET(fill(`${companyRoute}/members`, other.places))).status).toBe(404);
    const me = (await house.by(both).GET('/api/v1/me')).json(MeAnswer);
    expect(me.companies.map(({ slug }) => slug)).toEqual([one.places['slug']]);
    expect(me.session).toMatchObject({ company: one.places['slug'] });
  });
});

describe('a project is open to those who have a role in it', () => {
  test('a member cannot tell a project that is not theirs from one that does not exist', async () => {
    const { people, places } = await furnish('active');
    const existing = await house.by(people.member).GET(fill(`${project}/members`, places));
    const missing = await house.by(people.member).GET(fill(`${project}/members`, { ...places, project: 'no-such' }),
    );
    expect([existing.status, withoutReference(existing.text)]).toEqual([
      missing.status,
      withoutReference(missing.text),
    ]);
  });

  test('to an administrator of the company a project that does not exist is not found', async () => {
    const { people, places } = await furnish('active');
    const answer = await house.by(people.admin).PATCH(fill(project, { ...places, project: 'no-such' }), {
      name: 'X',
    });
    expect([answer.status, answer.code]).toEqual([404, 'not_found']);
  });
});

describe('I-12 and I-15: what the body cannot say', () => {
  const smuggled: readonly (readonly [Method, string, object])[] = [
    ['PATCH', `${companyRoute}/members/:target`, { role: 'admin', userId: 'someone-else' }],
    ['PATCH', `${companyRoute}/members/:target`, { role: 'owner' }],
    ['POST', `${companyRoute}/invitations`, { emails: ['x@acme.example'], grants: [], role: 'admin' }],
    [
      'POST',
      `${companyRoute}/invitations`,
      { emails: ['x@acme.example'], grants: [], company_id: 'another' },
    ],
    ['POST', `${companyRoute}/projects`, { slug: 'p-1', name: 'P', company_id: 'another' }],
    ['POST', `${companyRoute}/projects`, { slug: 'p-1', name: 'P', is_staff: true }],
    ['PATCH', project, { name: 'P', slug: 'other' }],
    ['PATCH', project, { id: 'another', status: 'disabled' }],
    ['PUT', `${project}/members/:target`, { role: 'admin', userId: 'someone-else' }],
    ['PUT', `${project}/members/:target`, { role: 'owner' }],
  ];

  test.each(smuggled)('%s %s with %j is refused and changes nothing', async (method, path, body) => {
    const { companyId, people, places } = await furnish('active');
    const before = await snapshot(companyId);
    const answer = await house.by(people.admin)[method](fill(path, places), body);
    expect([answer.status, answer.code]).toEqual([400, 'request_invalid']);
    expect(await snapshot(companyId)).toEqual(before);
  });

  test('nobody makes themselves more than they are', async () => {
    const { companyId, people, places } = await furnish('active');
    const before = await snapshot(companyId);
    const self = `${companyRoute}/members/:self`;
    for (const position of ['member', 'viewer', 'editor', 'lead'] as const) {
      const own = { ...places, self: people[position] ?? '' };
      expect((await house.by(people[position]).PATCH(fill(self, own), { role: 'admin' })).code).toBe(
        'forbidden',
      );
      if (position === 'lead') continue;
      const inProject = fill(`${project}/members/:self`, own);
      expect((await house.by(people[position]).PUT(inProject, { role: 'admin' })).code).toBe('forbidden');
    }
    expect(await snapshot(companyId)).toEqual(before);
  });
});

function withoutReference(text: string): unknown {
  const { reference: _, ...problem } = JSON.parse(text) as Record<string, unknown>; // a problem, which the door renders
  return problem;
}
