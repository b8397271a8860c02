import { randomUUID } from 'node:crypto';
import { METHODS } from 'node:http';
import { decodeJwt } from 'jose';
import { describe, expect } from 'vitest';
import type { Answer, Browser } from '../support/browser.ts';
import { meOf, signInAs } from '../support/people.ts';
import { environmentOf, test } from '../support/world.ts';
import type { World } from '../support/world.ts';

const methods = METHODS.filter((method) => method !== 'CONNECT');

async function makeCompany(w: World, slug: string, status = 'active'): Promise<string> {
  const id = randomUUID();
  await w.sql('insert into companies values ($1, $2, $3, $4, now(), null)', [id, slug, slug, status]);
  await w.sql('insert into company_slugs values ($1, $2)', [slug, id]);
  return id;
}

async function acmeId(w: World): Promise<string> {
  const [row] = await w.sql<{ id: string }>(`select id from companies where slug = 'acme'`);
  return row?.id ?? '';
}

async function join(w: World, companyId: string, browser: Browser, role = 'user'): Promise<void> {
  const { user } = await meOf(browser);
  await w.sql('insert into members values ($1, $2, $3, now())', [companyId, user.id, role]);
  await expect.poll(async () => (await meOf(browser)).companies.map(({ id }) => id)).toContain(companyId);
}

type ProjectRow = { readonly slug: string; readonly status?: string; readonly role?: string };

async function makeProjects(w: World, companyId: string, projects: readonly ProjectRow[], who: Browser) {
  const { user } = await meOf(who);
  for (const { slug, status = 'active', role } of projects) {
    const id = randomUUID();
    await w.sql('insert into projects values ($1, $2, $3, $4, $5, now())', [
      companyId,
      id,
      slug,
      slug,
      status,
    ]);
    if (role !== undefined)
      await w.sql('insert into project_members values ($1, $2, $3, $4)', [companyId, id, user.id, role]);
  }
  await expect
    .poll(async () => (await meOf(who)).companies.flatMap((one) => one.projects).length)
    .toBeGreaterThan(0);
}

/** What the log says of the last refusal. */
function lastFinding(w: World): unknown {
  const lines = w.logLines.map((line) => JSON.parse(line) as { finding?: string });
  return lines.findLast(({ finding }) => finding !== undefined)?.finding;
}

const groupsOf = (answer: Answer) => answer.headers['x-auth-request-groups'];
const assertionOf = (answer: Answer) => String(answer.headers['x-gatehouse-assertion']);

