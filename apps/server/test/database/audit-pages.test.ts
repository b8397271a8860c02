import { beforeAll, describe, expect, test } from 'vitest';
import { inCompany } from '../../src/db/scopes.ts';
import { eventsOf, readInOrder } from '../../src/trail/trail-view.ts';
import type { Place, TrailFilter } from '../../src/trail/trail-view.ts';
import { houseOfThisFile } from '../support/house.ts';

const house = await houseOfThisFile();
let acme: string;

beforeAll(async () => {
  acme = await house.company('acme');
  const other = await house.company('other');
  await house.sql(
    `select ensure_audit_month((date '2023-01-15' + n * interval '1 month')::date) from generate_series(0, 35) n`,
  );
  // Three years: an event every thirteen minutes, of one company or the other.
  await house.sql(
    `insert into audit_events (id, at, type, result, actor_kind, company_id, subject_id, details)
     select gen_random_uuid(), timestamptz '2023-01-01' + n * interval '13 minutes', 'project.changed', 'succeeded', 'system',
       case when n % 3 = 0 then $1::uuid else $2::uuid end, n::text, '{}'
     from generate_series(1, 120000) n`,
    [acme, other],
  );
}, 60_000);

async function planOf(filter: TrailFilter, before?: Place): Promise<string> {
  return await inCompany(house.db, acme, async (tx) => {
    await readInOrder(tx);
    const query = eventsOf(tx, { companyId: acme, filter, before, limit: 51 }).compile();
    const { rows } = await tx.executeQuery<{ 'QUERY PLAN': string }>({
      ...query,
      sql: `explain (analyze, costs off, timing off) ${query.sql}`,
    });
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
}

/** How many rows all scans of the plan gave. */
function rowsRead(plan: string): number {
  const scans = plan.matchAll(/Scan .*\(actual rows=(?<rows>[\d.]+)/g);
  return [...scans].reduce((sum, { groups }) => sum + Number(groups?.['rows']), 0);
}

const placeAt = (at: string): Place => ({
  atMicroseconds: `${String(Date.parse(at))}000`,
  id: '00000000-0000-0000-0000-000000000000',
});

describe('D-11: a page of a trail of three years', () => {
  test.each([
    ['the newest', {}, undefined],
    ['one from the middle', {}, placeAt('2024-06-15T00:00:00Z')],
    ['the oldest', {}, placeAt('2023-01-20T00:00:00Z')],
    ['of a day', { from: new Date('2024-06-15'), until: new Date('2024-06-16') }, undefined],
  ])(
    '%s reads what it shows and little more, by its index, before anybody counted',
    async (_, filter, before) => {
      const plan = await planOf(filter, before);
      expect(plan).not.toMatch(/Seq Scan|Bitmap|-> {2}Sort/);
      expect(plan).toMatch(/Index Scan using audit_events_\w+company_id\w* on audit_events_/);
      expect(rowsRead(plan)).toBeLessThan(51 + 36 + 5);
    },
  );
});
