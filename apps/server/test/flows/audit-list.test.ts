import { AuditEvent, Problem, listOf } from '@gatehouse/contract';
import { beforeAll, describe, expect, test } from 'vitest';
import { fill, furnish } from '../support/furnished-company.ts';
import type { Furnished } from '../support/furnished-company.ts';
import { houseOfThisFile } from '../support/house.ts';

const house = await houseOfThisFile();
const pattern = '/api/v1/companies/:slug/audit';

let acme: Furnished;
let other: Furnished;

beforeAll(async () => {
  [acme, other] = [await furnish(house), await furnish(house)];
  for (const { people, places } of [acme, other]) {
    const [admin, base] = [house.by(people.admin), `/api/v1/companies/${places['slug'] ?? ''}`];
    await house.by(people.member).GET(`${base}/invitations`); // refused
    await admin.POST(`${base}/projects`, { slug: 'gemini', name: 'Gemini' });
    await admin.POST(`${base}/projects`, { slug: 'gemini', name: 'Twin' }); // refused
    await admin.PUT(`${base}/projects/gemini/members/${places['target'] ?? ''}`, { role: 'viewer' });
    await admin.POST(`${base}/invitations`, { emails: ['hedy@acme.example'], grants: [] });
    await admin.DELETE(`${base}/members/${places['leaver'] ?? ''}`);
  }
});

async function list(query: Record<string, string> = {}, { people, places } = acme) {
  const url = `${fill(pattern, places)}?${new URLSearchParams(query).toString()}`;
  const answer = await house.by(people.admin).GET(url);
  expect(answer.status, answer.text).toBe(200);
  return answer.json(listOf(AuditEvent));
}

describe('an administrator reads what happened in the company', () => {
  test('newest first: who did what to whom, from where, and what was refused', async () => {
    const { items, nextCursor } = await list();
    expect(nextCursor).toBeNull();
    expect(items.map(({ type }) => type)).toEqual([
      'member.removed',
      'invitation.created',
      'project_member.changed',
      'access.refused',
      'project.created',
      'access.refused',
    ]);
    const by = { kind: 'user', userId: acme.people.admin, displayName: 'admin' };
    const origin = { address: '127.0.0.1', userAgent: 'a test' };
    for (const { reference } of items) expect(reference).toMatch(/^\w{8}$/);
    const [removed, invited, assigned, taken, created, refused] = items;
    expect(removed).toMatchObject({ result: 'succeeded', actor: by, ...origin });
    expect(removed?.subject, 'who has left has no name here').toEqual({
      id: acme.places['leaver'],
      name: null,
    });
    expect(invited?.subject?.name).toBe('hedy@acme.example');
    expect(assigned).toMatchObject({ subject: { name: 'Target' }, details: { from: null, to: 'viewer' } });
    expect(taken).toMatchObject({ result: 'refused', reason: 'slug_taken', actor: by, subject: null });
    expect(created?.subject?.name).toBe('Gemini');
    expect(refused).toMatchObject({
      result: 'refused',
      reason: 'forbidden',
      actor: { userId: acme.people.member, displayName: 'member' },
      details: { action: 'invitations.read' },
      ...origin,
    });
  });

  test('a page at a time, each event once, whatever happens meanwhile', async () => {
    const all = (await list()).items.map(({ id }) => id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: AuditEvent[]; nextCursor: string | null } = await list({
        limit: '2',
        ...(cursor !== null && { cursor }),
      });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(all);
  });

  test('by who, what, outcome, time, reference and part of an id', async () => {
    const { items } = await list();
    const found = async (query: Record<string, string>) => (await list(query)).items.map(({ id }) => id);
    const of = (isFound: (event: AuditEvent) => boolean) => items.filter(isFound).map(({ id }) => id);
    const [newest, second] = items;
    const member = acme.people.member ?? '';
    expect(await found({ actor: member })).toEqual(of(({ actor }) => actor.userId === member));
    expect(await found({ type: 'project.created' })).toEqual(of(({ type }) => type === 'project.created'));
    expect(await found({ type: 'project' })).toEqual(of(({ type }) => type.startsWith('project.')));
    expect(await found({ type: 'projec' })).toEqual([]);
    expect(await found({ result: 'refused' })).toEqual(of(({ result }) => result === 'refused'));
    expect(await found({ from: newest?.at ?? '' })).toEqual(of(({ at }) => at >= (newest?.at ?? '')));
    expect(await found({ until: newest?.at ?? '' })).toEqual(of(({ at }) => at < (newest?.at ?? '')));
    const spoken = second?.reference?.toLowerCase().replace(/^.{4}/, '$& ') ?? '';
    expect(await found({ query: spoken })).toEqual(of(({ reference }) => reference === second?.reference));
    const part = newest?.subject?.id.slice(3, -3) ?? '';
    expect(await found({ query: part })).toEqual(of(({ subject }) => subject?.id.includes(part) ?? false));
    expect(await found({ query: '%' })).toEqual([]);
  });

  test.each([
    { type: 'Invitation' },
    { type: 'a.b.c' },
    { actor: 'ada' },
    { result: 'maybe' },
    { from: 'yesterday' },
    { limit: '201' },
    { cursor: 'xyz' },
    { format: 'xml' },
    { company_id: 'another' },
  ])('what cannot be meant is refused: %j', async (query) => {
    const url = `${fill(pattern, acme.places)}?${new URLSearchParams(query).toString()}`;
    const answer = await house.by(acme.people.admin).GET(url);
    expect([answer.status, answer.code]).toEqual([400, 'request_invalid']);
  });
});

describe('N-13: the trail of one company shows nothing of another', () => {
  test('not in a list, not under any filter, not in an export, and by no cursor', async () => {
    const foreign = new Set((await list({}, other)).items.map(({ id }) => id));
    expect(foreign.size).toBe(6);
    const own = (await list()).items.map(({ id }) => id);
    for (const query of [
      {},
      { actor: other.people.admin ?? '' },
      { query: other.places['leaver'] ?? '' },
      { query: other.companyId },
    ]) {
      for (const { id } of (await list(query)).items) expect(own).toContain(id);
    }
    const url = fill(pattern, acme.places);
    const exported = await house.by(acme.people.admin).GET(`${url}?format=ndjson`);
    for (const id of foreign) expect(exported.text).not.toContain(id);
    const { nextCursor } = await list({ limit: '1' }, other);
    const strayed = await house.by(acme.people.admin).GET(`${url}?cursor=${String(nextCursor)}`);
    expect([strayed.status, strayed.code]).toEqual([400, 'request_invalid']);
  });

  test('an administrator of another company is told of no trail, and it shows in the one that was asked for', async () => {
    const { reference } = (
      await house.by(acme.people.admin).GET(fill(`${pattern}?format=csv`, other.places))
    ).json(Problem);
    const [attempt] = (await list({ query: reference }, other)).items;
    expect(attempt).toMatchObject({ type: 'access.refused', reason: 'not_found', reference });
    expect(attempt?.actor, 'a stranger has no name here').toEqual({
      kind: 'user',
      userId: acme.people.admin,
      displayName: null,
    });
  });
});
