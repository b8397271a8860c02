import { Invitation, MeAnswer, NewInvitationsAnswer } from '@gatehouse/contract';
import { describe, expect, test } from 'vitest';
import { dayMs } from '../../src/kernel/clock.ts';
import { houseOfThisFile } from '../support/house.ts';
import { inviting } from '../support/inviting.ts';

const house = await houseOfThisFile();

const { company, newAddress, accept, decline, me } = inviting(house);

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
      const answer = await house.by(admin).POST(url, { emails: ['x@acme.example'], grants });
      expect([answer.status, answer.code]).toEqual([400, 'request_invalid']);
    }
    const [invited] = await invite(['x@acme.example'], [grant('apollo')]);
    expect(invited?.invitation?.grants).toEqual([grant('apollo')]);
  });

  test('a grant says what the contract knows, and nothing else', async () => {
    const { companyId, admin, url, list } = await company();
    await house.project(companyId, 'apollo');
    const grants = [{ project: 'apollo', role: 'editor', until: 'tomorrow' }];
    const answer = await house.by(admin).POST(url, { emails: ['x@acme.example'], grants });
    expect([answer.status, answer.code]).toEqual([400, 'request_invalid']);
    expect((await list()).items).toEqual([]);
  });

  test('two hundred people at once may be promised a hundred projects each', async () => {
    const { companyId, invite } = await company();
    const slugs = Array.from({ length: 100 }, (_, n) => `project-${String(n)}`);
    await house.sql(
      `insert into projects (company_id, id, slug, name, status, created_at)
       select $1, gen_random_uuid(), slug, slug, 'active', now() from unnest($2::text[]) as slug`,
      [companyId, slugs],
    );
    const roles = ['viewer', 'editor', 'admin'];
    const grants = slugs.toSorted().map((project, n) => ({ project, role: roles[n % 3] }));
    const results = await invite(Array.from({ length: 200 }, newAddress), grants);
    expect(results.filter(({ outcome }) => outcome === 'invited')).toHaveLength(200);
    const asPromised = JSON.stringify(grants);
    const wrong = results.filter(({ invitation }) => JSON.stringify(invitation?.grants) !== asPromised);
    expect(wrong).toEqual([]);
  });

  test('many administrators inviting the same people at once make one invitation each', async () => {
    const { admin, url, list, events } = await company();
    const emails = Array.from({ length: 10 }, newAddress);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, turn) =>
        house.by(admin).POST(url, { emails: turn % 2 === 0 ? emails : emails.toReversed(), grants: [] }),
      ),
    );
    const outcomes = answers.flatMap((answer) =>
      answer.json(NewInvitationsAnswer).results.map(({ outcome }) => outcome),
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
      expect([revoked.status, revoked.json(Invitation).status]).toEqual([200, 'revoked']);
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
    expect((await decline(person, id)).json(MeAnswer).invitations).toEqual([]);
    expect((await decline(person, id)).status).toBe(200);
    expect((await accept(person, id)).code).toBe('invitation_revoked');
    expect((await list()).items.map(({ status }) => status)).toEqual(['revoked']);
    expect(await events('invitation.declined')).toMatchObject([{ actor_id: person, subject_id: id }]);
    expect(await events('invitation.revoked')).toEqual([]);
  });
});
