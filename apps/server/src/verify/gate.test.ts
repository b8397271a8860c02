import { expect, test } from 'vitest';
import { openGate } from './gate.ts';
import type { GateDeps, Person } from './gate.ts';

const member = (slug: string) => ({
  id: `${slug}-id`,
  slug,
  status: 'active' as const,
  role: 'user' as const,
  projects: [],
});
const ada: Person = {
  user: { id: 'ada', displayName: 'Ada', email: null },
  companies: [member('acme'), member('other')],
};

function gateOf(over: Partial<GateDeps> = {}) {
  const signed: unknown[] = [];
  const gate = openGate({
    clock: { now: () => new Date(0), monotonicMs: () => 0 },
    personOf: () => ada,
    knownPerson: () => ada,
    sign: (claims) => Promise.resolve(`assertion ${signed.push(claims)}`),
    defaultCompany: 'acme',
    ...over,
  });
  return { gate, signed };
}

const visitor = { id: 'session', userId: 'ada' };

test('a session of one company’s connection opens that company alone', async () => {
  const { gate } = gateOf();
  const bound = { ...visitor, companyId: 'other-id' };
  expect(await gate.enter(bound, {})).toEqual({ outcome: 'refused', reason: 'not_a_member' });
  expect(await gate.mayStay(bound, {})).toBe(false);
  expect(await gate.enter(bound, { company: 'other' })).toMatchObject({ outcome: 'admitted' });
  expect(await gate.mayStay(bound, { company: 'other' })).toBe(true);
});

test('all who ask at once get one assertion, for each company its own', async () => {
  const { gate, signed } = gateOf();
  const asked = await Promise.all(Array.from({ length: 20 }, async () => await gate.enter(visitor, {})));
  expect(new Set(asked.map((verdict) => JSON.stringify(verdict))).size).toBe(1);
  expect(signed).toHaveLength(1);
  await gate.enter(visitor, { company: 'other' });
  await gate.enter({ ...visitor, id: 'another session' }, {});
  expect(signed).toHaveLength(3);
  await gate.mayStay({ ...visitor, id: 'a third' }, {});
  expect(signed).toHaveLength(3);
});

test('one that could not be signed is tried again', async () => {
  let isBroken = true;
  const { gate } = gateOf({
    sign: () => (isBroken ? Promise.reject(new Error('no key')) : Promise.resolve('assertion')),
  });
  await expect(Promise.resolve(gate.enter(visitor, {}))).rejects.toThrow('no key');
  isBroken = false;
  expect(await gate.enter(visitor, {})).toMatchObject({
    headers: { 'x-gatehouse-assertion': 'assertion', 'x-auth-request-groups': 'user' },
  });
});
