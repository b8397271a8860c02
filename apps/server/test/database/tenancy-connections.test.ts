import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/open-database.ts';
import { enterCompany, inCompany, inSystem } from '../../src/db/scopes.ts';
import { connectionTo } from '../support/databases.ts';
import { houseOfThisFile } from '../support/house.ts';

const house = await houseOfThisFile();
let acme: string;
let zeta: string;

beforeAll(async () => {
  acme = await house.company('acme');
  zeta = await house.company('zeta');
});

describe('N-05: a connection that was used for one company tells the next nothing', () => {
  test('two thousand transactions of two companies and the system, on three connections, some of them failing', async () => {
    const db = openDatabase({
      connection: connectionTo(house.database),
      maxConnections: 3,
      onError: () => undefined,
    });
    const leaks: unknown[] = [];
    const random = seeded(2_025);
    async function once(): Promise<void> {
      const dice = random();
      const [companyId, slug] = dice < 0.5 ? [acme, 'acme'] : [zeta, 'zeta'];
      try {
        await inSystem(db, async (tx) => {
          const { rows: before } =
            await sql`select current_setting('app.company_id', true) as c, current_user as u`.execute(tx);
          if (JSON.stringify(before) !== JSON.stringify([{ c: '', u: 'gatehouse_system' }]))
            leaks.push(before);
          await enterCompany(tx, companyId, async (company) => {
            const seen = await company.selectFrom('companies').select('slug').execute();
            if (seen.length !== 1 || seen[0]?.slug !== slug) leaks.push({ slug, seen });
            if (random() < 0.2) throw new Error('work that fails');
            if (random() < 0.1) await sql`select 1 / 0`.execute(company);
          });
          if (random() < 0.6) return; // and commits
          await tx.selectFrom('members').select('user_id').execute();
          leaks.push('the system read a company’s table');
        });
      } catch (error) {
        if (!/permission denied|work that fails|division by zero/.test(String(error))) leaks.push(error);
      }
    }
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        for (let n = 0; n < 100; n += 1) await once();
      }),
    );
    await db.destroy();
    expect(leaks).toEqual([]);
  });

  test('a connection that is cut in the middle of a company is replaced', async () => {
    const db = openDatabase({
      connection: connectionTo(house.database),
      maxConnections: 1,
      onError: () => undefined,
    });
    const cut = inCompany(db, acme, async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
      await house.sql('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await tx.selectFrom('companies').selectAll().execute();
    });
    await expect(cut).rejects.toMatchObject({ code: 'storage_unavailable' });
    const seen = await inCompany(db, zeta, (tx) => tx.selectFrom('companies').select('slug').execute());
    expect(seen).toEqual([{ slug: 'zeta' }]);
    await db.destroy();
  });
});

/** The same sequence each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
