import { parseArgs } from 'node:util';
import { masterKeys } from './build-storage.ts';
import { ConfigError } from './config/config-error.ts';
import { processEnvironment } from './config/environment.ts';
import { readCloudConfig } from './config/read-cloud-config.ts';
import { EmbeddedDatabaseError } from './db/embedded/embedded-database-error.ts';
import { openStorage } from './db/open-storage.ts';
import { inSystem } from './db/scopes.ts';
import type { SystemTx } from './db/scopes.ts';
import { isNotSetUp } from './db/storage-errors.ts';
import { rotateByCommand, withdrawByCommand } from './jobs/signing-keys.ts';
import { AppError, errorCatalogue } from './kernel/errors.ts';
import type { Json } from './kernel/json.ts';
import type { Secret } from './kernel/secret.ts';
import { listSigningKeys } from './keys/index.ts';
import type { SigningKeyFacts } from './keys/index.ts';

const usage = `Usage: npm run keys -- list [--json]
       npm run keys -- rotate [--now] [--json]
       npm run keys -- withdraw <key id> [--json]

list      the keys that sign what applications are told, and until when each is published
rotate    makes the next key; it is published for 15 minutes before it signs.
          --now lets it sign at once: for a key that has leaked
withdraw  takes a key back that no longer signs, before its last token has expired

Ends with 0 when it is done, 1 when it could not be done, 2 when the command is mistyped.
`;

type Command = { readonly isJson: boolean } & (
  | { readonly name: 'list' }
  | { readonly name: 'rotate'; readonly atOnce: boolean }
  | { readonly name: 'withdraw'; readonly keyId: string }
);

/** What there is to tell, for people and for programs. */
type Report = { readonly isDone: boolean; readonly text: string; readonly json: Json };

type Means = { readonly masterKeys: readonly Secret[]; readonly now: Date };

const quiet = { info: () => undefined, warn: () => undefined };

process.exitCode = await run(process.argv.slice(2));

async function run(typed: readonly string[]): Promise<number> {
  const command = parse(typed);
  if (command === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  try {
    const { isDone, text, json } = await obey(command);
    if (command.isJson) process.stdout.write(`${JSON.stringify(json)}\n`);
    else (isDone ? process.stdout : process.stderr).write(text);
    return isDone ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`);
    return 1;
  }
}

function parse(typed: readonly string[]): Command | undefined {
  try {
    const options = { json: { type: 'boolean' }, now: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...typed], options, allowPositionals: true });
    const { json: isJson = false, now: atOnce } = values;
    const [name, keyId, ...rest] = positionals;
    if (rest.length > 0 || (atOnce !== undefined && name !== 'rotate')) return undefined;
    if (name === 'withdraw') return keyId === undefined ? undefined : { name, keyId, isJson };
    if (keyId !== undefined) return undefined;
    if (name === 'list') return { name, isJson };
    return name === 'rotate' ? { name, atOnce: atOnce ?? false, isJson } : undefined;
  } catch {
    return undefined; // an option that does not exist
  }
}

async function obey(command: Command): Promise<Report> {
  const config = readCloudConfig(processEnvironment());
  const storage = await openStorage(config.database, { as: 'command', maxConnections: 1, log: quiet });
  try {
    const means = { masterKeys: await masterKeys(config, storage), now: new Date() };
    return await inSystem(storage.db, (tx) => doInTransaction(tx, command, means));
  } finally {
    await storage.close();
  }
}

async function doInTransaction(tx: SystemTx, command: Command, means: Means): Promise<Report> {
  switch (command.name) {
    case 'list':
      return tellKeys(await listSigningKeys(tx, means));
    case 'rotate':
      return await rotate(tx, { ...means, atOnce: command.atOnce });
    case 'withdraw':
      return await withdraw(tx, command.keyId, means.now);
  }
}

async function rotate(tx: SystemTx, means: Means & { readonly atOnce: boolean }): Promise<Report> {
  const { outcome, keyId, signsFrom } = await rotateByCommand(tx, means);
  const at = signsFrom.toISOString();
  const texts = {
    made: `The key ${keyId} ${means.atOnce ? 'signs at once' : `is published and signs from ${at}`}. Servers know of it within half a minute.\n`,
    already_waiting: `The next key is published already: ${keyId} signs from ${at}. Nothing was done; --now makes another one.\n`,
  };
  return { isDone: true, text: texts[outcome], json: { outcome, keyId, signsFrom: at } };
}

async function withdraw(tx: SystemTx, keyId: string, now: Date): Promise<Report> {
  const outcome = await withdrawByCommand(tx, keyId, now);
  const texts = {
    withdrawn: `The key ${keyId} is withdrawn. Servers publish it for half a minute more, and caches for five.\n`,
    still_signs: 'That key signs. Let another one sign first: npm run keys -- rotate --now\n',
    unknown: 'There is no such key: npm run keys -- list\n',
  };
  return { isDone: outcome === 'withdrawn', text: texts[outcome], json: { outcome, keyId } };
}

function tellKeys(keys: readonly SigningKeyFacts[]): Report {
  const json = keys.map(({ keyId, state, createdAt, signsFrom, publishedUntil, sealedUnder }) => ({
    keyId,
    state,
    createdAt: createdAt.toISOString(),
    signsFrom: signsFrom.toISOString(),
    ...(publishedUntil && { publishedUntil: publishedUntil.toISOString() }),
    sealedUnder,
  }));
  const rows = json.map((key) => [
    key.keyId,
    key.state,
    key.signsFrom,
    key.publishedUntil ?? '–',
    { first: 'the first', older: 'an older one', unreadable: 'one that is missing' }[key.sealedUnder],
  ]);
  const head = ['Key', 'State', 'Signs from', 'Published until', 'Sealed under, of SECRETS_KEY'];
  const widths = [43, 7, 24, 24, 0];
  const lines = [head, ...rows].map((cells) =>
    cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '),
  );
  const none = 'There is no key yet: the first one is made when it is first asked for.\n';
  return { isDone: true, text: keys.length === 0 ? none : `${lines.join('\n')}\n`, json: { keys: json } };
}

function sentenceOf(error: unknown): string {
  if (error instanceof ConfigError || error instanceof EmbeddedDatabaseError) return error.message;
  if (isNotSetUp(error)) return 'This database holds no keys: no server has been started on it yet.';
  if (!(error instanceof AppError))
    return `Gatehouse could not do that: ${error instanceof Error ? error.message : String(error)}`;
  const { title, remedy } = errorCatalogue[error.code];
  return `${title}. ${remedy}`;
}
