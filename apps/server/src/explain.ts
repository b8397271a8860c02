import { readTrace } from './attempt/index.ts';
import type { TraceRecord } from './attempt/index.ts';
import { ConfigError } from './config/config-error.ts';
import { processEnvironment } from './config/environment.ts';
import { readCloudConfig } from './config/read-cloud-config.ts';
import { EmbeddedDatabaseError } from './db/embedded/embedded-database-error.ts';
import { openStorage } from './db/open-storage.ts';
import { inSystem } from './db/scopes.ts';
import { isNotSetUp } from './db/storage-errors.ts';
import { AppError, errorCatalogue } from './kernel/errors.ts';
import { parseReference } from './kernel/references.ts';

const usage = 'Usage: npm run explain -- <reference>, the eight characters of an error page.\n';
const noReference =
  'That is no reference: one has eight characters, digits from 2 to 9 and letters other than A, E, I, L, O and U.\n';

const quiet = { info: () => undefined, warn: () => undefined };

process.exitCode = await explain(process.argv.slice(2).join(' '));

async function explain(typed: string): Promise<number> {
  const reference = parseReference(typed);
  if (reference === undefined) {
    const isQuestion = typed === '' || typed.startsWith('-');
    process.stderr.write(isQuestion ? usage : `${noReference}${usage}`);
    return 2;
  }
  try {
    const trace = await find(reference);
    process.stdout.write(trace === undefined ? tellAbsence(reference) : render(trace));
    return trace === undefined ? 1 : 0;
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`);
    return 1;
  }
}

function tellAbsence(reference: string): string {
  return (
    `No trace ${reference}. It is mistyped, older than seven days, ` +
    'or of a request that began no sign-in: then the log has a line with it.\n'
  );
}

function sentenceOf(error: unknown): string {
  if (error instanceof ConfigError || error instanceof EmbeddedDatabaseError) return error.message;
  if (isNotSetUp(error)) return 'This database holds no traces: no server has been started on it yet.';
  if (!(error instanceof AppError))
    return `Gatehouse could not explain: ${error instanceof Error ? error.message : String(error)}`;
  const { title, remedy } = errorCatalogue[error.code];
  return `${title}. ${remedy}`;
}

async function find(reference: string): Promise<TraceRecord | undefined> {
  const config = readCloudConfig(processEnvironment());
  const storage = await openStorage(config.database, { as: 'command', maxConnections: 1, log: quiet });
  try {
    return await inSystem(storage.db, (tx) => readTrace(tx, reference));
  } finally {
    await storage.close();
  }
}

function render(trace: TraceRecord): string {
  const { code } = trace;
  // A code in a trace is one of the catalogue; an older release may have had one that is gone.
  const entry = code === undefined ? undefined : errorCatalogue[code as keyof typeof errorCatalogue];
  const head = [
    `Reference  ${trace.reference}`,
    `Way in     ${trace.connectionId ?? 'none: the callback belonged to no attempt of this browser'}`,
    `Began      ${trace.begunAt.toISOString()}`,
    `Ended      ${trace.endedAt?.toISOString() ?? 'not yet'}`,
    `Outcome    ${trace.outcome}${code === undefined ? '' : ` (${code})`}`,
    ...(entry === undefined ? [] : [`Means      ${entry.title}. ${entry.remedy}`]),
  ];
  const steps = trace.steps.map(({ name, outcome, ms, finding, facts }) => {
    const mark = { ok: 'ok', failed: 'FAILED', not_reached: 'not reached' }[outcome];
    const detail = [finding, facts === undefined ? undefined : JSON.stringify(facts)]
      .filter(Boolean)
      .join('  ');
    return `  ${name.padEnd(18)} ${mark.padEnd(12)} ${outcome === 'not_reached' ? ''.padStart(8) : `${String(ms).padStart(5)} ms`}  ${detail}`.trimEnd();
  });
  return `${[...head, '', ...steps].join('\n')}\n`;
}
