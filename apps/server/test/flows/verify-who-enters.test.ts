import { decodeJwt } from 'jose';
import { describe, expect } from 'vitest';
import type { Browser } from '../support/browser.ts';
import { assertionOf, gatePeople, groupsOf } from '../support/gate-people.ts';
import { meOf, signInAs } from '../support/people.ts';
import { environmentOf, test } from '../support/world.ts';

describe('who may come in', () => {
  test('by company: a member of an active one', async ({ w }) => {
    const { makeCompany, acmeId, join, lastFinding } = gatePeople(w);
    const ada = await signInAs(w, 'github', 'ada', w.browser);
    const [gina, ben] = [await signInAs(w, 'google', 'gina'), await signInAs(w, 'azure', 'ben')];
    await join(await acmeId(), ben);
    for (const slug of ['active', 'pending', 'suspended'])
      await join(await makeCompany(`is-${slug}`, slug), ben, 'admin');
    const table: readonly (readonly [Browser, string, string])[] = [
      [ada, '', 'admin'],
      [ada, '?company=acme', 'admin'],
      [ada, '?company=is-active', 'not_a_member'],
      [ada, '?company=nowhere', 'not_a_member'],
      [ada, '?company=ACME', 'not_a_member'],
      [ada, '?company=', 'not_a_member'],
      [gina, '', 'not_a_member'],
      [gina, '?company=nowhere', 'not_a_member'],
      [ben, '', 'user'],
      [ben, '?company=is-active', 'admin'],
      [ben, '?company=is-pending', 'company_not_active'],
      [ben, '?company=is-suspended', 'company_not_active'],
    ];
    // Twice: the second time it is known.
    for (const [browser, query, said] of [...table, ...table]) {
      const answer = await browser.get(`/auth/verify${query}`);
      const isGroup = ['admin', 'user'].includes(said);
      expect(answer.status, `${query} ${said}`).toBe(isGroup ? 200 : 403);
      if (isGroup) expect(groupsOf(answer)).toBe(said);
      else expect([answer, lastFinding()]).toEqual([expect.objectContaining({ status: 403 }), said]);
    }
  });

  test('where no company is the deployment’s, one has to be named', async ({ w }) => {
    const { lastFinding } = gatePeople(w);
    await signInAs(w, 'github', 'ada', w.browser);
    await w.start({ CLOUDGRID_AUTH_COMPANY_ID: undefined });
    expect(await w.browser.get('/auth/verify')).toBeProblem(403, 'forbidden');
    expect(lastFinding()).toBe('company_not_named');
    expect((await w.browser.get('/auth/verify?company=acme')).status).toBe(200);
  });

  test('by project: with the role asked for at least, while the project is open', async ({ w }) => {
    const { acmeId, join, makeProjects, lastFinding } = gatePeople(w);
    const ada = await signInAs(w, 'github', 'ada', w.browser);
    const ben = await signInAs(w, 'azure', 'ben');
    const companyId = await acmeId();
    await join(companyId, ben);
    const projects = [
      { slug: 'seen', role: 'viewer' },
      { slug: 'edited', role: 'editor' },
      { slug: 'led', role: 'admin' },
      { slug: 'frozen', role: 'admin', status: 'read_only' },
      { slug: 'closed', role: 'admin', status: 'disabled' },
      { slug: 'foreign' },
    ];
    await makeProjects(companyId, projects, ben);
    await expect
      .poll(async () => (await meOf(ada)).companies.flatMap((one) => one.projects).length)
      .toBe(projects.length);
    const table: readonly (readonly [Browser, string, string])[] = [
      [ben, 'seen', 'user,seen:viewer'],
      [ben, 'seen&role=viewer', 'user,seen:viewer'],
      [ben, 'seen&role=editor', 'role_too_low'],
      [ben, 'edited&role=editor', 'user,edited:editor'],
      [ben, 'edited&role=admin', 'role_too_low'],
      [ben, 'led&role=admin', 'user,led:admin'],
      [ben, 'frozen', 'user,frozen:admin'],
      [ben, 'frozen&role=viewer', 'user,frozen:admin'],
      [ben, 'frozen&role=editor', 'project_read_only'],
      [ben, 'closed', 'project_disabled'],
      [ben, 'foreign', 'no_role_in_project'],
      [ben, 'nowhere', 'no_role_in_project'],
      [ada, 'foreign&role=admin', 'admin,foreign:admin'],
      [ada, 'frozen&role=editor', 'project_read_only'],
      [ada, 'closed', 'project_disabled'],
      [ada, 'nowhere', 'no_role_in_project'],
    ];
    for (const [browser, query, said] of [...table, ...table]) {
      const answer = await browser.get(`/auth/verify?project=${query}`);
      expect(answer.status === 200 ? groupsOf(answer) : lastFinding(), query).toBe(said);
      expect(answer.status, query).toBe(said.includes(':') ? 200 : 403);
    }
    expect((await ben.get('/auth/verify?role=viewer')).status).toBe(403);
    expect(lastFinding()).toBe('project_not_named');
  });

  test('whoever is in two companies is announced with the roles of the one alone', async ({ w }) => {
    const { makeCompany, join, makeProjects } = gatePeople(w);
    const ada = await signInAs(w, 'github', 'ada', w.browser);
    const other = await makeCompany('other');
    await join(other, ada);
    await makeProjects(other, [{ slug: 'secret', role: 'editor' }], ada);
    const home = await ada.get('/auth/verify');
    const away = await ada.get('/auth/verify?company=other&project=secret');
    expect([groupsOf(home), groupsOf(away)]).toEqual(['admin', 'user,secret:editor']);
    expect(decodeJwt(assertionOf(home))).toMatchObject({ org_slug: 'acme', roles: ['admin'] });
    expect(decodeJwt(assertionOf(away))).toMatchObject({
      org_slug: 'other',
      roles: ['user', 'secret:editor'],
    });
  });

  test('where nobody signs in it is the one person, in the company Personal', async ({ w }) => {
    const names = Object.keys(environmentOf(w, w.publicOrigin, w.database)).filter((name) =>
      /_AUTH_|_SESSION_/.test(name),
    );
    const unset = Object.fromEntries(names.map((name) => [name, undefined]));
    await w.start({ ...unset, CLOUDGRID_DEPLOYMENT_MODE: 'local', CLOUDGRID_AUTH_MODE: 'local' });
    const answer = await w.browser.get('/auth/verify');
    expect([answer.status, groupsOf(answer)]).toEqual([200, 'admin']);
    expect(answer.headers).not.toHaveProperty('x-auth-request-email');
    expect(decodeJwt(assertionOf(answer))).toMatchObject({ org_slug: 'personal', name: 'You' });
    expect((await w.browser.get('/auth/verify?company=acme')).status).toBe(403);
  });
});
