import { ProjectMember, listOf } from '@gatehouse/contract';
import { describe, expect, test } from 'vitest';
import { houseOfThisFile } from '../support/house.ts';
import { membersOf } from '../support/members-of.ts';

const house = await houseOfThisFile();
const { here, join, url, list, remove } = membersOf(house);

const names = async (query: string, more = '') =>
  (await list(`?query=${encodeURIComponent(query)}${more}`)).items.map(({ displayName }) => displayName);

/** Every page of a list. */
async function walk(question: string, limit: number): Promise<string[][]> {
  const pages = [];
  let cursor: string | null = null;
  do {
    const page = await list(
      `?limit=${String(limit)}${question}${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    pages.push(page.items.map(({ displayName }) => displayName));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return pages;
}

/** The words that are kept of somebody here. */
const wordsOf = async (userId: string) =>
  (
    await house.sql<{ word: string }>(
      'select word from member_words where company_id = $1 and user_id = $2 order by word',
      [here.companyId, userId],
    )
  ).map(({ word }) => word);

describe('a search for members', () => {
  test('finds by the beginning of each word, without regard to case, accents and order', async () => {
    for (const name of ['Grace Hopper', 'Jean-Luc Picard', 'Miles O’Brien', 'Zoë Łukasz-Ångström'])
      await join(name);
    for (const name of ['Ernst Straße', 'ИВАНОВ Пётр', 'ΟΔΥΣΣΕΥΣ', '김민준', '100% Real', '(Bob)'])
      await join(name);
    await join('Hedy Lamarr', { email: 'h.movies@kiesler.example' });
    const expected: Readonly<Record<string, readonly string[]>> = {
      hop: ['Grace Hopper'],
      opper: [],
      'gra hop': ['Grace Hopper'],
      'hop  GRA': ['Grace Hopper'],
      'gra lam': [],
      'gra grace g': ['Grace Hopper'],
      'jean-luc': ['Jean-Luc Picard'],
      'luc pic': ['Jean-Luc Picard'],
      brien: ['Miles O’Brien'],
      'o’b': ['Miles O’Brien'],
      obrien: [],
      zoe: ['Zoë Łukasz-Ångström'],
      ZOË: ['Zoë Łukasz-Ångström'],
      'lukasz ang': ['Zoë Łukasz-Ångström'],
      strasse: ['Ernst Straße'],
      иван: ['ИВАНОВ Пётр'],
      петр: ['ИВАНОВ Пётр'],
      οδυς: ['ΟΔΥΣΣΕΥΣ'],
      김민: ['김민준'],
      '100%': ['100% Real'],
      '100_': [],
      '(b': ['(Bob)'],
      bob: ['(Bob)'],
      'h.movies@k': ['Hedy Lamarr'],
      movies: ['Hedy Lamarr'],
      'lamarr kiesler.example': ['Hedy Lamarr'],
      'kiesler acme': [],
    };
    const found: Record<string, readonly string[]> = {};
    for (const query of Object.keys(expected)) found[query] = await names(query);
    expect(found).toEqual(expected);
  });

  test('comes in pages that repeat nobody, however many words of theirs begin like it', async () => {
    const everybody = ['Ada'];
    for (let n = 0; n < 7; n += 1) {
      everybody.push(`Anna Anders ${String(n)}`);
      await join(`Anna Anders ${String(n)}`, { email: `an.${String(n)}.${here.slug}@anytown.example` });
    }
    for (const query of ['an', 'a', 'a an', 'an anders']) {
      const pages = await walk(`&query=${query}`, 2);
      const expected = query === 'a' ? everybody : everybody.slice(1);
      expect(pages.flat().toSorted(), query).toEqual(expected.toSorted());
      expect(pages.slice(0, -1).every((page) => page.length === 2)).toBe(true);
    }
  });

  test('combines with a role and a project, in pages too', async () => {
    const apollo = await house.project(here.companyId, 'apollo');
    for (let n = 0; n < 6; n += 1) {
      const userId = await join(`Member ${String(n)}`, { role: n % 2 === 0 ? 'admin' : 'user' });
      if (n < 4) await house.projectRole(apollo, userId, 'viewer');
    }
    const asked = {
      '&role=admin': ['Ada', 'Member 0', 'Member 2', 'Member 4'],
      '&role=user': ['Member 1', 'Member 3', 'Member 5'],
      '&project=apollo': ['Member 0', 'Member 1', 'Member 2', 'Member 3'],
      '&project=apollo&role=user': ['Member 1', 'Member 3'],
      '&query=mem&role=admin': ['Member 0', 'Member 2', 'Member 4'],
      '&query=mem&project=apollo': ['Member 0', 'Member 1', 'Member 2', 'Member 3'],
      '&query=2&project=apollo': ['Member 2'],
      '&query=2&project=apollo&role=user': [],
      '&query=mem&project=no-such': [],
    };
    for (const [question, expected] of Object.entries(asked)) {
      const pages = await walk(question, 1);
      expect(pages.flat(), question).toEqual(expected);
    }
    expect((await house.by(here.ada).GET(`${url()}?role=owner`)).code).toBe('request_invalid');
  });

  test('follows a name and a primary address, and forgets who has left', async () => {
    const grace = await join('Grace Murray', { email: `grace-${here.slug}@navy.example` });
    const elsewhere = await house.company(`elsewhere-${here.slug}`);
    await house.member(elsewhere, grace);
    await house.sql(`update users set display_name = 'Grace Hopper' where id = $1`, [grace]);
    expect([await names('murray'), await names('hopper')]).toEqual([[], ['Grace Hopper']]);
    await house.sql('insert into user_emails values ($1, $2, false, null, now())', [
      `gh-${here.slug}@yale.example`,
      grace,
    ]);
    expect(await names('yale')).toEqual([]);
    await house.sql('update user_emails set is_primary = false where user_id = $1 and is_primary', [grace]);
    await house.sql(`update user_emails set is_primary = true where user_id = $1 and address like '%yale%'`, [
      grace,
    ]);
    expect([await names('navy'), await names('yale')]).toEqual([[], ['Grace Hopper']]);
    await house.sql(`delete from user_emails where user_id = $1 and is_primary`, [grace]);
    expect(await names('yale')).toEqual([]);
    await remove(here.ada, grace);
    expect(await names('hopper')).toEqual([]);
    const left = await house.sql(
      'select company_id, word from member_words where user_id = $1 order by word',
      [grace],
    );
    expect(left).toEqual(['grace', 'hopper'].map((word) => ({ company_id: elsewhere, word })));
    await house.member(here.companyId, grace);
    expect(await names('hopper')).toEqual(['Grace Hopper']);
  });

  test('whoever is renamed while they join or leave is found by the new name, or not at all', async () => {
    const rename = (userId: string, name: string) =>
      house.sql('update users set display_name = $2 where id = $1', [userId, name]);
    for (let turn = 0; turn < 8; turn += 1) {
      const joins = await house.user('Old Name');
      const leaves = await join('Old Name');
      const invitation = await house.invitation(
        here.companyId,
        `joins-${String(turn)}-${here.slug}@acme.example`,
      );
      await house.sql('insert into user_emails values ($1, $2, true, null, now())', [
        `joins-${String(turn)}-${here.slug}@acme.example`,
        joins,
      ]);
      const [accepted, removed] = await Promise.all([
        house.by(joins).POST(`/api/v1/me/invitations/${invitation}/accept`),
        remove(here.ada, leaves),
        rename(joins, 'New Name'),
        rename(leaves, 'New Name'),
      ]);
      expect([accepted.code, removed.code]).toEqual(['ok', 'ok']);
      expect(await wordsOf(joins)).toContain('new');
      expect(await wordsOf(joins)).not.toContain('old');
      expect(await wordsOf(leaves)).toEqual([]);
    }
  });

  test('N-12: the cursor of a search goes on with that search alone', async () => {
    for (let n = 0; n < 3; n += 1) await join(`Member ${String(n)}`);
    const cursor = String((await list('?query=mem&limit=1')).nextCursor);
    const plain = String((await list('?limit=1')).nextCursor);
    expect((await list(`?query=mem&limit=1&cursor=${cursor}`)).items).toMatchObject([
      { displayName: 'Member 1' },
    ]);
    for (const question of ['', 'query=memb&', 'query=mem&role=user&']) {
      expect((await house.by(here.ada).GET(`${url()}?${question}cursor=${cursor}`)).code, question).toBe(
        'request_invalid',
      );
    }
    expect((await house.by(here.ada).GET(`${url()}?query=mem&cursor=${plain}`)).code).toBe('request_invalid');
    const [, digest = ''] = Buffer.from(cursor, 'base64url').toString().split('/');
    for (const key of ['9/x/y', `9/${here.ada}/mem`, `9/${here.ada}/`, `0/${here.ada}/m\0`, '0', '']) {
      const forged = Buffer.from(`${here.companyId}/${digest}/${key}`).toString('base64url');
      expect((await house.by(here.ada).GET(`${url()}?query=mem&cursor=${forged}`)).code, key).toBe(
        'request_invalid',
      );
    }
    const other = await house.company(`other-${here.slug}`);
    await house.member(other, here.ada, 'admin');
    const abroad = `/api/v1/companies/other-${here.slug}/members?query=mem&cursor=${cursor}`;
    expect((await house.by(here.ada).GET(abroad)).code).toBe('request_invalid');
  });
});

describe('what a member works on', () => {
  test('is told to administrators of the company, and to nobody else', async () => {
    const [apollo, gemini] = [
      await house.project(here.companyId, 'apollo'),
      await house.project(here.companyId, 'gemini'),
    ];
    const grace = await join('Grace');
    await house.projectRole(gemini, grace, 'admin');
    await house.projectRole(apollo, grace, 'viewer');
    const projects = [
      { project: 'apollo', role: 'viewer' },
      { project: 'gemini', role: 'admin' },
    ];
    expect((await list()).items).toMatchObject([{ projects: [] }, { userId: grace, projects }]);
    expect((await list('', grace)).items.every((item) => !('projects' in item))).toBe(true);
    const promoted = await house.by(here.ada).PATCH(url(grace), { role: 'admin' });
    expect(JSON.parse(promoted.text)).toMatchObject({ role: 'admin', projects });
  });

  test('who is in a project that is not one’s own cannot be asked for', async () => {
    const apollo = await house.project(here.companyId, 'apollo');
    const [grace, hedy] = [await join('Grace'), await join('Hedy')];
    await house.projectRole(apollo, grace, 'viewer');
    expect((await list('?project=apollo', grace)).items).toHaveLength(1);
    expect(await list('?project=apollo', hedy)).toEqual(await list('?project=no-such', hedy));
  });

  test('people of a project are searched like those of a company', async () => {
    const apollo = await house.project(here.companyId, 'apollo');
    for (let n = 0; n < 5; n += 1)
      await house.projectRole(apollo, await join(`Märta ${String(n)}`), 'editor');
    await join('Märta Elsewhere');
    const boss = await join('Märta Boss', { role: 'admin' });
    await house.projectRole(apollo, boss, 'viewer');
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const question = `?limit=2&query=mart${cursor === null ? '' : `&cursor=${cursor}`}`;
      const answer = await house
        .by(here.ada)
        .GET(`/api/v1/companies/${here.slug}/projects/apollo/members${question}`);
      const page = answer.json(listOf(ProjectMember));
      found.push(...page.items.map(({ displayName, role, source }) => `${displayName}, ${role}, ${source}`));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(found).toEqual([
      ...[0, 1, 2, 3, 4].map((n) => `Märta ${String(n)}, editor, direct`),
      'Märta Boss, admin, inherited',
    ]);
  });
});
