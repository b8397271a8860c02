import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FastifyReply } from 'fastify';
import { ownSessionRoutes } from './account/own-sessions-routes.ts';
import { accountRoutes } from './account/routes.ts';
import { logChannel, openChecks } from './build-checks.ts';
import { accessOf, addEmailProofs, renewalBy } from './build-access.ts';
import { addCompany } from './build-company.ts';
import { openLimits } from './build-limits.ts';
import { addGate } from './build-gate.ts';
import { openMail } from './build-mail.ts';
import { openObservability } from './build-observability.ts';
import { addPasswords, openPasswords } from './build-passwords.ts';
import { openPlatform } from './build-providers.ts';
import { masterKeys, prepareStorage, readSigningKeys } from './build-storage.ts';
import { errorPage, placePages } from './build-pages.ts';
import { sealTrail } from './build-sealing.ts';
import { addSecondStep, addSecurity, appSealer, resealApps } from './build-security.ts';
import { accessTokenKind, addSignIn } from './build-sign-in.ts';
import { serveUpstream } from './build-upstream.ts';
import type { CloudConfig } from './config/cloud-config.ts';
import { cloudMigrations } from './db/migrations/lists.ts';
import { forgetLimits } from './db/limit-store.ts';
import { isReady, poolUse } from './db/open-database.ts';
import { openStorage } from './db/open-storage.ts';
import type { Storage } from './db/open-storage.ts';
import { forgetChanges } from './db/forget-changes.ts';
import { houseCookies } from './http/cookies.ts';
import type { Door } from './http/door.ts';
import { closeGracefully } from './http/drain.ts';
import { bearerFinder, mustBeSignedIn, sessionFinder } from './http/guards.ts';
import { catchUpBeforeAnswering } from './http/catch-up.ts';
import { listenOn } from './http/listen-on.ts';
import type { Log } from './http/log.ts';
import { noPlaces, openPlaces } from './http/places.ts';
import { openDoor } from './http/server.ts';
import { startHousekeeping } from './jobs/housekeeping.ts';
import { tendSigningKeys } from './jobs/signing-keys.ts';
import type { Clock } from './kernel/clock.ts';
import { systemClock } from './kernel/clock.ts';
import { openOutbound } from './kernel/outbound.ts';
import { openKeyRing } from './keys/index.ts';
import { sealSessionToken } from './session/index.ts';
import { localSession } from './sign-in/local-person.ts';
import { jwksRoutes } from './verify/jwks-routes.ts';

export type CloudOptions = {
  readonly log: Log;
  readonly clock?: Clock;
  /** A line that every page shows, such as "Demo". */
  readonly notice?: string;
  /** How long a stop waits for what runs. Unless told, so long that the process is gone after ten seconds. */
  readonly drainMs?: number;
  /** Of these, how long it still takes new connections while readiness has fallen. Unless told, not at all. */
  readonly announceMs?: number;
  /** For who writes down the API: `app.swagger()` answers. */
  readonly describesItself?: boolean;
  /** One of several on this machine, led by a process that holds an embedded database. */
  readonly isWorker?: boolean;
};

export type Cloud = {
  readonly app: Door;
  /** Brings the database up to date, then listens; where the database is away, listens and goes on trying. */
  listen(): Promise<{ readonly address: string }>;
  /** Whether the database answers and its migrations are in. */
  isReady(): Promise<boolean>;
  /** Stops accepting, finishes what runs, closes everything. Where another answers in its place, readiness need not fall. */
  close(how?: { readonly isReplaced: boolean }): Promise<void>;
};

const drainMs = 8_500;
/** What a chore that is under way may still take once no request runs any more. */
const restingMs = 300;
const maxConnections = 10;
const localLimits = { ttlMs: 8 * 60 * 60 * 1000 };