describe('the proxy asks', () => {
  test('with any method, path below and body, and gets the same answer', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    expect(methods).toContain('PROPFIND');
    for (const method of methods)
      for (const path of ['/auth/verify', '/auth/verify/x/y.php?z=1', '/auth/verify']) {
        const admitted = await w.browser.ask(path, { method, as: 'api' });
        expect([admitted.status, admitted.body], `${method} ${path}`).toEqual([200, '']);
        expect(admitted.headers['cache-control']).toContain('no-store');
        expect(admitted.headers).not.toHaveProperty('set-cookie');
        const refused = await w.otherBrowser.ask(path, { method, as: 'api' });
        expect(refused.status, `${method} ${path}`).toBe(401);
        if (method !== 'HEAD') expect(refused).toBeProblem(401, 'unauthenticated');
      }
    for (const type of [
      'text/xml',
      'application/json',
      'multipart/form-data; boundary=x',
      'no type at all',
    ]) {
      const ask = { method: 'POST', as: 'api', headers: { 'content-type': type }, json: 'x'.repeat(200_000) };
      for (const browser of [w.browser, w.otherBrowser]) {
        const answer = await browser.ask('/auth/verify', ask as Parameters<Browser['ask']>[1]);
        expect(answer.status, type).toBe(browser === w.browser ? 200 : 401);
      }
    }
  });

  test('as from anywhere, for the host and the origin are the application’s', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const headers = { host: 'app.internal', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    for (let times = 0; times < 2; times += 1)
      expect((await w.browser.ask('/auth/verify', { method: 'POST', headers })).status).toBe(200);
    expect((await w.otherBrowser.ask('/auth/verify', { method: 'POST', headers })).status).toBe(401);
  });

  test('S-22 and learns who it is and nothing else; never with a redirect', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const gina = await signInAs(w, 'google', 'gina');
    for (const [browser, status] of [
      [w.browser, 200],
      [w.otherBrowser, 401],
      [gina, 403],
    ] as const)
      for (const headers of [
        { 'sec-fetch-mode': 'navigate', accept: 'text/html' },
        { accept: 'text/html' },
        { 'x-forwarded-uri': '/reports' },
      ])
        for (const path of ['/auth/verify', '/auth/verify/x']) {
          const answer = await browser.ask(path, { headers });
          expect(answer.status).toBe(status);
          expect(answer.headers).not.toHaveProperty('location');
        }
    const ours = Object.keys((await w.browser.get('/auth/verify')).headers).filter((name) =>
      /^x-(?:auth|g)/.test(name),
    );
    expect(ours.sort()).toEqual([
      ...['x-auth-request-email', 'x-auth-request-groups', 'x-auth-request-user', 'x-gatehouse-assertion'],
    ]);
  });

  test('and is told where a person may be sent instead', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const pageOf = async (headers: Readonly<Record<string, string>>, browser = w.otherBrowser) =>
      (await browser.ask('/auth/verify', { headers })).headers['x-gatehouse-page'];
    const link = '/reports/7?tab=all&of=a%26b';
    const signIn = `/sign-in?${new URLSearchParams({ returnTo: link }).toString()}`;
    expect(await pageOf({ 'x-forwarded-uri': link })).toBe(signIn);
    expect(await pageOf({ 'x-original-uri': link })).toBe(signIn);
    for (const elsewhere of [
      '//evil.example',
      'https://evil.example/',
      '/\\evil',
      '/auth/login',
      '/api/v1/me',
      '/',
    ])
      expect(await pageOf({ 'x-forwarded-uri': elsewhere }), elsewhere).toBe('/sign-in');
    expect(await pageOf({})).toBe('/sign-in');
    const gina = await signInAs(w, 'google', 'gina');
    const refused = await gina.get('/auth/verify');
    const { reference } = refused.json() as { reference: string };
    expect(refused.headers['x-gatehouse-page']).toBe(`/auth/error?code=forbidden&ref=${reference}`);
    expect(refused.headers['x-gatehouse-reference']).toBe(reference);
    expect(await pageOf({}, w.browser)).toBeUndefined();
  });

  test('S-23 for a path that leads elsewhere, and it leads nowhere', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    for (const path of [
      '/auth/verify/..%2f..%2fapi/v1/me',
      '/auth/verify/%252e%252e/login',
      '/auth/verify//evil.example/',
    ]) {
      const answer = await w.browser.ask(path);
      expect([200, 400, 404], path).toContain(answer.status);
      expect(answer.body, path).not.toContain('displayName');
      expect(answer.location?.origin ?? w.publicOrigin.origin, path).toBe(w.publicOrigin.origin);
    }
  });

  test('about something it misspelled, and nobody is let in by mistake', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    for (const query of ['projct=alpha', 'company=acme&company=other', 'role=owner&project=alpha', 'role='])
      expect(await w.browser.get(`/auth/verify?${query}`), query).toBeProblem(400, 'request_invalid');
  });
});

