import { parseArgs, styleText } from 'node:util';
import { buildDoctor } from './build-doctor.ts';
import { ConfigError } from './config/config-error.ts';
import { processEnvironment } from './config/environment.ts';
import { readCloudConfig } from './config/read-cloud-config.ts';
import type { Check, Status } from './doctor/check.ts';
import { mistakeChecks } from './doctor/configuration.ts';
import { examine } from './doctor/examine.ts';
import { withProgress } from './doctor/progress.ts';
import { isWell, toJson, toText } from './doctor/report.ts';

const usage = `Usage: npm run doctor, or npm run --silent doctor -- --json

Reads the environment as a server would, looks at what it names, and changes nothing.
  --json  prints {ok, checks: [{group, name, status, found, why?, mend?}]} and nothing else
Ends with 0 if nothing failed, with 1 if something did, with 2 for wrong usage.
`;
const colours = { ok: 'green', warning: 'yellow', failed: 'red', skipped: 'gray' } as const;

const code = await run();
// What still waits for an answer must not keep the process.
process.exit(code);

async function run(): Promise<number> {
  const options = readOptions();
  if (options === undefined || options.help) {
    process[options === undefined ? 'stderr' : 'stdout'].write(usage);
    return options === undefined ? 2 : 0;
  }
  const checks = await withProgress(process.stderr, look());
  process.stdout.write(options.json ? toJson(checks) : toText(checks, paint));
  return isWell(checks) ? 0 : 1;
}

function readOptions() {
  try {
    const flags = {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    } as const;
    return parseArgs({ options: flags }).values;
  } catch {
    return undefined;
  }
}

async function look(): Promise<readonly Check[]> {
  try {
    return await examine(buildDoctor(readCloudConfig(processEnvironment())));
  } catch (error) {
    if (error instanceof ConfigError) return mistakeChecks(error.mistakes);
    throw error;
  }
}

/** Not where nobody sees it, nor where NO_COLOR is set. */
function paint(status: Status, text: string): string {
  return styleText(colours[status], text, { stream: process.stdout });
}
