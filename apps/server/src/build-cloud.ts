import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { accountRoutes } from './account/routes.ts';
import { sealEvents } from './audit/index.ts';
import { openPlatform } from './build-providers.ts';
import { masterKeys, prepareStorage } from './build-storage.ts';
import type { CloudConfig } from './config/cloud-config.ts';
import { cloudMigrations } from './db/migrations/lists.ts';
import { isReady } from './db/open-database.ts';
import { openStorage } from './db/open-storage.ts';
import type { Storage } from './db/open-storage.ts';
import { inSystem } from './db/scopes.ts';
import { houseCookies } from './http/cookies.ts';
import type { Door } from './http/door.ts';
import { closeGracefully } from './http/drain.ts';
import { sessionReader } from './http/guards.ts';
import type { Log } from './http/log.ts';
import { openDoor } from './http/server.ts';
import { invitationRoutes } from './invitations/routes.ts';
import { startHousekeeping } from './jobs/housekeeping.ts';
import type { Clock } from './kernel/clock.ts';
import { systemClock } from './kernel/clock.ts';
import { openOutbound } from './kernel/outbound.ts';
import { deriveKeys } from './keys/index.ts';
import { memberRoutes } from './members/routes.ts';
import { projectRoutes } from './projects/routes.ts';
import { findSession, openSessionToken, sealSessionToken } from './session/index.ts';
import { localSession } from './sign-in/local-person.ts';
import { signInRoutes } from './sign-in/routes.ts';
import { settleSession } from './sign-in/settle/session.ts';

export type CloudOptions = {
  readonly log: Log;
  readonly clock?: Clock;
  /** A line that every page shows, such as "Demo". */
  readonly notice?: string;
  /** How long a stop waits for what runs. Unless told, so long that the process is gone after ten seconds. */
  readonly drainMs?: number;
};

export type Cloud = {
  readonly app: Door;
  /** Brings the database up to date, then listens; where the database is away, listens and goes on trying. */
  listen(): Promise<{ readonly address: string }>;
  /** Stops accepting, finishes what runs, closes everything. */
  close(): Promise<void>;
};

const drainMs = 9_000;
/** What a chore that is under way may still take once no request runs any more. */
const restingMs = 300;
const maxConnections = 10;
const localLimits = { ttlMs: 8 * 60 * 60 * 1000 };

/** Puts the Cloud Backend together: the one place that knows every room. */
export async function buildCloud(config: CloudConfig, options: CloudOptions): Promise<Cloud> {
  const storage = await openStorage(config.database, { as: 'server', maxConnections, log: options.log });
  try {
    return await furnish(config, options, storage);
  } catch (error) {
    await storage.close(); // an embedded database would outlive us
    throw error;
  }
}

async function furnish(config: CloudConfig, options: CloudOptions, storage: Storage): Promise<Cloud> {
  const { log, clock = systemClock } = options;
  const { db } = storage;
  const [sealingKey] = deriveKeys(await masterKeys(config, storage), 'cloud/audit-seal/v1');
  if (sealingKey === undefined) throw new Error('no master key is configured');
  const preparation = prepareStorage(storage, config, { clock, log });
  const { publicOrigin, appBaseUrl } = config.addresses;
  const app = await openDoor({
    localOnly: config.mode === 'local',
    publicOrigin,
    acceptedOrigins: [publicOrigin.origin, appBaseUrl.origin],
    errorPage: '/auth/error',
    buffers: { readBytes: config.http.readBufferBytes, writeBytes: config.http.writeBufferBytes },
    trustedProxies: config.trustedProxies,
    log,
    isReady: async () => preparation.isDone() && (await isReady(db, cloudMigrations)),
    page: {
      folder: fileURLToPath(new URL('../../cloud/dist', import.meta.url)),
      notice: options.notice ?? '',
      basePath: '/',
      paths: ['/', '/sign-in', '/auth/error'],
    },
  });

  const cookies = houseCookies(publicOrigin);
  const secrets = config.mode === 'sso' ? config.session.secrets : [];
  const limits = config.mode === 'sso' ? config.session : localLimits;
  const { connections, openProvider } = openPlatform(config, { outbound: openOutbound(), clock });
  const sessionOfToken = (token: string) =>
    inSystem(db, (tx) => findSession(tx, token, { limits, now: clock.now() }));
  const sessionOf =
    config.mode === 'local'
      ? () => localSession(db, clock.now())
      : sessionReader(cookies.session, async (cookie) => {
          const token = openSessionToken(cookie, secrets);
          return token === undefined ? undefined : await sessionOfToken(token);
        });

  signInRoutes(app, {
    db,
    clock,
    cookies,
    publicOrigin,
    connections,
    openProvider,
    policy: { mode: config.mode, policy: config.mode === 'sso' ? config.policy.kind : 'sso' },
    settle: { session: settleSession({ db, clock, limits, access: accessRules(config) }) },
    sessionOf: sessionOfToken,
    sealSession: (token) => sealSessionToken(token, secrets),
    openSession: (cookie) => openSessionToken(cookie, secrets),
    sessionTtlSeconds: limits.ttlMs / 1000,
  });
  const signedIn = { db, clock, sessionOf };
  accountRoutes(app, signedIn);
  memberRoutes(app, signedIn);
  projectRoutes(app, signedIn);
  invitationRoutes(app, { ...signedIn, ttlDays: config.invitationTtlDays });

  const housekeeping = startHousekeeping({
    db,
    clock,
    sealEvents: async (tx, now) => (await sealEvents(tx, sealingKey, now)).sealed,
    onError: (error) => {
      log.error({ err: error }, 'housekeeping failed');
    },
  });

  return {
    app,
    async listen() {
      await preparation.start();
      return { address: await app.listen({ host: config.bind.host, port: config.bind.port }) };
    },
    async close() {
      const resting = Promise.all([preparation.stop(), housekeeping.stop()]);
      try {
        await closeGracefully(app, { timeoutMs: options.drainMs ?? drainMs });
      } finally {
        await Promise.race([resting, sleep(restingMs)]);
        await storage.close();
      }
    },
  };
}

function accessRules(config: CloudConfig) {
  if (config.mode === 'local') return { policy: { kind: 'sso' } } as const;
  const { policy, company } = config;
  const { slug, bootstrapEmail } = company ?? {};
  return {
    policy,
    ...(slug !== undefined && {
      company: { slug, ...(bootstrapEmail && { onlyBootstrapEmail: bootstrapEmail }) },
    }),
  };
}
