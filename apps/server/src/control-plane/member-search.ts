import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { CompanyTx } from '../db/scopes.ts';
import { AppError } from '../kernel/errors.ts';
import { isUuid } from '../kernel/ids.ts';
import { readKey } from './list-page.ts';
import type { PageRequest } from './list-page.ts';

/** Some people of a company: rows of a table that is called `person`, up to and including their `where`. */
export type Group = RawBuilder<unknown>;

export type MemberSearch = {
  readonly companyId: string;
  /** Who is looked among: whoever is in one of these. */
  readonly groups: readonly Group[];
  /** Whether that is everybody in the company. */
  readonly isEverybody: boolean;
  /** What these groups are, where it is not always the same. */
  readonly filter?: string;
};

/** One member that was found, by their first word that begins like the search where words say the order. */
type Hit = { readonly userId: string; readonly word: string };

/** What an order begins with: a word of the search, by its place among them, or the people. */
type Place = { readonly by: number | 'people'; readonly userId: string; readonly word: string };

export type PlannedSearch = {
  readonly companyId: string;
  readonly narrowedBy: string | undefined;
  /** As many as asked for and one more, in order. */
  readonly hits: RawBuilder<Hit>;
  readonly keyOf: (hit: Hit) => string;
  /** For whoever reads more of each hit: the order that they came in. */
  readonly order: RawBuilder<unknown>;
};

/**
 * How to find the members of whom each word of the query begins a word. It walks along an index, by the rarest of the
 * words or through the people where they are fewer, and stops when the page is full: without a search by user id, in a
 * search by word and user id (decision 0018).
 * @throws AppError `request_invalid` at a cursor that was not given out for this search
 */
export async function planSearch(
  tx: CompanyTx,
  search: MemberSearch,
  { query = '', cursor, limit }: PageRequest,
): Promise<PlannedSearch> {
  const { companyId, filter = '' } = search;
  const text = query.trim();
  const narrowedBy = text === '' && filter === '' ? undefined : `${filter}?${text}`;
  const after = cursor === undefined ? undefined : readKey({ companyId, narrowedBy }, cursor, parsePlace);
  const counted = text === '' ? [] : await countWords(tx, search, text);
  const by = after?.by ?? (await cheapest(tx, search, counted));
  const words = counted.map(({ word }) => word);
  const parts = { search, words, after, limit };
  if (by === 'people') {
    const order = sql`hit."userId"`;
    return { companyId, narrowedBy, hits: byPeople(parts), keyOf: ({ userId }) => userId, order };
  }
  const driver = words[by];
  if (driver === undefined) throw new AppError('request_invalid', { detail: 'cursor: of another search' });
  return {
    companyId,
    narrowedBy,
    hits: byWord(parts, driver),
    keyOf: ({ word, userId }) => `${String(by)}/${userId}/${word}`,
    order: sql`hit.word, hit."userId"`,
  };
}

function parsePlace(key: string): Place | undefined {
  if (isUuid(key)) return { by: 'people', userId: key, word: '' };
  const {
    by = '',
    userId = '',
    word = '',
  } = /^(?<by>\d{1,2})\/(?<userId>[^/]*)\/(?<word>.+)$/s.exec(key)?.groups ?? {};
  return isUuid(userId) && !word.includes('\0') ? { by: Number(by), userId, word } : undefined;
}

/** Of anything we count no further: it is many. */
const many = 2_000;

type Counted = { readonly word: string; readonly count: number };

/** The words of a query, folded like those that are kept; those left out that another one begins with. */
async function countWords(
  tx: CompanyTx,
  { companyId, isEverybody }: MemberSearch,
  query: string,
): Promise<readonly Counted[]> {
  const hasNoChoice = isEverybody && !/\s/.test(query);
  const { rows } = await sql<Counted>`
    select searched.word, (select count(*)::int from (
      select from member_words w where w.company_id = ${companyId} and ${begins('w.word', sql`searched.word`)}
      limit ${hasNoChoice ? 1 : many}) as few) as count
    from search_words(${query}) as searched (word) order by searched.word collate "C"`.execute(tx);
  return rows.filter(({ word }) => !rows.some((other) => other.word !== word && other.word.startsWith(word)));
}

async function cheapest(
  tx: CompanyTx,
  { groups, isEverybody }: MemberSearch,
  counted: readonly Counted[],
): Promise<Place['by']> {
  const rank = (place: number) => counted[place]?.count ?? 0;
  const [rarest] = [...counted.keys()].sort(
    (a, b) => rank(a) - rank(b) || (counted[b]?.word.length ?? 0) - (counted[a]?.word.length ?? 0),
  );
  if (rarest === undefined) return 'people';
  if (isEverybody) return rarest;
  const parts = groups.map((group) => sql`(select 1 from ${group} limit ${many})`);
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (${sql.join(parts, sql` union all `)}) as few`.execute(tx);
  return (rows[0]?.count ?? 0) < rank(rarest) ? 'people' : rarest;
}

type Parts = {
  readonly search: MemberSearch;
  readonly words: readonly string[];
  readonly after: Place | undefined;
  readonly limit: number;
};

/** Along one of the words. Of several words of one person that begin like it, the first alone counts. */
function byWord({ search, words, after, limit }: Parts, driver: string): RawBuilder<Hit> {
  const { companyId, groups, isEverybody } = search;
  const others = words.filter((word) => word !== driver);
  const memberships = groups.map(
    (group) => sql`exists (select from ${group} and person.user_id = w.user_id)`,
  );
  return sql<Hit>`(
    select w.word, w.user_id as "userId" from member_words w
    where w.company_id = ${companyId} and ${begins('w.word', sql`${driver}`)} and w.previous_word < ${driver}
      ${after === undefined ? sql`` : sql`and (w.word, w.user_id) > (${after.word}, ${after.userId}::uuid)`}
      ${haveEach(companyId, others, 'w.user_id')}
      ${isEverybody ? sql`` : sql`and (${sql.join(memberships, sql` or `)})`}
    order by w.word, w.user_id limit ${limit + 1})`;
}

/** Along the people, group by group; whoever is in several comes once. */
function byPeople({ search, words, after, limit }: Parts): RawBuilder<Hit> {
  const parts = search.groups.map(
    (group) => sql`(
      select person.user_id as "userId" from ${group}
        ${after === undefined ? sql`` : sql`and person.user_id > ${after.userId}::uuid`}
        ${haveEach(search.companyId, words, 'person.user_id')}
      order by person.user_id limit ${limit + 1})`,
  );
  return sql<Hit>`(
    select '' as word, "userId" from (${sql.join(parts, sql` union `)}) as found
    order by "userId" limit ${limit + 1})`;
}

function haveEach(companyId: string, words: readonly string[], userId: string): RawBuilder<unknown> {
  const each = words.map(
    (word) => sql`and exists (
      select from member_words o
      where o.company_id = ${companyId} and o.user_id = ${sql.ref(userId)} and ${begins('o.word', sql`${word}`)})`,
  );
  return each.length === 0 ? sql`` : sql.join(each, sql` `);
}

/** As a range, which row-level security lets an index answer; LIKE it does not. */
function begins(column: string, word: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`${sql.ref(column)} >= ${word} and ${sql.ref(column)} < ${word} || chr(1114111)`;
}
