import { Project, ProjectMember, listOf } from '@gatehouse/contract';
import { beforeEach, describe, expect, test } from 'vitest';
import { houseOfThisFile } from '../support/house.ts';

const house = await houseOfThisFile();
let slug: string;
let companyId: string;
let ada: string;
let grace: string;
let companies = 0;
beforeEach(async () => {
  companies += 1;
  slug = `company-${String(companies)}`;
  companyId = await house.company(slug);
  ada = await house.user('Ada');
  grace = await house.user('Grace');
  await house.member(companyId, ada, 'admin');
  await house.member(companyId, grace);
});

const url = (rest = '') => `/api/v1/companies/${slug}/projects${rest}`;
const create = (who: string, project: { slug: string; name: string }) => house.by(who).POST(url(), project);
const slugs = async (who: string, query = '') =>
  (await house.by(who).GET(`${url()}${query}`)).json(listOf(Project)).items.map((project) => project.slug);
const put = (who: string, userId: string, role: string) =>
  house.by(who).PUT(url(`/apollo/members/${userId}`), { role });
const remove = (who: string, userId: string) => house.by(who).DELETE(url(`/apollo/members/${userId}`));
const members = async (who: string, query = '') =>
  (await house.by(who).GET(url(`/apollo/members${query}`))).json(listOf(ProjectMember));
const eventsHere = async (type: string) =>
  (await house.events(type)).filter((event) => event.company_id === companyId);

describe('projects', () => {
  test('are created active, under a short name that is free', async () => {
    const created = await create(ada, { slug: 'apollo', name: ' Apollo ' });
    expect([created.status, created.json(Project)]).toMatchObject([
      201,
      { slug: 'apollo', name: 'Apollo', status: 'active' },
    ]);
    const again = await create(ada, { slug: 'apollo', name: 'Another' });
    expect([again.status, again.code]).toEqual([409, 'slug_taken']);
    expect(await eventsHere('project.created')).toHaveLength(1);
  });

  test('N-11: a short name that another company uses is free', async () => {
    const other = await house.company(`other-${slug}`);
    await house.project(other, 'apollo');
    expect((await create(ada, { slug: 'apollo', name: 'Apollo' })).status).toBe(201);
  });

  test('ten at once under one short name make one', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => create(ada, { slug: 'apollo', name: 'Apollo' })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ code }) => code === 'slug_taken')).toHaveLength(9);
  });

  test.each(['A', 'a', '-ab', 'ab-', 'a--b', 'Ab', 'ä-b', 'a b', 'a'.repeat(41)])(
    '%j is no short name',
    async (bad) => {
      expect((await create(ada, { slug: bad, name: 'X' })).code).toBe('request_invalid');
    },
  );

  test('are renamed and paused; saying nothing new changes and records nothing', async () => {
    await create(ada, { slug: 'apollo', name: 'Apollo' });
    for (const change of [
      { name: 'Apollo 11' },
      { status: 'read_only' },
      {},
      { name: 'Apollo 11', status: 'read_only' },
    ]) {
      expect((await house.by(ada).PATCH(url('/apollo'), change)).status).toBe(200);
    }
    const [project] = (await house.by(ada).GET(url())).json(listOf(Project)).items;
    expect(project).toMatchObject({ name: 'Apollo 11', status: 'read_only' });
    expect((await eventsHere('project.changed')).map(({ details }) => details['to'])).toEqual([
      { name: 'Apollo 11', status: 'active' },
      { name: 'Apollo 11', status: 'read_only' },
    ]);
  });

  test('an administrator of the company sees all, a member those they have a role in', async () => {
    const apollo = await house.project(companyId, 'apollo');
    await house.project(companyId, 'gemini');
    await house.projectRole(apollo, grace, 'viewer');
    expect(await slugs(ada)).toEqual(['apollo', 'gemini']);
    expect(await slugs(grace)).toEqual(['apollo']);
    expect(await slugs(ada, '?query=MINI')).toEqual(['gemini']);
    expect(await slugs(ada, '?query=%25')).toEqual([]);
  });

  test('come in pages', async () => {
    for (let n = 0; n < 7; n += 1) await house.project(companyId, `project-${String(n)}`);
    const first = (await house.by(ada).GET(`${url()}?limit=4`)).json(listOf(Project));
    const second = (await house.by(ada).GET(`${url()}?limit=4&cursor=${String(first.nextCursor)}`)).json(
      listOf(Project),
    );
    expect([...first.items, ...second.items].map((project) => project.slug)).toEqual(
      Array.from({ length: 7 }, (_, n) => `project-${String(n)}`),
    );
    expect(second.nextCursor).toBeNull();
  });
});