describe('who may come in', () => {
  test('by company: a member of an active one', async ({ w }) => {
    const ada = await signInAs(w, 'github', 'ada', w.browser);
    const [gina, ben] = [await signInAs(w, 'google', 'gina'), await signInAs(w, 'azure', 'ben')];
    await join(w, await acmeId(w), ben);
    for (const slug of ['active', 'pending', 'suspended'])
      await join(w, await makeCompany(w, `is-${slug}`, slug), ben, 'admin');
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
      else expect([answer, lastFinding(w)]).toEqual([expect.objectContaining({ status: 403 }), said]);
    }
  });

  test('where no company is the deployment’s, one has to be named', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    await w.start({ CLOUDGRID_AUTH_COMPANY_ID: undefined });
    expect(await w.browser.get('/auth/verify')).toBeProblem(403, 'forbidden');
    expect(lastFinding(w)).toBe('company_not_named');
    expect((await w.browser.get('/auth/verify?company=acme')).status).toBe(200);
  });

  test('by project: with the role asked for at least, while the project is open', async ({ w }) => {
    const ada = await signInAs(w, 'github', 'ada', w.browser);
    const ben = await signInAs(w, 'azure', 'ben');
    const companyId = await acmeId(w);
    await join(w, companyId, ben);
    const projects = [
      { slug: 'seen', role: 'viewer' },
      { slug: 'edited', role: 'editor' },
      { slug: 'led', role: 'admin' },
      { slug: 'frozen', role: 'admin', status: 'read_only' },
      { slug: 'closed', role: 'admin', status: 'disabled' },
      { slug: 'foreign' },
    ];
    await makeProjects(w, companyId, projects, ben);
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
      expect(answer.status === 200 ? groupsOf(answer) : lastFinding(w), query).toBe(said);
      expect(answer.status, query).toBe(said.includes(':') ? 200 : 403);
    }
    expect((await ben.get('/auth/verify?role=viewer')).status).toBe(403);
    expect(lastFinding(w)).toBe('project_not_named');
  });

  test('whoever is in two companies is announced with the roles of the one alone', async ({ w }) => {
    const ada = await signInAs(w, 'github', 'ada', w.browser);
    const other = await makeCompany(w, 'other');
    await join(w, other, ada);
    await makeProjects(w, other, [{ slug: 'secret', role: 'editor' }], ada);
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

describe('the cookie', () => {
  test('is seen behind credentials of the application’s own, whatever they are', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    for (const authorization of ['Bearer abc.def.ghi', 'Basic dTpw', 'Negotiate YII=', 'bearer', 'x'])
      for (const method of ['GET', 'POST', 'DELETE']) {
        const answer = await w.browser.ask('/auth/verify', { method, as: 'api', headers: { authorization } });
        expect(answer.status, `${method} ${authorization}`).toBe(200);
      }
  });

  test('S-04 that came twice is nobody’s, and is cleared; one that is forged is nobody’s', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const own = `gatehouse=${w.browser.cookies.get('gatehouse') ?? ''}`;
    expect((await w.browser.get('/auth/verify')).status).toBe(200);
    for (const cookie of [`${own}; ${own}`, `${own}; gatehouse=planted`, `gatehouse=; x=1; ${own}`]) {
      const answer = await w.otherBrowser.ask('/auth/verify', { as: 'api', headers: { cookie } });
      expect(answer, cookie).toBeProblem(400, 'cookie_duplicate');
      expect(answer.headers['clear-site-data']).toBe('"cookies"');
    }
    for (const cookie of [
      `${own}x`,
      own.slice(0, -1),
      own.toUpperCase(),
      `${own}.`,
      'gatehouse=',
      'gatehouse',
    ])
      expect(
        (await w.otherBrowser.ask('/auth/verify', { as: 'api', headers: { cookie } })).status,
        cookie,
      ).toBe(401);
  });

  test('S-20 D-12 among 60 kB of others is read; among more than 64 kB nobody reads it', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const ask = (bytes: number) => {
      const cookie = `${w.browser.cookieHeader()}; junk=`.padEnd(bytes, 'j');
      return w.browser.ask('/auth/verify', { as: 'api', headers: { cookie } });
    };
    for (let times = 0; times < 2; times += 1) {
      expect((await ask(60_000)).status).toBe(200);
      const refused = await ask(66_000);
      expect(refused).toBeProblem(431, 'headers_too_large');
      expect(refused.headers['clear-site-data']).toBe('"cookies"');
    }
  });

  test('S-24 that nobody can look up opens nothing and ends nothing', async ({ w }) => {
    const ada = await signInAs(w, 'github', 'ada', w.browser);
    await w.stop();
    await w.start();
    await w.sql('alter table sessions rename to sessions_away');
    const answer = await ada.get('/auth/verify');
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(answer.headers).not.toHaveProperty('x-auth-request-user');
    expect(answer.setCookies).toEqual([]);
    await w.sql('alter table sessions_away rename to sessions');
    expect((await ada.get('/auth/verify')).status).toBe(200);
  });
});

