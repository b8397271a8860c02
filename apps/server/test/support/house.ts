import { Writable } from 'node:stream';
import type { InjectOptions } from 'fastify';
import { Client } from 'pg';
import { afterAll, inject } from 'vitest';
import type { ZodType } from 'zod';
import { readMe } from '../../src/account/me-view.ts';
import { accountRoutes } from '../../src/account/routes.ts';
import { addCompany } from '../../src/build-company.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import type { Database } from '../../src/db/scopes.ts';
import { openLog } from '../../src/http/log.ts';
import { openDoor } from '../../src/http/server.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { dayMs } from '../../src/kernel/clock.ts';
import { AppError } from '../../src/kernel/errors.ts';
import type { MailPolicy } from '../../src/mail/index.ts';
import { makers } from './makers.ts';
import { connectionTo, dropDatabase, makeDatabase } from './databases.ts';

export type Answer = {
  readonly status: number;
  readonly text: string;
  /** Of a problem; `ok` where it is none. */
  readonly code: string;
  /** The body, which is as the contract says or fails the test. */
  json<Body>(schema: ZodType<Body>): Body;
};

const publicOrigin = new URL('http://localhost:3000');

/** The control plane behind the real door, with sessions made of nothing, so that roles and races can be had by the hundred. */
export async function openHouse(mailPolicy: MailPolicy = { kind: 'not_configured' }) {
  const database = await makeDatabase();
  const db = openDatabase({
    connection: connectionTo(database),
    maxConnections: 20,
    onError: () => undefined,
  });
  const admin = await openAdmin(database);
  let offsetMs = 0;
  const clock: Clock = { now: () => new Date(Date.now() + offsetMs), monotonicMs: () => performance.now() };
  const onlyCompanies = new Map<string, string>();
  const { app, routes } = await openApp({ db, clock, onlyCompanies, mailPolicy });

  async function sql<Row extends Record<string, unknown>>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    return (await admin.query<Row>(text, [...values])).rows;
  }

  async function ask(who: string | undefined, request: InjectOptions): Promise<Answer> {
    const response = await app.inject({
      ...request,
      headers: {
        host: publicOrigin.host,
        'x-csrf': '1',
        'user-agent': 'a test',
        ...(who !== undefined && { 'x-test-user': who }),
      },
    });
    const isProblem = String(response.headers['content-type']).startsWith('application/problem+json');
    return {
      status: response.statusCode,
      text: response.payload,
      code: isProblem ? response.json<{ code: string }>().code : 'ok',
      json: (schema) => schema.parse(response.json()),
    };
  }

  return {
    db,
    database,
    clock,
    /** Method and pattern of each route of these flows. */
    routes,
    sql,
    /** Asks as this person, or as nobody. */
    by(who: string | undefined) {
      return {
        GET: (url: string) => ask(who, { method: 'GET', url }),
        POST: (url: string, payload?: object) =>
          ask(who, { method: 'POST', url, ...(payload && { payload }) }),
        PATCH: (url: string, payload?: object) =>
          ask(who, { method: 'PATCH', url, ...(payload && { payload }) }),
        PUT: (url: string, payload?: object) => ask(who, { method: 'PUT', url, ...(payload && { payload }) }),
        DELETE: (url: string) => ask(who, { method: 'DELETE', url }),
      };
    },
    ...makers(sql),
    advance(ms: number) {
      offsetMs += ms;
    },
    /** From now on every session of this person was made by that company's connection. */
    signsInThrough(userId: string, companyId: string) {
      onlyCompanies.set(userId, companyId);
    },
    async events(type?: string) {
      return await sql<Event>(
        'select type, result, reason, actor_id, company_id, subject_id, address, user_agent, at, details from audit_events where $1::text is null or type = $1 order by at, id',
        [type ?? null],
      );
    },
    /** Answers on a port too, for what shows on a connection only. */
    async listen(): Promise<URL> {
      return new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
    },
    async close() {
      app.server.closeAllConnections();
      await app.close();
      await db.destroy();
      await admin.end();
      await dropDatabase(database);
    },
  };
}

/** A house for the tests of one file, closed after the last of them. */
export async function houseOfThisFile(mailPolicy?: MailPolicy): Promise<House> {
  const house = await openHouse(mailPolicy);
  afterAll(() => house.close());
  return house;
}

export type House = Awaited<ReturnType<typeof openHouse>>;

export type Event = {
  type: string;
  result: string;
  reason: string | null;
  actor_id: string | null;
  company_id: string | null;
  subject_id: string | null;
  address: string | null;
  user_agent: string | null;
  at: Date;
  details: Record<string, unknown>;
};

async function openAdmin(database: string): Promise<Client> {
  const { socketDir, port, adminUser, adminPassword } = inject('postgres');
  const admin = new Client({ host: socketDir, port, user: adminUser, password: adminPassword, database });
  await admin.connect();
  await admin.query('set search_path = gatehouse');
  return admin;
}

type AppParts = {
  readonly db: Database;
  readonly clock: Clock;
  readonly onlyCompanies: ReadonlyMap<string, string>;
  readonly mailPolicy: MailPolicy;
};

async function openApp({ db, clock, onlyCompanies, mailPolicy }: AppParts) {
  const app = await openDoor({
    localOnly: false,
    publicOrigin,
    acceptedOrigins: [publicOrigin.origin],
    errorPage: '/auth/error',
    apiErrorPage: '/auth/error',
    appOrigin: publicOrigin.origin,
    buffers: { readBytes: 65_536, writeBytes: 65_536 },
    trustedProxies: [],
    log: openLog({
      level: 'info',
      stream: new Writable({
        write: (_chunk, _encoding, done) => {
          done();
        },
      }),
    }),
    isReady: () => Promise.resolve(true),
  });
  const signedIn = {
    db,
    clock,
    sessionOf: ({ headers }: { headers: Record<string, unknown> }) => {
      const userId = headers['x-test-user'];
      if (typeof userId !== 'string') return Promise.reject(new AppError('unauthenticated'));
      const companyId = onlyCompanies.get(userId);
      const session = { id: userId, userId, signedInWith: 'test', expiresAt: new Date(Date.now() + dayMs) };
      return Promise.resolve({ ...session, ...(companyId !== undefined && { companyId }) });
    },
  };
  const routes: string[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    if (method !== 'HEAD') routes.push(`${String(method)} ${url}`);
  });
  const personOf = (userId: string) => readMe(db, { userId, at: clock.now() });
  accountRoutes(app, { ...signedIn, personOf });
  const unlimited = () => Promise.resolve();
  addCompany(app, {
    config: { invitationTtlDays: 14 },
    signedIn,
    visitorOf: ({ headers }: { headers: Record<string, unknown> }) =>
      typeof headers['x-test-user'] === 'string' ? { userId: headers['x-test-user'] } : undefined,
    mailPolicy,
    rateLimits: { invite: unlimited, join: unlimited, landing: unlimited },
  });
  await app.ready();
  return { app, routes };
}
