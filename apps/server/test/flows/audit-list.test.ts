import { AuditEvent, listOf } from '@gatehouse/contract';
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
    const origin = { address: '127.0.0.1', userAgent: 'a test', reference: expect.stringMatching(/^\w{8}$/) };
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
});
