import { join } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { sealEvents } from '../../src/audit/index.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { inSystem } from '../../src/db/scopes.ts';
import { connectionTo } from '../support/databases.ts';
import { signInAs } from '../support/people.ts';
import { runToEnd } from '../support/processes.ts';
import { sealingKeys } from '../support/trail-of-companies.ts';
import { environmentOf, test } from '../support/world.ts';
import type { World } from '../support/world.ts';

const script = join(import.meta.dirname, '../../src/verify-audit.ts');
const audit = (w: World, args: readonly string[], changes: Readonly<Record<string, string>> = {}) =>
  runToEnd({ script, args, env: { ...environmentOf(w, w.publicOrigin, w.database), ...changes } });

/** What the server does every half minute. */
async function seal(w: World): Promise<void> {
  const db = openDatabase({
    connection: connectionTo(w.database),
    maxConnections: 1,
    onError: () => undefined,
  });
  const soon = new Date(w.clock.now().getTime() + 60_000);
  await inSystem(db, (tx) => sealEvents(tx, sealingKeys.first, soon));
  await db.destroy();
}

const Line = z.looseObject({ kind: z.string(), head: z.string().optional() });
const linesOf = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => Line.parse(JSON.parse(line)));

test('npm run audit -- verify: intact, then broken at an exact place, then cut off', async ({ w }) => {
  await signInAs(w, 'google', 'ada');
  await seal(w);
  const intact = await audit(w, ['verify']);
  expect(intact).toMatchObject({ code: 0, err: '' });
  expect(intact.out).toMatch(/^intact {2}no company, \d+ sealed, head 0{8}-[0-9a-f-]+:\d+:[0-9a-f]{64}$/m);
  expect(intact.out).toMatch(/^intact {2}acme, \d+ sealed, head [0-9a-f-]{36}:\d+:[0-9a-f]{64}$/m);
  const told = linesOf((await audit(w, ['verify', '--company', 'acme', '--json'])).out);
  expect(told).toMatchObject([
    { kind: 'chain', company: 'acme', isIntact: true },
    { kind: 'end', isIntact: true },
  ]);
  const kept = told[0]?.head ?? '';

  const [event] = await w.sql(
    `update audit_events set details = '{}' where type = 'company.created' returning id, at`,
  );
  const broken = await audit(w, ['verify']);
  expect(broken).toMatchObject({ code: 1, err: '' });
  expect(broken.out).toContain(`FOUND   acme, position 1, event ${String(event?.['id'])}, of `);
  expect(broken.out).toMatch(/event_or_seal_changed, the event or its seal was changed\nBROKEN {2}acme, /);
  expect(broken.out).toMatch(/^The trail is NOT intact, findings: 1\. /m);

  await w.sql(`delete from audit_chain_seals where chain <> '00000000-0000-0000-0000-000000000000'`);
  await w.sql('delete from audit_events where company_id is not null');
  const cut = await audit(w, ['verify', '--json', '--since-head', kept]);
  expect(cut.code).toBe(1);
  expect(linesOf(cut.out)).toContainEqual(
    expect.objectContaining({ kind: 'finding', finding: 'cut_off', company: 'acme' }),
  );
}, 60_000);

test('what cannot be checked ends with 2, and says why', async ({ w }) => {
  const [mistyped, noHead, unknown, away] = await Promise.all([
    audit(w, ['check']),
    audit(w, ['verify', '--since-head', 'acme:1:00']),
    audit(w, ['verify', '--company', 'no-such']),
    audit(w, ['verify'], { DATABASE_URL: 'postgres://gate:hidden-password@127.0.0.1:1/gate' }),
  ]);
  for (const { err } of [mistyped, noHead]) expect(err).toMatch(/^Usage: npm run audit -- verify/);
  expect(unknown.err).toBe('There is no company no-such.\n');
  expect(away.err).toMatch(/^The database is not answering\. /);
  expect(away.err).not.toContain('hidden-password');
  for (const { code, out } of [mistyped, noHead, unknown, away])
    expect({ code, out }).toEqual({ code: 2, out: '' });
}, 60_000);
