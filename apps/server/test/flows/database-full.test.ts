import { describe, expect } from 'vitest';
import { signInAs } from '../support/people.ts';
import { until } from '../support/processes.ts';
import { test } from '../support/world.ts';

const whenItCannotWrite = [
  [
    'read only, as after a fail-over',
    async (w: { database: string; sql: (text: string) => Promise<unknown> }) => {
      await w.sql(`alter database ${w.database} set default_transaction_read_only = on`);
      await w.sql(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`);
    },
  ],
  [
    'full',
    async (w: { sql: (text: string) => Promise<unknown> }) => {
      await w.sql(`create function no_room() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`);
      for (const table of ['attempts', 'sessions', 'audit_events', 'members'])
        await w.sql(
          `create trigger no_room before insert or update or delete on ${table} execute function no_room()`,
        );
    },
  ],
] as const;

describe('X-07 a database that can be read and not written', () => {
  test.for(whenItCannotWrite)(
    '%s: whoever is signed in stays so, and nothing is half done',
    async ([, spoil], { w }) => {
      const browser = await signInAs(w, 'google', 'ada', w.browser);
      const { callback } = await w.otherBrowser.beginSignIn('google');
      expect((await browser.get('/auth/verify')).status).toBe(200);
      await spoil(w);
      // The connections that were ended are noticed first.
      await until(async () => (await browser.get('/auth/verify')).status === 200);
      expect((await browser.get('/api/v1/me')).status).toBe(200);
      expect(await w.newBrowser().get('/auth/login?provider=google')).toBeProblem(503, 'storage_unavailable');
      expect(await callback()).toBeRefusedWith('storage_unavailable');
      expect(await browser.post('/auth/logout')).toBeProblem(503, 'storage_unavailable');
      expect((await browser.get('/auth/verify')).status, 'not signed out').toBe(200);
    },
  );
});
