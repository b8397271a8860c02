import { Client } from 'pg';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { routes } from '../support/company-routes.ts';
import { fill, furnish, snapshot } from '../support/furnished-company.ts';
import type { Furnished } from '../support/furnished-company.ts';
import { houseOfThisFile } from '../support/house.ts';

/** A statement as somebody would have written it who forgot which company it is about. */
function withoutCompany(text: string): string {
  return text
    .replaceAll(/((?:"?\w+"?\.)?"?company_id"?) = (\$\d+)/g, '($1 = $2 or true)')
    .replaceAll(/("companies"\."id"|(?<=from "companies" where )"id") = (\$\d+)/g, '($1 = $2 or true)');
}

let isForgetful = false;
const forgotten = new Set<string>();
const send: (...args: unknown[]) => unknown = Client.prototype.query;
Client.prototype.query = function (this: Client, ...args: unknown[]) {
  const [text, ...values] = args;
  if (!isForgetful || typeof text !== 'string') return send.apply(this, args);
  const mutant = withoutCompany(text);
  if (mutant !== text) forgotten.add(mutant);
  return send.apply(this, [mutant, ...values]);
} as typeof Client.prototype.query;

const house = await houseOfThisFile();
let own: Furnished;
let foreign: Furnished;

beforeAll(async () => {
  [own, foreign] = [await furnish(house), await furnish(house)];
  await house.project(foreign.companyId, 'foreign-only');
});
afterEach(() => {
  isForgetful = false;
});

const admin = () => house.by(own.people.admin);

describe('where every statement forgets its company, row-level security still tells them apart', () => {
  test('the mutant is one: for the administrator of the database it reads everybody’s rows', async () => {
    const text = withoutCompany('select company_id from members where company_id = $1');
    const seen = await house.sql<{ company_id: string }>(text, [own.companyId]);
    expect(new Set(seen.map((row) => row.company_id))).toEqual(new Set([own.companyId, foreign.companyId]));
  });

  test('each list shows what it showed, searched and filtered too', async () => {
    for (const { path } of routes.filter(({ method }) => method === 'GET')) {
      for (const question of ['', '?query=e', '?query=leaver', '?limit=1']) {
        const url = `${fill(path, own.places)}${question}`;
        isForgetful = false;
        const careful = await admin().GET(url);
        isForgetful = true;
        const forgetful = await admin().GET(url);
        expect([forgetful.status, forgetful.text], url).toEqual([200, careful.text]);
      }
    }
  });

  test('what belongs to another company is not found, by any route', async () => {
    const before = await snapshot(house, foreign.companyId);
    isForgetful = true;
    for (const { method, path, body } of routes) {
      const abroad = await admin()[method](fill(path, foreign.places), body);
      expect(abroad.status, `${method} ${path}`).toBe(404);
      const theirs = { ...foreign.places, slug: String(own.places['slug']), project: 'foreign-only' };
      if (!/:(?:project|target|leaver|invitation)/.test(path)) continue;
      expect((await admin()[method](fill(path, theirs), body)).status, `${method} ${path}`).toBe(404);
    }
    isForgetful = false;
    expect(await snapshot(house, foreign.companyId)).toEqual(before);
  });

  test('each change happens here, and nothing changes there', async () => {
    const before = await snapshot(house, foreign.companyId);
    for (const { method, path, body, succeeds } of routes.filter((route) => route.method !== 'GET')) {
      const here = await furnish(house); // a change without its company reaches everything in it
      isForgetful = true;
      const answer = await house.by(here.people.admin)[method](fill(path, here.places), body);
      isForgetful = false;
      expect(answer.status, `${method} ${path} ${answer.text}`).toBe(succeeds);
    }
    expect(await snapshot(house, foreign.companyId)).toEqual(before);
    expect(forgotten.size).toBeGreaterThan(routes.length);
  });
});
