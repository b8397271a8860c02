import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dayMs } from '../../src/kernel/clock.ts';
import { openHouse } from '../support/house.ts';
import type { House } from '../support/house.ts';

type Invitation = {
  id: string;
  email: string;
  status: string;
  role: string;
  grants: object[];
  invitedBy: string | null;
};
type Results = { results: { email: string; outcome: string; invitation?: Invitation }[] };
type List = { items: Invitation[]; nextCursor: string | null };
type Me = {
  companies: { slug: string; role: string; projects: object[] }[];
  invitations: { id: string; company: object; grants: object[]; invitedBy: string | null }[];
};

let house: House;
let companies = 0;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => {
  await house.close();
});

/** A new company with an administrator, and how they invite. */
async function company() {
  companies += 1;
  const slug = `company-${String(companies)}`;
  const companyId = await house.company(slug);
  const admin = await house.user('Ada');
  await house.member(companyId, admin, 'admin');
  const url = `/api/v1/companies/${slug}/invitations`;
  return {
    slug,
    companyId,
    admin,
    url,
    invite: async (emails: string[], grants: object[] = []) => {
      const answer = await house.ask(admin, 'POST', url, { emails, grants });
      expect(answer.status).toBe(200);
      return answer.json<Results>().results;
    },
    list: async (query = '') => (await house.ask(admin, 'GET', `${url}${query}`)).json<List>(),
    revoke: async (id: string) => await house.ask(admin, 'POST', `${url}/${id}/revoke`),
    events: async (type: string) =>
      (await house.events(type)).filter((event) => event.company_id === companyId),
  };
}

let people = 0;
const newAddress = () => `person-${String((people += 1))}@acme.example`;
const accept = (userId: string, id: string) =>
  house.ask(userId, 'POST', `/api/v1/me/invitations/${id}/accept`);
const decline = (userId: string, id: string) =>
  house.ask(userId, 'POST', `/api/v1/me/invitations/${id}/decline`);
const me = async (userId: string) => (await house.ask(userId, 'GET', '/api/v1/me')).json<Me>();

