import { hashToken } from '../../../apps/server/src/kernel/tokens.ts';
import { crowdOfBetterAuth } from '../crowd.ts';
import { familiesOfGatehouse, old, refreshCookie } from '../families.ts';
import type { Database } from '../postgres.ts';
import { publicHost } from '../programs/gatehouse.ts';
import type { Run } from '../run.ts';
import type { Contender, Jar } from './contender.ts';

export function gatehouseInStorm(run: Run): Contender {
  return {
    name: 'Gatehouse',
    start: (port) => run.gatehouse({ port }),
    async signedIn(browsers) {
      const tokens = await familiesOfGatehouse(run.database, { people: browsers, each: 1, ...old });
      return tokens.map((token) => ({ cookie: refreshCookie(token) }));
    },
    refresh: {
      path: '/api/v1/auth/refresh',
      method: 'POST',
      headers: { host: publicHost, 'x-csrf': '1' },
    },
    async timePasses({ cookie }, seconds) {
      const hash = hashToken('cloud/refresh/v1', cookie.slice(refreshCookie('').length));
      await run.database.query(
        `update gatehouse.refresh_tokens set created_at = created_at - $2::int * interval '1 second',
           rotated_at = rotated_at - $2::int * interval '1 second'
         where session_id = (select session_id from gatehouse.refresh_tokens where token_hash = $1)`,
        [hash, seconds],
      );
    },
  };
}

export async function countForks(database: Database): Promise<number> {
  const forked = await database.query(
    `select session_id from gatehouse.refresh_tokens where rotated_at is null group by 1 having count(*) > 1`,
  );
  return forked.length;
}

/**
 * What its documentation gives a page that needs access tokens: the `jwt` plugin answers one for the session cookie, and
 * each use keeps the session alive. Rotated refresh tokens are not in this package: it has them where it is itself a
 * provider to other applications.
 */
export async function betterAuthInStorm(run: Run): Promise<Contender> {
  const database = await run.makeDatabase();
  return {
    name: 'Better Auth',
    start: (port) => run.betterAuthWithTokens(database, port),
    signedIn: async (browsers) =>
      (await crowdOfBetterAuth(database, browsers)).map((cookie): Jar => ({ cookie })),
    refresh: { path: '/api/auth/token', method: 'GET', headers: {} },
    async timePasses({ cookie }, seconds) {
      const [, sealed = ''] = decodeURIComponent(cookie).split('=');
      await database.query(
        `update session set "expiresAt" = "expiresAt" - $2::int * interval '1 second',
           "updatedAt" = "updatedAt" - $2::int * interval '1 second' where token = $1`,
        [sealed.split('.')[0], seconds],
      );
    },
  };
}
