import { parseArgs } from 'node:util';
import { verifyTrail } from './audit/index.ts';
import type { ChainHead } from './audit/index.ts';
import { masterKeys } from './build-storage.ts';

import { ConfigError } from './config/config-error.ts';
import { processEnvironment } from './config/environment.ts';
import { readCloudConfig } from './config/read-cloud-config.ts';
import { findCompanyId } from './control-plane/index.ts';
import { EmbeddedDatabaseError } from './db/embedded/embedded-database-error.ts';
import { openStorage } from './db/open-storage.ts';
import type { Storage } from './db/open-storage.ts';
import { inSystem } from './db/scopes.ts';
import { isNotSetUp } from './db/storage-errors.ts';
import { AppError, errorCatalogue } from './kernel/errors.ts';
import { isUuid } from './kernel/ids.ts';
import type { Secret } from './kernel/secret.ts';
import { deriveKeys } from './keys/index.ts';
import { slugOfCompany } from './trail/chain-names-view.ts';
import { tellVerification } from './trail/tell-verification.ts';

const usage = `Usage: npm run audit -- verify [--company <slug>] [--since-head <chain>:<position>:<seal>]… [--json]

verify  recomputes the seals of the audit trail, and names each event that was changed, removed, slipped in or moved,
        with its company, its position and its time. It prints the head of each chain: keep them elsewhere, and tell
        them with --since-head later; a trail whose end was cut off is found in no other way.
        --company checks the chain of one company, --json prints one JSON object a line.

Ends with 0 when the trail is intact, 1 when it is not, 2 when it could not be checked.
`;

type Command = {
  readonly isJson: boolean;
  readonly company: string | undefined;
  readonly keptHeads: readonly ChainHead[];
};

const quiet = { info: () => undefined, warn: () => undefined };

process.exitCode = await run(process.argv.slice(2));

async function run(typed: readonly string[]): Promise<number> {
  const command = parse(typed);
  if (command === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  try {
    return await obey(command);
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`);
    return 2;
  }
}

function parse(typed: readonly string[]): Command | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...typed],
      options: {
        json: { type: 'boolean' },
        company: { type: 'string' },
        'since-head': { type: 'string', multiple: true },
      },
      allowPositionals: true,
    });
    const keptHeads = (values['since-head'] ?? []).map(parseHead);
    if (positionals.join(' ') !== 'verify' || keptHeads.includes(undefined)) return undefined;
    return {
      isJson: values.json ?? false,
      company: values.company,
      keptHeads: keptHeads.flatMap((head) => head ?? []),
    };
  } catch {
    return undefined; // an option that does not exist
  }
}

/** As the command itself prints one. */
function parseHead(text: string): ChainHead | undefined {
  const [chain = '', position = '', seal = '', ...more] = text.trim().split(':');
  const isHead = isUuid(chain) && /^\d{1,18}$/.test(position) && /^[0-9a-f]{64}$/i.test(seal);
  if (!isHead || more.length > 0) return undefined;
  return { chain: chain.toLowerCase(), position: BigInt(position), seal: Buffer.from(seal, 'hex') };
}

async function obey(command: Command): Promise<number> {
  const config = readCloudConfig(processEnvironment());
  const storage = await openStorage(config.database, { as: 'command', maxConnections: 1, log: quiet });
  try {
    const keys = deriveKeys(await masterKeys(config, storage), 'cloud/audit-seal/v2');
    return await verify(command, storage, new Map(keys.map(({ keyId, key }) => [keyId, key])));
  } finally {
    await storage.close();
  }
}

async function verify(
  { company, keptHeads, isJson }: Command,
  { db }: Storage,
  keys: ReadonlyMap<string, Secret>,
): Promise<number> {
  const chain = company === undefined ? undefined : await inSystem(db, (tx) => findCompanyId(tx, company));
  if (company !== undefined && chain === undefined) {
    process.stderr.write(`There is no company ${company}.\n`);
    return 2;
  }
  const verified = verifyTrail({
    read: (work) => inSystem(db, work),
    keys,
    chain,
    keptHeads,
    now: new Date(),
  });
  const isIntact = await tellVerification(verified, {
    isJson,
    slugOf: (id) => inSystem(db, (tx) => slugOfCompany(tx, id)),
    out: process.stdout,
    progress: process.stderr,
  });
  return isIntact ? 0 : 1;
}

function sentenceOf(error: unknown): string {
  if (error instanceof ConfigError || error instanceof EmbeddedDatabaseError) return error.message;
  if (isNotSetUp(error))
    return 'This database holds no trail: no server of this release has been started on it yet.';
  if (!(error instanceof AppError))
    return `Gatehouse could not check the trail: ${error instanceof Error ? error.message : String(error)}`;
  const { title, remedy } = errorCatalogue[error.code];
  return `${title}. ${remedy}`;
}