describe('inviting', () => {
  test('each address has its own outcome, in the order and spelling in which they were typed', async () => {
    const { companyId, invite } = await company();
    const grace = await house.user('Grace', 'grace@acme.example');
    await house.member(companyId, grace);
    await invite(['waiting@acme.example']);
    const results = await invite([
      ' New@ACME.example ',
      'waiting@acme.example',
      'Grace@acme.example',
      'no address',
      'new@acme.example',
    ]);
    expect(results.map(({ email, outcome }) => [email, outcome])).toEqual([
      [' New@ACME.example ', 'invited'],
      ['waiting@acme.example', 'already_pending'],
      ['Grace@acme.example', 'already_member'],
      ['no address', 'email_invalid'],
      ['new@acme.example', 'already_pending'],
    ]);
    expect(results[0]?.invitation).toMatchObject({
      email: 'new@acme.example',
      role: 'user',
      status: 'pending',
      invitedBy: 'Ada',
    });
    expect(results[4]?.invitation?.id).toBe(results[0]?.invitation?.id);
    expect(results[2]?.invitation).toBeUndefined();
  });

  test.each([
    'victim@corp.example, evil@x.example',
    '"e@attacker.example"@victim.example',
    'Ada <ada@acme.example>',
    'ada@acme.example\r\nBcc: evil@x.example',
    'mıke@acme.example',
    'ada@@acme.example',
    'ada@localhost',
    `${'a'.repeat(65)}@acme.example`,
  ])('I-08: %j is no address, and nothing is stored', async (email) => {
    const { invite, list } = await company();
    expect(await invite([email])).toEqual([{ email, outcome: 'email_invalid' }]);
    expect((await list()).items).toEqual([]);
  });

  test('I-08: letter case is folded, plus tags and dots are kept, a domain is stored in ASCII', async () => {
    const { invite } = await company();
    const results = await invite(['A.Da+News@Acme.example', 'ada@acme.example', 'ada@bücher.example']);
    expect(results.map(({ outcome, invitation }) => [outcome, invitation?.email])).toEqual([
      ['invited', 'a.da+news@acme.example'],
      ['invited', 'ada@acme.example'],
      ['invited', 'ada@xn--bcher-kva.example'],
    ]);
  });

  test('N-11: that somebody is known elsewhere is not told', async () => {
    const { invite } = await company();
    const elsewhere = await company();
    const known = await house.user('Known', newAddress());
    await house.member(elsewhere.companyId, known);
    const [row] = await house.sql<{ address: string }>('select address from user_emails where user_id = $1', [
      known,
    ]);
    await elsewhere.invite(['both@acme.example']);
    const results = await invite([row?.address ?? '', 'unknown@acme.example', 'both@acme.example']);
    expect(results.map(({ outcome }) => outcome)).toEqual(['invited', 'invited', 'invited']);
  });

  test('grants name projects of the company, each once', async () => {
    const { companyId, admin, url, invite } = await company();
    const other = await company();
    await house.project(companyId, 'apollo');
    await house.project(other.companyId, 'gemini');
    const grant = (project: string) => ({ project, role: 'editor' });
    for (const grants of [[grant('gemini')], [grant('no-such')], [grant('apollo'), grant('apollo')]]) {
      const answer = await house.ask(admin, 'POST', url, { emails: ['x@acme.example'], grants });
      expect([answer.status, answer.code]).toEqual([400, 'request_invalid']);
    }
    const [invited] = await invite(['x@acme.example'], [grant('apollo')]);
    expect(invited?.invitation?.grants).toEqual([grant('apollo')]);
  });

  test('many administrators inviting the same people at once make one invitation each', async () => {
    const { admin, url, list, events } = await company();
    const emails = Array.from({ length: 10 }, newAddress);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, turn) =>
        house.ask(admin, 'POST', url, { emails: turn % 2 === 0 ? emails : emails.toReversed(), grants: [] }),
      ),
    );
    const outcomes = answers.flatMap((answer) =>
      answer.json<Results>().results.map(({ outcome }) => outcome),
    );
    expect(outcomes.filter((outcome) => outcome === 'invited')).toHaveLength(10);
    expect((await list()).items).toHaveLength(10);
    expect(await events('invitation.created')).toHaveLength(10);
  });

  test('the list tells the newest first, page by page, decided ones too, and finds by a part of the address', async () => {
    const { invite, list, revoke } = await company();
    const results = await invite([
      'a@acme.example',
      'b@acme.example',
      'c_d@acme.example',
      'cxd@acme.example',
    ]);
    await revoke(results[0]?.invitation?.id ?? '');
    const first = await list('?limit=3');
    const second = await list(`?limit=3&cursor=${String(first.nextCursor)}`);
    const all = [...first.items, ...second.items];
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([3, 1, null]);
    expect(all.map(({ id }) => id)).toEqual(
      all
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    );
    expect(all.find(({ email }) => email === 'a@acme.example')?.status).toBe('revoked');
    expect((await list('?query=C_D')).items.map(({ email }) => email)).toEqual(['c_d@acme.example']);
  });
});

