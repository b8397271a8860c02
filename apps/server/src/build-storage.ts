import { setTimeout as sleep } from 'node:timers/promises';
import { ensureAuditMonths, recordEvent } from './audit/index.ts';
import type { CloudConfig } from './config/cloud-config.ts';
import { ensureCompany, isFirstAdminClaimed } from './control-plane/index.ts';
import { cloudMigrations } from './db/migrations/lists.ts';
import type { Storage } from './db/open-storage.ts';
import { enterCompany, inSystem } from './db/scopes.ts';
import type { SystemTx } from './db/scopes.ts';
import { isStorageGone } from './db/storage-errors.ts';
import type { Log } from './http/log.ts';
import type { Clock } from './kernel/clock.ts';
import { AppError } from './kernel/errors.ts';
import { isLoopbackHost } from './kernel/loopback.ts';
import type { Secret } from './kernel/secret.ts';
import { keepMasterKey } from './keys/index.ts';
import type { KeyRing } from './keys/index.ts';
import { ensureLocalPerson } from './sign-in/local-person.ts';

/** The keys of the environment, or the one that lies beside an embedded database. */
export async function masterKeys({ secretsKeys }: CloudConfig, storage: Storage): Promise<readonly Secret[]> {
  if (secretsKeys.kind === 'given') return secretsKeys.keys;
  return [await keepMasterKey(storage.dataDir ?? secretsKeys.dataDir)];
}

const retryMs = 1_000;

/** Migrations, and what the configuration says must exist. A database that is away is asked again every second. */
export function prepareStorage(
  storage: Storage,
  config: CloudConfig,
  { clock, log }: { clock: Clock; log: Log },
) {
  let isDone = false;
  let isStopped = false;
  let trying: Promise<void> = Promise.resolve();
  let afterwards = () => {};
  async function prepare(): Promise<void> {
    await storage.migrate(cloudMigrations);
    await inSystem(storage.db, async (tx) => {
      const now = clock.now();
      await ensureAuditMonths(tx, now);
      if (config.mode === 'local') await ensureLocalPerson(tx, now);
      else if (config.company !== undefined) await ensureConfiguredCompany(tx, config, { log, now });
    });
    isDone = true;
    afterwards();
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
    /** Resolves once nothing is being prepared any more. */
    stop(): Promise<void> {
      isStopped = true;
      return trying;
    },
    /**
     * `onDone` is called once, after everything is prepared, which may be long after this resolves.
     * @throws whatever a database says that answers and refuses.
     */
    async start(onDone: () => void): Promise<void> {
      afterwards = onDone;
      try {
        await prepare();
      } catch (error) {
        if (!isStorageGone(error) && !(error instanceof AppError)) throw error;
        log.warn({ err: error }, 'the database does not answer; trying again every second');
        trying = keepTrying();
      }
    },
  };
}

/** Makes the first key before anybody waits for it; with a wrong `SECRETS_KEY` a start is the time to hear of it. */
export async function readSigningKeys(keyRing: KeyRing, log: Log): Promise<void> {
  try {
    await keyRing.publicKeys();
  } catch (error) {
    if (!isStorageGone(error)) log.error({ err: error }, 'nothing can be signed');
  }
}

/** Until the company has its first admin, every start of a public deployment says who may become it. */
async function ensureConfiguredCompany(
  tx: SystemTx,
  { company, addresses }: Extract<CloudConfig, { mode: 'sso' }>,
  { log, now }: { log: Log; now: Date },
): Promise<void> {
  if (company === undefined) return;
  const named = { slug: company.slug, name: nameFromSlug(company.slug) };
  const { companyId, changes } = await ensureCompany(tx, named, now);
  for (const change of changes) await recordEvent(tx, { ...change, actor: { kind: 'system' } }, now);
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
