import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const build = join(import.meta.dirname, '../../../../scripts/build.ts');

/** Processes are started as an operator starts them, from what is built; it is built anew where a source has changed. */
export default async function setup(): Promise<void> {
  await promisify(execFile)(process.execPath, [build, 'server']);
}