describe('the life of an invitation', () => {
  test('revoked: it stays listed, revoking again changes nothing, and the person may be invited anew', async () => {
    const { invite, list, revoke, events } = await company();
    const email = newAddress();
    const [first] = await invite([email]);
    const id = first?.invitation?.id ?? '';
    for (let turn = 0; turn < 2; turn += 1) {
      const revoked = await revoke(id);
      expect([revoked.status, revoked.json<Invitation>().status]).toEqual([200, 'revoked']);
    }
    expect(await events('invitation.revoked')).toHaveLength(1);
    expect(await house.sql('select from invitation_addresses where invitation_id = $1', [id])).toEqual([]);
    expect((await invite([email]))[0]?.outcome).toBe('invited');
    expect((await list()).items.map(({ status }) => status)).toEqual(['pending', 'revoked']);
  });

  test('accepted: it cannot be revoked', async () => {
    const { invite, revoke } = await company();
    const email = newAddress();
    const person = await house.user('Grace', email);
    const id = (await invite([email]))[0]?.invitation?.id ?? '';
    expect((await accept(person, id)).status).toBe(200);
    const answer = await revoke(id);
    expect([answer.status, answer.code]).toEqual([409, 'invitation_accepted']);
  });

  test('expired: nobody can accept or revoke it, it is shown as expired, and does not stand in the way of a new one', async () => {
    const { companyId, invite, list, revoke, events } = await company();
    const email = newAddress();
    const person = await house.user('Grace', email);
    const id = await house.invitation(companyId, email, { expiresAt: new Date(Date.now() - 1) });
    expect((await list()).items.map(({ status }) => status)).toEqual(['expired']);
    expect((await me(person)).invitations).toEqual([]);
    expect((await accept(person, id)).code).toBe('invitation_expired');
    expect((await decline(person, id)).code).toBe('invitation_expired');
    expect((await revoke(id)).code).toBe('invitation_expired');
    expect((await invite([email]))[0]?.outcome).toBe('invited');
    expect((await list()).items.map(({ status }) => status)).toEqual(['pending', 'expired']);
    expect(await events('invitation.expired')).toMatchObject([{ subject_id: id }]);
    expect(
      await house.sql('select invitation_id from invitation_addresses where company_id = $1', [companyId]),
    ).toHaveLength(1);
  });

  test('it ends after the days that were set', async () => {
    const { invite } = await company();
    const email = newAddress();
    const person = await house.user('Grace', email);
    const id = (await invite([email]))[0]?.invitation?.id ?? '';
    house.advance(14 * dayMs);
    try {
      expect((await accept(person, id)).code).toBe('invitation_expired');
    } finally {
      house.advance(-14 * dayMs);
    }
    expect((await accept(person, id)).status).toBe(200);
  });

  test('declined: it is withdrawn, in the name of the person who declined', async () => {
    const { invite, list, events } = await company();
    const email = newAddress();
    const person = await house.user('Grace', email);
    const id = (await invite([email]))[0]?.invitation?.id ?? '';
    expect((await decline(person, id)).json<Me>().invitations).toEqual([]);
    expect((await decline(person, id)).status).toBe(200);
    expect((await accept(person, id)).code).toBe('invitation_revoked');
    expect((await list()).items.map(({ status }) => status)).toEqual(['revoked']);
    expect(await events('invitation.declined')).toMatchObject([{ actor_id: person, subject_id: id }]);
    expect(await events('invitation.revoked')).toEqual([]);
  });
});

