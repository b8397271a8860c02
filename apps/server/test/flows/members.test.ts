import { setTimeout as sleep } from 'node:timers/promises';
import { Member } from '@gatehouse/contract';
import { describe, expect, test } from 'vitest';
import { changeRole, lockCompany } from '../../src/control-plane/index.ts';
import { inCompany } from '../../src/db/scopes.ts';
import { houseOfThisFile } from '../support/house.ts';
import { membersOf } from '../support/members-of.ts';
import type { Answer } from '../support/house.ts';

const house = await houseOfThisFile();
const { here, join, url, list, setRole, remove, admins, eventsHere } = membersOf(house);

describe('the list of members', () => {
  test('shows a verified primary address, or none', async () => {
    const grace = await join('Grace');
    const hedy = await join('Hedy', { email: `hedy-${here.slug}@acme.example` });
    await house.sql('insert into user_emails values ($1, $2, false, null, now())', [
      `second-${here.slug}@acme.example`,
      hedy,
    ]);
    expect((await list()).items).toMatchObject([
      { userId: here.ada, displayName: 'Ada', role: 'admin' },
      { userId: grace, displayName: 'Grace', email: null, role: 'user' },
      { userId: hedy, email: `hedy-${here.slug}@acme.example` },
    ]);
  });

  test('comes in pages that leave nobody out and repeat nobody', async () => {
    for (let n = 0; n < 11; n += 1) await join(`Member ${String(n)}`);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await list(`?limit=5${cursor === null ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.items.map(({ userId }) => userId));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toHaveLength(12);
    expect(new Set(seen).size).toBe(12);
  });

  test('finds by the beginning of a name or address, whatever its letter case', async () => {
    await join('Grace Hopper', { email: `amazing-${here.slug}@navy.example` });
    await join('Hedy Lamarr');
    const names = async (query: string) =>
      (await list(`?query=${encodeURIComponent(query)}`)).items.map(({ displayName }) => displayName);
    expect(await names('hOPP')).toEqual(['Grace Hopper']);
    expect(await names('AMAZING')).toEqual(['Grace Hopper']);
    expect(await names('a')).toEqual(['Ada', 'Grace Hopper']);
    expect(await names('nobody')).toEqual([]);
    expect(await names('  ')).toHaveLength(3);
  });

  test.each([`%`, `_`, `\\`, `%' or 1=1 --`, `'; drop table members; --`, `$1`, `*`])(
    'H-12: %j in a search means itself',
    async (query) => {
      await join('Plain');
      await join(`odd ${query} name`);
      const found = (await list(`?query=${encodeURIComponent(query)}`)).items;
      expect(found.map(({ displayName }) => displayName)).toEqual([`odd ${query} name`]);
    },
  );

  test.each(['%00', '%0a', '%1b'])(
    'H-12: a search with the control character %s is refused',
    async (character) => {
      const answer = await house.by(here.ada).GET(`${url()}?query=x${character}`);
      expect([answer.status, answer.code]).toEqual([400, 'request_invalid']);
    },
  );

  test.each([
    '?sort=email',
    '?order=desc',
    '?limit=0',
    '?limit=201',
    '?limit=x',
    '?company_id=1',
    '?query[]=x',
    '?query=x%00',
    '?query=x%0a',
  ])('H-12: %s is not a thing to ask for', async (query) => {
    expect((await house.by(here.ada).GET(`${url()}${query}`)).code).toBe('request_invalid');
  });

  test('N-12: a cursor of another company, or of nobody, is refused', async () => {
    for (let n = 0; n < 3; n += 1) await join(`Member ${String(n)}`);
    const { nextCursor } = await list('?limit=1');
    const otherSlug = `other-${here.slug}`;
    const otherId = await house.company(otherSlug);
    await house.member(otherId, here.ada, 'admin');
    const foreign = await house
      .by(here.ada)
      .GET(`/api/v1/companies/${otherSlug}/members?cursor=${String(nextCursor)}`);
    expect([foreign.status, foreign.code]).toEqual([400, 'request_invalid']);
    for (const cursor of [
      'x',
      '%27',
      'AAAA',
      Buffer.from(`${here.companyId}/x`).toString('base64url'),
      Buffer.from(`${here.companyId}/${here.ada}/`).toString('base64url'),
    ]) {
      expect((await house.by(here.ada).GET(`${url()}?cursor=${cursor}`)).code, cursor).toBe(
        'request_invalid',
      );
    }
  });

  test('N-12: search and pages show members of this company only', async () => {
    const stranger = await house.user('Stranger', `stranger-${here.slug}@acme.example`);
    const otherId = await house.company(`other-${here.slug}`);
    await house.member(otherId, stranger);
    expect((await list('?query=stranger')).items).toEqual([]);
    expect((await list()).items.map(({ userId }) => userId)).toEqual([here.ada]);
  });
});

describe('roles', () => {
  test('an administrator makes another one; the same again changes and records nothing', async () => {
    const grace = await join('Grace');
    for (let turn = 0; turn < 2; turn += 1) {
      const answer = await setRole(here.ada, grace, 'admin');
      expect([answer.status, answer.json(Member).role]).toEqual([200, 'admin']);
    }
    expect(await eventsHere('member.role_changed')).toMatchObject([
      { actor_id: here.ada, subject_id: grace, details: { from: 'user', to: 'admin' } },
    ]);
  });

  test('the last administrator can neither step down nor leave, and that it was tried is recorded', async () => {
    await join('Grace');
    for (const answer of [await setRole(here.ada, here.ada, 'user'), await remove(here.ada, here.ada)]) {
      expect([answer.status, answer.code]).toEqual([409, 'last_admin']);
    }
    expect(await admins()).toBe(1);
    expect(await eventsHere('member.role_changed')).toMatchObject([
      { result: 'refused', reason: 'last_admin' },
    ]);
    expect(await eventsHere('member.removed')).toMatchObject([{ result: 'refused', reason: 'last_admin' }]);
  });

  test('administrators who remove or demote each other at once leave one', async () => {
    const actions = [remove, (who: string, whom: string) => setRole(who, whom, 'user')];
    for (let turn = 0; turn < 24; turn += 1) {
      const grace = await join('Grace', { role: 'admin' });
      const [first = remove, second = remove] =
        turn % 3 === 0 ? actions : turn % 3 === 1 ? [remove, remove] : actions.toReversed();
      const answers = await Promise.all([first(here.ada, grace), second(grace, here.ada)]);
      const [left] = await house.sql<{ n: number }>(
        `select count(*)::int as n from members where company_id = $1 and role = 'admin'`,
        [here.companyId],
      );
      expect(left?.n, JSON.stringify(answers.map(({ code }) => code))).toBe(1);
      expect(answers.filter(({ code }) => code === 'ok')).toHaveLength(1);
      await house.sql('delete from members where company_id = $1', [here.companyId]);
      await house.member(here.companyId, here.ada, 'admin');
    }
  });

  test('many administrators who all step down at once leave one', async () => {
    const others = [];
    for (let n = 0; n < 9; n += 1) others.push(await join(`Admin ${String(n)}`, { role: 'admin' }));
    const answers = await Promise.all([here.ada, ...others].map((who) => setRole(who, who, 'user')));
    expect(answers.map(({ code }) => code).toSorted()).toEqual([
      'last_admin',
      ...Array.from({ length: 9 }, () => 'ok'),
    ]);
  });

  test('whoever steps down waits for whoever is just doing so', async () => {
    const grace = await join('Grace', { role: 'admin' });
    let late: Promise<Answer> | undefined;
    await inCompany(house.db, here.companyId, async (tx) => {
      await lockCompany(tx, here.companyId);
      await changeRole(tx, { companyId: here.companyId, userId: here.ada }, 'user');
      late = setRole(grace, grace, 'user');
      await sleep(150);
    });
    expect((await late)?.code).toBe('last_admin');
  });
});
