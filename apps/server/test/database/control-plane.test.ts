import { describe, expect, test } from 'vitest';
import {
  acceptInvitation,
  claimFirstAdmin,
  countMemberships,
  ensureCompany,
  findCompanyId,
  isFirstAdminClaimed,
  lockCompany,
  pendingInvitationsFor,
} from '../../src/control-plane/index.ts';
import { enterCompany, enterPerson, inCompany, inSystem } from '../../src/db/scopes.ts';
import { parseEmailAddress } from '../../src/kernel/email-address.ts';
import type { EmailAddress } from '../../src/kernel/email-address.ts';
import { houseOfThisFile } from '../support/house.ts';

const house = await houseOfThisFile();

const now = () => new Date();

function address(text: string): EmailAddress {
  const parsed = parseEmailAddress(text);
  if (parsed === undefined) throw new Error(`not an address: ${text}`);
  return parsed;
}

describe('the company of a deployment', () => {
  test('is made once, however many processes start at once', async () => {
    const made = await Promise.all(
      Array.from({ length: 12 }, () =>
        inSystem(house.db, (tx) => ensureCompany(tx, { slug: 'only', name: 'Only' }, now())),
      ),
    );
    expect(made.flatMap(({ changes }) => changes)).toHaveLength(1);
    expect(new Set(made.map(({ companyId }) => companyId)).size).toBe(1);
    expect(await house.sql(`select slug, status from companies where slug = 'only'`)).toEqual([
      { slug: 'only', status: 'active' },
    ]);
    expect(await inSystem(house.db, (tx) => findCompanyId(tx, 'only'))).toBe(made[0]?.companyId);
    expect(await inSystem(house.db, (tx) => findCompanyId(tx, 'unknown'))).toBeUndefined();
  });

  test('that exists keeps its state', async () => {
    const id = await house.company('paused', 'suspended');
    const found = await inSystem(house.db, (tx) =>
      ensureCompany(tx, { slug: 'paused', name: 'Other' }, now()),
    );
    expect(found).toEqual({ companyId: id, changes: [] });
    expect(await house.sql('select status, name from companies where id = $1', [id])).toEqual([
      { status: 'suspended', name: 'The company paused' },
    ]);
  });
});

describe('whether the first administrator is still to come', () => {
  const isClaimed = (id: string) => inCompany(house.db, id, (tx) => isFirstAdminClaimed(tx, id));

  test('yes for an empty company; no once claimed, and also after that person has gone', async () => {
    const id = await house.company('first-1');
    const ada = await house.user('Ada');
    expect(await isClaimed(id)).toBe(false);
    await inCompany(house.db, id, (tx) => claimFirstAdmin(tx, { companyId: id, userId: ada }, now()));
    expect(await isClaimed(id)).toBe(true);
    await house.sql('delete from members where company_id = $1', [id]);
    expect(await isClaimed(id)).toBe(true);
  });

  test('no for a company that has members by another way, or had', async () => {
    const [withMember, withHistory] = [await house.company('first-2'), await house.company('first-3')];
    await house.member(withMember, await house.user('Ada'));
    expect(await isClaimed(withMember)).toBe(true);
    const invitation = await house.invitation(withHistory, 'gone@acme.example');
    await house.sql(`update invitations set status = 'accepted', accepted_at = now() where id = $1`, [
      invitation,
    ]);
    expect(await isClaimed(withHistory)).toBe(true);
  });

  test('while it is open, the next one waits for the first one’s decision', async () => {
    const id = await house.company('first-4');
    const people = [await house.user('Ada'), await house.user('Bob'), await house.user('Cy')];
    const outcomes = await Promise.all(
      people.map((userId) =>
        inCompany(house.db, id, async (tx) => {
          if (await isFirstAdminClaimed(tx, id)) return 'too late';
          await new Promise((resolve) => setTimeout(resolve, 30));
          return (await claimFirstAdmin(tx, { companyId: id, userId }, now())).outcome;
        }),
      ),
    );
    expect(outcomes.toSorted()).toEqual(['claimed', 'too late', 'too late']);
  });

  test('once it is closed nobody waits: it is read while somebody else holds the company', async () => {
    const id = await house.company('first-5');
    await house.member(id, await house.user('Ada'), 'admin');
    await inCompany(house.db, id, async (tx) => {
      await lockCompany(tx, id);
      expect(await isClaimed(id)).toBe(true);
    });
  });
});

describe('what a sign-in asks', () => {
  test('which invitations wait for these addresses, in all companies', async () => {
    const [one, two] = [await house.company('asks-1'), await house.company('asks-2')];
    const live = await house.invitation(one, 'hedy@asks.example');
    const other = await house.invitation(two, 'hedy2@asks.example');
    const late = await house.invitation(two, 'hedy@asks.example', { expiresAt: new Date(Date.now() - 1) });
    await house.invitation(two, 'somebody@asks.example');
    const gone = await house.invitation(await house.company('asks-3'), 'hedy@asks.example');
    await house.sql(`update invitations set status = 'revoked' where id = $1`, [gone]);
    const addresses = [address('hedy@asks.example'), address('hedy2@asks.example')];
    const found = await inSystem(house.db, (tx) => pendingInvitationsFor(tx, addresses, now()));
    expect(found).toEqual([
      { id: live, companyId: one, isExpired: false },
      { id: other, companyId: two, isExpired: false },
      { id: late, companyId: two, isExpired: true },
    ]);
    expect(await inSystem(house.db, (tx) => pendingInvitationsFor(tx, [], now()))).toEqual([]);
  });

  test('in how many companies somebody is', async () => {
    const ada = await house.user('Ada');
    const count = () =>
      inSystem(house.db, (tx) => enterPerson(tx, ada, (person) => countMemberships(person, ada)));
    expect(await count()).toBe(0);
    for (const slug of ['counts-1', 'counts-2']) await house.member(await house.company(slug), ada);
    expect(await count()).toBe(2);
  });

  test('an invitation is accepted in the transaction that made the account, and not if that fails', async () => {
    const companyId = await house.company('atomic');
    const invitationId = await house.invitation(companyId, 'new@atomic.example');
    const userId = await house.user('New');
    const signIn = (fails: boolean) =>
      inSystem(house.db, async (tx) => {
        const acceptance = { companyId, invitationId, userId, addresses: [address('new@atomic.example')] };
        const accepted = await enterCompany(tx, companyId, (company) =>
          acceptInvitation(company, acceptance, now()),
        );
        if (fails) throw new Error('the sign-in fails later on');
        return accepted.outcome;
      });
    await expect(signIn(true)).rejects.toThrow('later on');
    expect(await house.sql('select from members where company_id = $1', [companyId])).toEqual([]);
    expect(await signIn(false)).toBe('done');
    expect(await signIn(false)).toBe('refused');
    expect(await house.sql('select from members where company_id = $1', [companyId])).toHaveLength(1);
  });
});