describe('accepting', () => {
  test('makes a member with the roles that were promised; the answer is the new state', async () => {
    const { slug, companyId, invite, events } = await company();
    await house.project(companyId, 'apollo');
    await house.project(companyId, 'gemini');
    const email = newAddress();
    const person = await house.user('Grace', email);
    const grants = [{ project: 'apollo', role: 'editor' }];
    const id = (await invite([email], grants))[0]?.invitation?.id ?? '';
    expect((await me(person)).invitations).toMatchObject([
      { id, company: { slug }, grants, invitedBy: 'Ada' },
    ]);
    const after = (await accept(person, id)).json<Me>();
    expect(after.invitations).toEqual([]);
    expect(after.companies).toMatchObject([
      { slug, role: 'user', projects: [{ slug: 'apollo', role: 'editor' }] },
    ]);
    expect(await events('invitation.accepted')).toMatchObject([
      { actor_id: person, details: { wasMember: false, role: 'user' } },
    ]);
    expect(await house.sql('select from invitation_addresses where invitation_id = $1', [id])).toEqual([]);
  });

  test('a promise in a project that was disabled fails; the membership and the other promises hold', async () => {
    const { companyId, invite } = await company();
    const apollo = await house.project(companyId, 'apollo');
    await house.project(companyId, 'gemini');
    const email = newAddress();
    const person = await house.user('Grace', email);
    const grants = ['apollo', 'gemini'].map((project) => ({ project, role: 'viewer' }));
    const id = (await invite([email], grants))[0]?.invitation?.id ?? '';
    await house.sql(`update projects set status = 'disabled' where id = $1`, [apollo]);
    expect((await accept(person, id)).json<Me>().companies).toMatchObject([
      { projects: [{ slug: 'gemini', role: 'viewer' }] },
    ]);
    const statuses = await house.sql(
      `select p.slug, g.status from invitation_grants g join projects p on p.id = g.project_id where invitation_id = $1 order by 1`,
      [id],
    );
    expect(statuses).toEqual([
      { slug: 'apollo', status: 'failed' },
      { slug: 'gemini', status: 'applied' },
    ]);
  });

  test('whoever is a member already keeps the higher role, in the company and in its projects', async () => {
    const { companyId, admin } = await company();
    const apollo = await house.project(companyId, 'apollo');
    const email = newAddress();
    const person = await house.user('Grace', email);
    await house.member(companyId, person);
    await house.projectRole(companyId, apollo, person, 'admin');
    const lower = await house.invitation(companyId, email);
    await house.grant(companyId, lower, apollo, 'viewer');
    expect((await accept(person, lower)).json<Me>().companies).toMatchObject([
      { role: 'user', projects: [{ role: 'admin' }] },
    ]);
    const higher = await house.invitation(companyId, email, { role: 'admin' });
    expect((await accept(person, higher)).json<Me>().companies).toMatchObject([{ role: 'admin' }]);
    const lowerAgain = await house.invitation(companyId, email);
    expect((await accept(person, lowerAgain)).json<Me>().companies).toMatchObject([{ role: 'admin' }]);
    expect(admin).not.toBe(person);
  });

  test('R-03: fifty times at once makes one member, one event and forty-nine refusals', async () => {
    const { companyId, invite, events } = await company();
    const email = newAddress();
    const person = await house.user('Grace', email);
    const id = (await invite([email]))[0]?.invitation?.id ?? '';
    const answers = await Promise.all(Array.from({ length: 50 }, () => accept(person, id)));
    expect(answers.map(({ status, code }) => `${String(status)} ${code}`).toSorted()).toEqual([
      '200 ok',
      ...Array.from({ length: 49 }, () => '409 invitation_accepted'),
    ]);
    expect(
      await house.sql('select role from members where company_id = $1 and user_id = $2', [companyId, person]),
    ).toHaveLength(1);
    expect(await events('invitation.accepted')).toHaveLength(1);
  });

  test('accepting and revoking at once: one of them happens, and both sides are told which', async () => {
    for (let turn = 0; turn < 15; turn += 1) {
      const { companyId, invite, revoke } = await company();
      const email = newAddress();
      const person = await house.user('Grace', email);
      const id = (await invite([email]))[0]?.invitation?.id ?? '';
      const [accepted, revoked] = await Promise.all([accept(person, id), revoke(id)]);
      const isMember =
        (await house.sql('select from members where company_id = $1 and user_id = $2', [companyId, person]))
          .length === 1;
      expect([accepted.code, revoked.code, isMember]).toEqual(
        accepted.code === 'ok' ? ['ok', 'invitation_accepted', true] : ['invitation_revoked', 'ok', false],
      );
    }
  });

  test('two invitations to two addresses of one person, accepted at once, make one member with both promises', async () => {
    const { slug, companyId } = await company();
    const [one, two] = [newAddress(), newAddress()];
    const person = await house.user('Grace', one);
    await house.sql('insert into user_emails values ($1, $2, false, null, now())', [two, person]);
    const ids = [];
    for (const [email, project] of [
      [one, 'apollo'],
      [two, 'gemini'],
    ] as const) {
      const id = await house.invitation(companyId, email);
      await house.grant(companyId, id, await house.project(companyId, project), 'viewer');
      ids.push(id);
    }
    const answers = await Promise.all(ids.map((id) => accept(person, id)));
    expect(answers.map(({ code }) => code)).toEqual(['ok', 'ok']);
    expect((await me(person)).companies).toMatchObject([
      { slug, projects: [{ slug: 'apollo' }, { slug: 'gemini' }] },
    ]);
  });

  test('I-06: an invitation to somebody else is as unknown as one that does not exist', async () => {
    const { invite } = await company();
    const id = (await invite([newAddress()]))[0]?.invitation?.id ?? '';
    const other = await house.user('Mallory', newAddress());
    const nobody = await house.user('No address');
    for (const person of [other, nobody]) {
      for (const call of [accept, decline]) {
        const real = await call(person, id);
        const made = await call(person, '01900000-0000-7000-8000-000000000000');
        expect([real.status, real.code]).toEqual([404, 'not_found']);
        expect([made.status, made.code]).toEqual([404, 'not_found']);
        expect(real.text).not.toContain('@');
      }
      expect((await me(person)).invitations).toEqual([]);
    }
  });

  test('an address that belongs to somebody else by now accepts nothing', async () => {
    const { invite } = await company();
    const email = newAddress();
    const before = await house.user('Before', email);
    const now = await house.user('Now');
    const id = (await invite([email]))[0]?.invitation?.id ?? '';
    await house.sql('update user_emails set user_id = $1 where address = $2', [now, email]);
    expect((await accept(before, id)).code).toBe('not_found');
    expect((await accept(now, id)).status).toBe(200);
  });

  test('R-12: an address that is being taken away accepts before that, or not at all', async () => {
    for (let turn = 0; turn < 15; turn += 1) {
      const { invite } = await company();
      const email = newAddress();
      const person = await house.user('Grace', email);
      const id = (await invite([email]))[0]?.invitation?.id ?? '';
      const [answer] = await Promise.all([
        accept(person, id),
        house.sql('delete from user_emails where address = $1', [email]),
      ]);
      expect(['ok', 'not_found']).toContain(answer.code);
    }
  });

  test('I-11: a member of another company joins; the two stay apart', async () => {
    const [one, other] = [await company(), await company()];
    const apollo = await house.project(one.companyId, 'apollo');
    await house.project(other.companyId, 'secret');
    const email = newAddress();
    const person = await house.user('Grace', email);
    await house.member(one.companyId, person);
    await house.projectRole(one.companyId, apollo, person, 'viewer');
    const id = (await other.invite([email]))[0]?.invitation?.id ?? '';
    const { companies: own } = (await accept(person, id)).json<Me>();
    expect(own).toMatchObject([
      { slug: one.slug, role: 'user', projects: [{ slug: 'apollo', role: 'viewer' }] },
      { slug: other.slug, role: 'user', projects: [] },
    ]);
    const seenByOther = await house.ask(other.admin, 'GET', `/api/v1/companies/${other.slug}/projects`);
    expect(seenByOther.text).not.toContain('apollo');
  });

  test('an invitation to a company that is not active yet can be accepted: its first administrator comes so', async () => {
    const slug = `waiting-${String((companies += 1))}`;
    const companyId = await house.company(slug, 'pending');
    const email = newAddress();
    const person = await house.user('Grace', email);
    const id = await house.invitation(companyId, email, { role: 'admin' });
    expect((await accept(person, id)).json<Me>().companies).toMatchObject([
      { slug, status: 'pending', role: 'admin' },
    ]);
  });
});