describe('the assertion', () => {
  test('is the same for half a minute, then a new one; each is good for a minute', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const first = assertionOf(await w.browser.get('/auth/verify'));
    const { user, session } = await meOf(w.browser);
    const claims = decodeJwt(first);
    expect(claims).toMatchObject({
      iss: 'http://localhost:3000',
      aud: 'localhost:3000',
      sub: user.id,
      sid: session.id,
      org_slug: 'acme',
      roles: ['admin'],
      name: 'Ada Byron',
      email: 'ada@acme.example',
    });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(60);
    w.clock.advance(29_000);
    expect(assertionOf(await w.browser.get('/auth/verify'))).toBe(first);
    w.clock.advance(2_000);
    const second = assertionOf(await w.browser.get('/auth/verify'));
    expect(second).not.toBe(first);
    expect(Number(decodeJwt(second).iat) - Number(claims.iat)).toBeGreaterThanOrEqual(30);
    const elsewhere = await signInAs(w, 'github', 'ada');
    expect(decodeJwt(assertionOf(await elsewhere.get('/auth/verify')))['sid']).not.toBe(session.id);
  });

  test('says another role as soon as there is one', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const first = assertionOf(await w.browser.get('/auth/verify'));
    await w.sql(`update members set role = 'user'`);
    await expect
      .poll(async () => groupsOf(await w.browser.get('/auth/verify')), { timeout: 1_000 })
      .toBe('user');
    const second = assertionOf(await w.browser.get('/auth/verify'));
    expect(second).not.toBe(first);
    expect(decodeJwt(second)['roles']).toEqual(['user']);
  });

  test('opens nothing of ours, as a token or as a cookie', async ({ w }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const assertion = assertionOf(await w.browser.get('/auth/verify'));
    for (const headers of [
      { authorization: `Bearer ${assertion}` },
      { cookie: `gatehouse=${assertion}` },
      { 'x-gatehouse-assertion': assertion },
    ])
      for (const path of ['/api/v1/me', '/auth/verify'])
        expect((await w.otherBrowser.ask(path, { as: 'api', headers })).status).toBe(401);
  });

  test('carries a name in any script, and no address that nobody verified', async ({ w }) => {
    await signInAs(w, 'github', 'ada');
    const [cleo, finn] = [await signInAs(w, 'azure', 'cleo'), await signInAs(w, 'azure', 'finn')];
    for (const browser of [cleo, finn]) await join(w, await acmeId(w), browser);
    const named = await cleo.get('/auth/verify');
    expect(named.status).toBe(200);
    expect(decodeJwt(assertionOf(named))['name']).toBe('渡辺 クレオ');
    expect(named.headers['x-auth-request-email']).toBe('cleo@contoso.example');
    for (let times = 0; times < 2; times += 1) {
      const answer = await finn.get('/auth/verify');
      expect(answer.status).toBe(200);
      expect(answer.headers).not.toHaveProperty('x-auth-request-email');
      expect(decodeJwt(assertionOf(answer))).not.toHaveProperty('email');
    }
  });
});
