import { AuditEvent, listOf } from '@gatehouse/contract';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { fill, furnish } from '../support/furnished-company.ts';
import type { Furnished } from '../support/furnished-company.ts';
import { houseOfThisFile } from '../support/house.ts';
import { until } from '../support/processes.ts';

const house = await houseOfThisFile();
const pattern = '/api/v1/companies/:slug/audit';
const nasty = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\tx',
  '\rx',
  '＝1+1',
  'a "quoted" name, with a comma',
  'Zoë – 日本',
];

let acme: Furnished;
let address: URL;

beforeAll(async () => {
  [acme, address] = [await furnish(house), await house.listen()];
  await house.sql(
    `insert into audit_events (id, at, type, result, actor_kind, company_id, subject_id, user_agent, details)
     select gen_random_uuid(), now() - (n + 10) * interval '1 second', 'project.changed', 'succeeded', 'system', $1, 'subject ' || n,
       text, jsonb_build_object('to', text) from unnest($2::text[]) with ordinality as nasty (text, n)`,
    [acme.companyId, nasty],
  );
});

async function ask(query: string, { places, people } = acme, headers: Record<string, string> = {}) {
  return await fetch(new URL(`${fill(pattern, places)}${query}`, address), {
    headers: { 'x-test-user': people.admin ?? '', 'user-agent': 'a test', ...headers },
  });
}

/** Rows of quoted cells, as RFC 4180 has them. */
function parseCsv(text: string): string[][] {
  const rows = text.match(/(?:"(?:[^"]|"")*",?)+\r\n/g) ?? [];
  expect(rows.join('')).toBe(text);
  return rows.map((row) =>
    [...row.matchAll(/"((?:[^"]|"")*)"/g)].map(([, cell = '']) => cell.replaceAll('""', '"')),
  );
}

describe('an administrator takes the trail along', () => {
  test('as lines of JSON, each as the list shows it', async () => {
    const { items } = listOf(AuditEvent).parse(await (await ask('')).json());
    const answer = await ask('?format=ndjson');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = (await answer.text()).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => AuditEvent.parse(JSON.parse(line)))).toEqual(items);
  });

  test('as a table that no spreadsheet calculates with, whatever people are called', async () => {
    const answer = await ask('?format=csv');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    const day = new Date().toISOString().slice(0, 10);
    const name = `audit-${acme.places['slug'] ?? ''}-${day}.csv`;
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${name}"`);
    const [head = [], ...rows] = parseCsv(await answer.text());
    expect(head.slice(0, 4)).toEqual(['at', 'id', 'type', 'result']);
    const agents = rows.map((row) => row[head.indexOf('userAgent')] ?? '').slice(-nasty.length);
    expect(agents).toEqual(nasty.map((text, n) => (n < 7 ? `'${text}` : text)));
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r＝]/);
    expect(rows.every(({ length }) => length === head.length)).toBe(true);
  });

  test.each([
    ['text/csv', 'text/csv'],
    ['application/x-ndjson', 'application/x-ndjson'],
    ['*/*', 'application/json'],
  ])('who accepts %s gets %s without asking for a format', async (accept, type) => {
    const answer = await ask('', acme, { accept });
    expect(answer.headers.get('content-type')).toContain(type);
    expect(answer.headers.get('vary')).toContain('accept');
    await answer.text();
  });

  test('only what the filter finds; and that it was taken, with the filter, is in the trail', async () => {
    const answer = await ask('?format=ndjson&query=subject%203&result=succeeded');
    expect((await answer.text()).trim().split('\n')).toHaveLength(1);
    const exported = (await house.events('audit.exported')).at(-1);
    expect(exported).toMatchObject({
      actor_id: acme.people.admin,
      company_id: acme.companyId,
      address: '127.0.0.1',
      details: { format: 'ndjson', filter: { query: 'subject 3', result: 'succeeded' } },
    });
  });

  test('nothing leaves, and nothing counts as taken, for who may not or asks for what there is not', async () => {
    const before = (await house.events('audit.exported')).length;
    const asked = { admin: acme.people.lead ?? '' };
    expect((await ask('?format=csv', { ...acme, people: asked })).status).toBe(403);
    expect((await ask('?format=csv&cursor=abc')).status).toBe(400);
    const head = await fetch(new URL(fill(`${pattern}?format=csv`, acme.places), address), {
      method: 'HEAD',
      headers: { 'x-test-user': acme.people.admin ?? '' },
    });
    expect(head.status).toBe(405);
    expect((await house.events('audit.exported')).length).toBe(before);
  });
});

describe('a trail of thirty megabytes', () => {
  const many = 10_000;
  let big: Furnished;
  beforeAll(async () => {
    big = await furnish(house);
    await house.sql(
      `insert into audit_events (id, at, type, result, actor_kind, company_id, details)
       select gen_random_uuid(), now() - (n + 10) * interval '1 millisecond', 'project.changed', 'succeeded', 'system', $1,
         jsonb_build_object('text', repeat('abc', 1000)) from generate_series(1, $2::int) n`,
      [big.companyId, many],
    );
  });

  test('is read no faster than it is taken, and not at all once nobody takes it', async () => {
    const reading = vi.spyOn(house.clock, 'now');
    const body = (await ask('?format=ndjson', big)).body?.getReader();
    await body?.read();
    await new Promise((resolve) => setTimeout(resolve, 400));
    const read = reading.mock.calls.length;
    expect(read).toBeGreaterThan(1);
    expect(read).toBeLessThan(many / 1_000);
    await body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const left = reading.mock.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(reading.mock.calls.length).toBe(left);
    expect(left).toBeLessThan(many / 1_000);
    reading.mockRestore();
  });

  test('comes whole, each event once', async () => {
    const ids = (await (await ask('?format=csv&type=project', big)).text()).matchAll(/^"[^"]+","([^"]+)"/gm);
    expect(new Set([...ids].map(([, id]) => id)).size).toBe(many + 1);
  });

  test('breaks off, and is not taken for whole, when its reader is no administrator any more', async () => {
    const answer = await ask('?format=ndjson', big);
    const body = answer.body?.getReader();
    await body?.read();
    await house.sql(`update members set role = 'user' where user_id = $1`, [big.people.admin]);
    const rest = async () => {
      while ((await body?.read())?.done === false);
    };
    await expect(rest()).rejects.toThrow(/terminated/);
    await until(async () => (await house.events('access.refused')).at(-1)?.company_id === big.companyId);
  });
});