describe('members of a project', () => {
  beforeEach(async () => {
    await house.project(companyId, 'apollo');
  });

  test('do not wait, with the project locked, for whoever is changing their role in the company', async () => {
    await house.sql('begin');
    try {
      await house.sql(`update members set role = 'admin' where user_id = $1`, [grace]);
      expect((await put(ada, grace, 'viewer')).status).toBe(200);
      expect([(await remove(ada, grace)).status, (await remove(ada, grace)).status]).toEqual([204, 204]);
    } finally {
      await house.sql('rollback');
    }
  });

  test('get a role, another one, and lose it; the same again changes and records nothing', async () => {
    for (const role of ['viewer', 'viewer', 'admin']) {
      const answer = await put(ada, grace, role);
      expect([answer.status, answer.json(ProjectMember)]).toMatchObject([
        200,
        { userId: grace, role, source: 'direct' },
      ]);
    }
    expect([(await remove(ada, grace)).status, (await remove(ada, grace)).status]).toEqual([204, 204]);
    expect(
      (await eventsHere('project_member.changed')).map(({ details }) => [details['from'], details['to']]),
    ).toEqual([
      [null, 'viewer'],
      ['viewer', 'admin'],
    ]);
    expect(await eventsHere('project_member.removed')).toHaveLength(1);
  });

  test('administrators of the company are administrators of every project, and stay so', async () => {
    expect((await members(ada)).items).toMatchObject([{ userId: ada, role: 'admin', source: 'inherited' }]);
    const own = await put(ada, ada, 'viewer');
    expect(own.json(ProjectMember)).toMatchObject({ role: 'admin', source: 'inherited' });
    expect((await remove(ada, ada)).status).toBe(204);
    const answer = await remove(ada, ada);
    expect([answer.status, answer.code]).toEqual([403, 'forbidden']);
    expect((await members(ada)).items).toMatchObject([{ userId: ada, role: 'admin', source: 'inherited' }]);
  });

  test('the last administrator of a project may go: the company keeps one, who is administrator of it too', async () => {
    await put(ada, grace, 'admin');
    expect((await remove(grace, grace)).status).toBe(204);
    expect((await members(ada)).items).toMatchObject([{ userId: ada, role: 'admin' }]);
  });

  test('an administrator of the project gives roles in it without any in the company', async () => {
    const hedy = await house.user('Hedy');
    await house.member(companyId, hedy);
    await put(ada, grace, 'admin');
    expect((await put(grace, hedy, 'editor')).status).toBe(200);
    expect((await put(hedy, hedy, 'admin')).code).toBe('forbidden');
    expect((await members(hedy)).items).toHaveLength(3);
  });

  test('are members of the company: somebody else is not found', async () => {
    const stranger = await house.user('Stranger');
    expect((await put(ada, stranger, 'viewer')).code).toBe('not_found');
    expect((await remove(ada, stranger)).status).toBe(204);
  });

  test('are found by name and come in pages', async () => {
    for (let n = 0; n < 5; n += 1) {
      const userId = await house.user(`Member ${String(n)}`);
      await house.member(companyId, userId);
      await put(ada, userId, 'viewer');
    }
    const first = await members(ada, '?limit=4');
    const second = await members(ada, `?limit=4&cursor=${String(first.nextCursor)}`);
    expect(new Set([...first.items, ...second.items].map(({ userId }) => userId)).size).toBe(6);
    expect(second.nextCursor).toBeNull();
    expect((await members(ada, '?query=member%203')).items).toHaveLength(1);
  });

  test('giving a role to somebody who is just being removed leaves nothing behind', async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      const hedy = await house.user('Hedy');
      await house.member(companyId, hedy);
      const [given, removed] = await Promise.all([
        put(ada, hedy, 'viewer'),
        house.by(ada).DELETE(`/api/v1/companies/${slug}/members/${hedy}`),
      ]);
      expect(['ok', 'not_found']).toContain(given.code);
      expect(removed.status).toBe(204);
      expect(await house.sql('select from project_members where user_id = $1', [hedy])).toEqual([]);
    }
  });
});