/** Puts the Cloud Backend together: the one place that knows every room. */
export async function buildCloud(config: CloudConfig, options: CloudOptions): Promise<Cloud> {
  const storage = await openStorage(config.database, {
    as: options.isWorker === true ? 'worker' : 'server',
    maxConnections,
    log: options.log,
  });
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
  const keys = await masterKeys(config, storage);
  const passwords = await openPasswords(config);
  const preparation = prepareStorage(storage, config, { clock, log });
  const isPrepared = async () => preparation.isDone() && (await isReady(db, cloudMigrations));
  const { publicOrigin, appBaseUrl } = config.addresses;
  const observability = await openObservability(config, { log, isWorker: options.isWorker === true });
  const app = await openDoor({
    localOnly: config.mode === 'local',
    publicOrigin,
    acceptedOrigins: [publicOrigin.origin, appBaseUrl.origin],
    errorPage,
    apiErrorPage: new URL(errorPage, appBaseUrl).href,
    appOrigin: appBaseUrl.origin,
    buffers: { readBytes: config.http.readBufferBytes, writeBytes: config.http.writeBufferBytes },
    trustedProxies: config.trustedProxies,
    log,
    isReady: isPrepared,
    callersWaiting: () => storage.waiting(),
    observers: observability.observers,
    hasUpstream: config.upstreamUrl !== undefined,
    describesItself: options.describesItself === true,
    page: {
      folder: fileURLToPath(new URL('../../cloud/dist', import.meta.url)),
      notice: options.notice ?? '',
      company: (config.mode === 'sso' && config.company?.slug) || '',
      ...placePages(config),
    },
  });

  const sameSite = config.mode === 'sso' ? config.tokens.refreshCookieSameSite : 'lax';
  const cookies = houseCookies(publicOrigin, sameSite);
  const secrets = config.mode === 'sso' ? config.session.secrets : [];
  const limits = config.mode === 'sso' ? config.session : localLimits;
  const { connections, openProvider } = openPlatform(config, { outbound: openOutbound(), clock });
  const changes = storage.watchChanges({
    clock,
    onLag: observability.meters.revocationLag.observe,
    onState: logChannel(log),
  });
  const onError = (error: unknown) => {
    log.error({ err: error }, 'what was seen of sessions could not be written; it is kept and tried again');
  };
  const keyRing = openKeyRing({
    db,
    clock,
    masterKeys: keys,
    onError: (error) => {
      log.warn({ err: error }, 'the signing keys are not as they should be');
    },
  });
  const checks = openChecks({
    ...{ db, clock, changes, secrets, limits, onError },
    verifyToken: (token) => keyRing.verify(token, accessTokenKind(publicOrigin)),
    isKeyHeld: keyRing.isHeld,
  });
  catchUpBeforeAnswering(app, () => changes.catchUp());
  const visitorOf =
    config.mode === 'local'
      ? () => localSession(db, clock.now())
      : bearerFinder(checks.sessionOfBearer, sessionFinder(cookies.session.read, checks.sessionOfCookie.use));
  const sessionOf = mustBeSignedIn(visitorOf);

  const rateLimits = openLimits(storage.limitStore, keys);
  const mail = openMail(config, { storage, clock, keys, log, meter: observability.meters.mails });
  const mailPolicy = mail.policy;
  const access = accessOf(config, changes);
  const sealer = appSealer(keys);
  const signingIn = { config, db, clock, cookies, mail, rateLimits, masterKeys: keys };
  const signedInBy = addSignIn(app, {
    ...signingIn,
    connections,
    openProvider,
    checks,
    keyRing,
    access,
    limits,
    onLeg: observability.onLeg,
    catchUp: () => changes.catchUp(),
  });
  addPasswords(app, { ...signingIn, passwords, limitStore: storage.limitStore, signedIn: signedInBy });
  jwksRoutes(app, { publicOrigin, ...keyRing });
  const upstreamGate = addGate(app, {
    config,
    clock,
    cookies,
    checks,
    keyRing,
    localVisitor: () => localSession(db, clock.now()),
  });
  const signedIn = { db, clock, sessionOf };
  const holdSession = (reply: FastifyReply, token: string, maxAgeSeconds: number) => {
    cookies.session.set(reply, sealSessionToken(token, secrets), maxAgeSeconds);
  };
  accountRoutes(app, {
    ...signedIn,
    personOf: checks.personOf,
    ...(config.mode === 'sso' && { renewal: renewalBy(holdSession) }),
  });
  const placeOf = config.geoipFile === undefined ? noPlaces : openPlaces(config.geoipFile, log);
  ownSessionRoutes(app, { ...signedIn, limits, cookie: cookies.session, placeOf });
  addCompany(app, { config, signedIn, visitorOf, mailPolicy, rateLimits });
  if (config.mode === 'sso') {
    addEmailProofs(app, { db, clock, limits, access, mail, sessionOf, holdSession });
    const parts = { config, db, clock, mailPolicy, sealer, rateLimits };
    addSecurity(app, { ...parts, connections, passwords, sessionOf, holdSession });
    addSecondStep(app, { ...parts, ...signedInBy, cookies });
  }
  await serveUpstream(app, config, upstreamGate);

  const housekeeping = startHousekeeping({
    db,
    clock,
    moreChores: [
      forgetChanges,
      forgetLimits,
      sealTrail(keys, log),
      (tx, now) => tendSigningKeys(tx, keys, now),
      resealApps(sealer),
      ...mail.chores,
      ...passwords.chores,
    ],
    onNotReturned: observability.onNotReturned,
    onError: (error) => {
      log.error({ err: error }, 'housekeeping failed');
    },
  });

  return {
    app,
    async listen() {
      await observability.listen({
        isReady: async () => !app.traffic.isDraining() && (await isPrepared()),
        requestsInFlight: () => app.traffic.count(),
        pool: () => poolUse(db),
        caches: checks.stats,
        changes: changes.stats,
      });
      await preparation.start(() => {
        void readSigningKeys(keyRing, log);
        mail.start();
      });
      const { host, port } = config.bind;
      return { address: await listenOn('CLOUDGRID_BFF_PORT', app.listen({ host, port })) };
    },
    isReady: isPrepared,
    async close(how) {
      const resting = Promise.all([preparation.stop(), housekeeping.stop()]);
      try {
        const { drainMs: timeoutMs = drainMs, announceMs = 0 } = options;
        const delivered = mail.stop(timeoutMs);
        await closeGracefully(app, { timeoutMs, announceMs, ...how });
        await delivered;
      } finally {
        const closing = [checks, changes, observability, passwords].map((one) => one.close());
        const written = Promise.all([resting, ...closing]);
        await Promise.race([written, sleep(restingMs)]);
        await storage.close();
      }
    },
  };
}
