import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { accountRoutes } from './account/routes.ts';
import { ensureAuditMonths, sealEvents } from './audit/index.ts';
import type { CloudConfig } from './config/cloud-config.ts';
import type { PlatformProvider } from './config/providers.ts';
import { platformConnections } from './connection/index.ts';
import type { Connection } from './connection/index.ts';
import { ensureCompany, isFirstAdminClaimed } from './control-plane/index.ts';
import { cloudMigrations } from './db/migrations/lists.ts';
import { isReady } from './db/open-database.ts';
import { openStorage } from './db/open-storage.ts';
import type { Storage } from './db/open-storage.ts';
import { enterCompany, inSystem } from './db/scopes.ts';
import type { SystemTx } from './db/scopes.ts';
import { isStorageGone } from './db/storage-errors.ts';
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
import { AppError } from './kernel/errors.ts';
import { isLoopbackHost } from './kernel/loopback.ts';
import { openOutbound } from './kernel/outbound.ts';
import type { Secret } from './kernel/secret.ts';
import { deriveKeys, keepMasterKey } from './keys/index.ts';
import { memberRoutes } from './members/routes.ts';
import { projectRoutes } from './projects/routes.ts';
import type { ProviderDeps } from './provider/authorization-code.ts';
import { entraProvider } from './provider/entra.ts';
import { githubProvider } from './provider/github.ts';
import { googleProvider } from './provider/google.ts';
import type { Provider } from './provider/provider.ts';
import { findSession, openSessionToken, sealSessionToken } from './session/index.ts';
import { ensureLocalPerson, localSession } from './sign-in/local-person.ts';
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
const maxConnections = 10;
const localLimits = { ttlMs: 8 * 60 * 60 * 1000 };

/** Puts the Cloud Backend together: the one place that knows every room. */
export async function buildCloud(config: CloudConfig, options: CloudOptions): Promise<Cloud> {
  const { log, clock = systemClock } = options;
  const storage = await openStorage(config.database, { as: 'server', maxConnections, log });
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
    sealEvents: async (tx, now) => {
      await sealEvents(tx, sealingKey, now);
    },
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
      preparation.stop();
      await closeGracefully(app, { timeoutMs: options.drainMs ?? drainMs });
      await housekeeping.stop();
      await storage.close();
    },
  };
}

async function masterKeys({ secretsKeys }: CloudConfig, storage: Storage): Promise<readonly Secret[]> {
  if (secretsKeys.kind === 'given') return secretsKeys.keys;
  return [await keepMasterKey(storage.dataDir ?? secretsKeys.dataDir)];
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

const providerNames = { github: 'GitHub', google: 'Google', azure: 'Microsoft' } as const;

function openPlatform(config: CloudConfig, deps: ProviderDeps) {
  const configured = config.mode === 'sso' ? config.providers : [];
  const providers = new Map(
    configured.map((provider) => [provider.kind as string, openPlatformProvider(provider, deps)]),
  );
  const connections = configured.map(({ kind, redirectUri }): Connection => ({
    id: kind,
    kind: 'platform',
    name: providerNames[kind],
    callbackUrl: redirectUri,
  }));
  const openProvider = (connectionId: string): Provider => {
    const provider = providers.get(connectionId);
    if (provider === undefined) throw new AppError('provider_unknown');
    return provider;
  };
  return { connections: platformConnections(connections), openProvider };
}

function openPlatformProvider(settings: PlatformProvider, deps: ProviderDeps): Provider {
  switch (settings.kind) {
    case 'github':
      return githubProvider(
        { ...settings, baseUrl: new URL(settings.baseUrl), apiUrl: new URL(settings.apiUrl) },
        deps,
      );
    case 'google':
      return googleProvider(settings, deps);
    case 'azure':
      return entraProvider(settings, deps);
  }
}

/** Until the company has its first admin, every start of a public deployment says who may become it. */
async function ensureConfiguredCompany(
  tx: SystemTx,
  { company, addresses }: Extract<CloudConfig, { mode: 'sso' }>,
  { log, now }: { log: Log; now: Date },
): Promise<void> {
  if (company === undefined) return;
  const { companyId } = await ensureCompany(
    tx,
    { slug: company.slug, name: nameFromSlug(company.slug) },
    now,
  );
  if (company.bootstrapEmail !== undefined || isLoopbackHost(addresses.publicOrigin.hostname)) return;
  if (await enterCompany(tx, companyId, (scoped) => isFirstAdminClaimed(scoped, companyId))) return;
  log.warn(
    'CLOUDGRID_AUTH_BOOTSTRAP_EMAIL is not set: the first verified address that comes will be the admin',
  );
}

/** `acme-labs` → `Acme Labs`, until somebody gives the company its name. */
function nameFromSlug(slug: string): string {
  return slug.replaceAll(
    /(^|-)(.)/g,
    (_, dash: string, letter: string) => `${dash && ' '}${letter.toUpperCase()}`,
  );
}

const retryMs = 1_000;

/** Migrations, and what the configuration says must exist. A database that is away is asked again every second. */
function prepareStorage(storage: Storage, config: CloudConfig, { clock, log }: { clock: Clock; log: Log }) {
  let isDone = false;
  let isStopped = false;
  async function prepare(): Promise<void> {
    await storage.migrate(cloudMigrations);
    await inSystem(storage.db, async (tx) => {
      const now = clock.now();
      await ensureAuditMonths(tx, now);
      if (config.mode === 'local') await ensureLocalPerson(tx, now);
      else if (config.company !== undefined) await ensureConfiguredCompany(tx, config, { log, now });
    });
    isDone = true;
  }
  async function keepTrying(): Promise<void> {
    while (!isDone && !isStopped) {
      await sleep(retryMs, undefined, { ref: false });
      await prepare().catch((error: unknown) => {
        log.warn({ err: error }, 'the database is not ready yet');
      });
    }
  }
  return {
    isDone: () => isDone,
    stop() {
      isStopped = true;
    },
    /** @throws whatever a database says that answers and refuses. */
    async start(): Promise<void> {
      try {
        await prepare();
      } catch (error) {
        if (!isStorageGone(error) && !(error instanceof AppError)) throw error;
        log.warn({ err: error }, 'the database does not answer; trying again every second');
        void keepTrying();
      }
    },
  };
}
