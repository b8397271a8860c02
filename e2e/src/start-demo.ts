import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { demoPort } from '../playwright.config.ts';
import { startDemo } from './demo-process.ts';

/** One demo for the whole run, in a folder of its own that goes with it. */
export default async function setup(): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join('/tmp', 'gatehouse-e2e-'));
  process.env['E2E_DATA_DIR'] = dataDir;
  const demo = startDemo({ port: demoPort, dataDir });
  const removeFolder = async () => {
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await demo.ready;
    process.env['E2E_MAILBOX'] = /Mailbox +(\S+)\//.exec(demo.output())?.[1] ?? '';
    process.env['E2E_SECOND_ORIGIN'] = /app of its own +(\S+)\//.exec(demo.output())?.[1] ?? '';
  } catch (error) {
    await removeFolder();
    throw error;
  }
  return async () => {
    await demo.stop();
    await removeFolder();
  };
}
