import type { CloudConfig } from './config/cloud-config.ts';
import type { DatabaseConfig } from './config/storage.ts';
import { findCompanyId, isFirstAdminClaimed } from './control-plane/index.ts';
import { EmbeddedDatabaseError } from './db/embedded/embedded-database-error.ts';
import { peekEmbedded } from './db/embedded/peek.ts';
import { guardedTables } from './db/guarded-tables.ts';
import { isUpToDate } from './db/migrate.ts';
import { cloudMigrations } from './db/migrations/lists.ts';
import { openStorage } from './db/open-storage.ts';
import type { Storage, StorageSettings } from './db/open-storage.ts';
import { isPooledByTransaction } from './db/pooler.ts';
import { holdsRoles, ownerRole, scopeRoles } from './db/roles.ts';
import { enterCompany, inSystem } from './db/scopes.ts';
import type { Database } from './db/scopes.ts';
import type { Check } from './doctor/check.ts';
import { openGroup } from './doctor/check.ts';
import { lookAtDatabase } from './doctor/database.ts';
import type { LookedAt } from './doctor/database.ts';
import type { Part } from './doctor/examine.ts';
import { firstAdminCheck } from './doctor/first-admin.ts';
import type { FirstAdmin } from './doctor/first-admin.ts';
import { signingKeyCheck } from './doctor/signing-keys.ts';
import type { Clock } from './kernel/clock.ts';
import { isLoopbackHost } from './kernel/loopback.ts';
import type { Secret } from './kernel/secret.ts';
import { findMasterKey, listSigningKeys } from './keys/index.ts';

type Looked = { readonly checks: readonly Check[]; readonly claimed: FirstAdmin['claimed'] };

const group = openGroup('database');
const quiet = { info: () => undefined, warn: () => undefined };
/** Two, for whether a pooler lies between shows only where two are open at once. */
const maxConnections = 2;

/** The database, and the one rule of the configuration that depends on what is in it. */
export function databasePart(config: CloudConfig, clock: Clock): Part {
  return {
    group: 'database',
    async look() {
      const { checks, claimed } = await lookAtStorage(config, clock);
      if (config.mode === 'local') return checks;
      const { company, addresses } = config;
      const named = company && {
        company: { slug: company.slug, isAddressGiven: company.bootstrapEmail !== undefined },
      };
      return [...checks, firstAdminCheck({ publicOrigin: addresses.publicOrigin, ...named, claimed })];
    },
  };
}

async function lookAtStorage(config: CloudConfig, clock: Clock): Promise<Looked> {
  const { database } = config;
  if (database.kind === 'url') return await lookAtOpened(config, clock, placeOf(database.url));
  try {
    const { state, dataDir } = await peekEmbedded(database.dataDir);
    const where = `PostgreSQL of our own in ${dataDir}`;
    if (state === 'running') return await lookAtOpened(config, clock, { where, isRemote: false });
    const found =
      state === 'absent'
        ? `no database in ${dataDir} yet: the first start makes it`
        : `nothing runs on ${dataDir}: the database is looked at when a server runs`;
    return { checks: [group.skipped('reached', found)], claimed: state === 'absent' ? false : 'unknown' };
  } catch (error) {
    if (!(error instanceof EmbeddedDatabaseError)) throw error;
    const why = 'No server starts on this folder.';
    const trouble = { found: error.message, why, mend: 'DATA_DIR, as the sentence says.' };
    return { checks: [group.failed('reached', trouble)], claimed: 'unknown' };
  }
}

type Place = { readonly where: string; readonly isRemote: boolean };

async function lookAtOpened(config: CloudConfig, clock: Clock, place: Place): Promise<Looked> {
  const { database } = config;
  const storage = await open(database);
  const { db, close } = storage;
  const migrator = await openMigrator(database);
  try {
    const { checks, state } = await lookAtDatabase({
      db,
      isPooled: () => db.connection().execute((session) => isPooledByTransaction(db, session)),
      clock,
      ...place,
      isGiven: database.kind === 'url',
      ...(migrator && { migrator: { db: migrator.db, where: migrator.where } }),
      migratesElsewhere: migrator !== undefined && migrator.where !== place.where,
      ownerRole,
      scopeRoles,
      guardedTables: guardedTables(cloudMigrations),
      mayTakeRoles: (login) => holdsRoles(db, login),
      isUpToDate: () => isUpToDate(db, cloudMigrations),
    });
    const claimed = await readClaim(db, config, state);
    if (state !== 'used') return { checks, claimed };
    return { checks: [...checks, ...(await signingKeyChecks(storage, config, clock))], claimed };
  } finally {
    await Promise.all([close(), migrator?.close()]);
  }
}

async function open(settings: StorageSettings) {
  return await openStorage(settings, { as: 'command', maxConnections, log: quiet });
}

async function openMigrator(database: DatabaseConfig) {
  if (database.kind === 'embedded' || database.migrationUrl === undefined) return undefined;
  const { db, close } = await open({ kind: 'url', url: database.migrationUrl });
  return { db, close, where: placeOf(database.migrationUrl).where };
}

/** Nothing where there is no master key or no table yet. */
async function signingKeyChecks(
  { db, dataDir }: Storage,
  { secretsKeys }: CloudConfig,
  clock: Clock,
): Promise<readonly Check[]> {
  const kept =
    secretsKeys.kind === 'given'
      ? secretsKeys.keys
      : [await findMasterKey(dataDir ?? secretsKeys.dataDir)].filter((key) => key !== undefined);
  if (kept.length === 0) return [];
  try {
    const making = { masterKeys: kept, now: clock.now() };
    return [signingKeyCheck(await inSystem(db, (tx) => listSigningKeys(tx, making)))];
  } catch {
    return []; // what is wrong, the checks of the database say
  }
}

/** Nobody has claimed anything where no server was yet. */
async function readClaim(
  db: Database,
  config: CloudConfig,
  state: LookedAt['state'],
): Promise<FirstAdmin['claimed']> {
  const slug = config.mode === 'sso' ? config.company?.slug : undefined;
  if (state === 'empty') return false;
  if (state === 'unreached' || slug === undefined) return 'unknown';
  try {
    return await inSystem(db, async (tx) => {
      const companyId = await findCompanyId(tx, slug);
      if (companyId === undefined) return false;
      return await enterCompany(tx, companyId, (scoped) => isFirstAdminClaimed(scoped, companyId));
    });
  } catch {
    return 'unknown'; // what is wrong, the checks say
  }
}

/** Host, port and database, and nothing else of the address. */
function placeOf(url: Secret): Place {
  const { hostname, port, pathname, search, hash, searchParams } = new URL(url.reveal());
  const host = decoded(searchParams.get('host') ?? hostname);
  const isRemote = !host.startsWith('/') && host !== '' && !isLoopbackHost(host);
  // A password with a character that had to be escaped and is not spills over into what follows.
  if (`${pathname}${search}${hash}`.includes('@')) return { where: 'the database', isRemote };
  const database = decoded(pathname.slice(1));
  return { where: `${database || 'the database'} at ${host || 'localhost'}:${port || '5432'}`, isRemote };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
