import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Answer, Browser } from './browser.ts';
import { meOf } from './people.ts';
import type { World } from './world.ts';

type ProjectRow = { readonly slug: string; readonly status?: string; readonly role?: string };

/** Companies and projects of the world's, written by the database's administrator, for people who are signed in. */
export function gatePeople(w: World) {
  async function makeCompany(slug: string, status = 'active'): Promise<string> {
    const id = randomUUID();
    await w.sql('insert into companies values ($1, $2, $3, $4, now(), null)', [id, slug, slug, status]);
    await w.sql('insert into company_slugs values ($1, $2)', [slug, id]);
    return id;
  }

  async function acmeId(): Promise<string> {
    const [row] = await w.sql<{ id: string }>(`select id from companies where slug = 'acme'`);
    return row?.id ?? '';
  }

  async function join(companyId: string, browser: Browser, role = 'user'): Promise<void> {
    const { user } = await meOf(browser);
    await w.sql('insert into members values ($1, $2, $3, now())', [companyId, user.id, role]);
    await expect.poll(async () => (await meOf(browser)).companies.map(({ id }) => id)).toContain(companyId);
  }

  async function makeProjects(companyId: string, projects: readonly ProjectRow[], who: Browser) {
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
  function lastFinding(): unknown {
    const lines = w.logLines.map((line) => JSON.parse(line) as { finding?: string });
    return lines.findLast(({ finding }) => finding !== undefined)?.finding;
  }

  return { makeCompany, acmeId, join, makeProjects, lastFinding };
}

export const groupsOf = (answer: Answer) => answer.headers['x-auth-request-groups'];
export const assertionOf = (answer: Answer) => String(answer.headers['x-gatehouse-assertion']);
