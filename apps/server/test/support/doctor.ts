import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { dropDatabase, makeDatabase } from './databases.ts';
import { publicOrigin, runToEnd } from './processes.ts';
import type { Variables } from './processes.ts';
import { environmentOf } from './world.ts';
import type { StandIns } from './world.ts';

type Check = Record<'group' | 'name' | 'status' | 'found', string> & { why?: string; mend?: string };

export const doctorScript = join(import.meta.dirname, '../../src/run-doctor.ts');
/** A secret as one should be. */
export const drawn = 'bNp3zqK8vX0rT5yW2mLs9cGf7hJd4aQe';

/** Runs the check and reads its report. */
export async function doctor(env: Variables) {
  const { code, out, err } = await runToEnd({ script: doctorScript, args: ['--json'], env });
  // What it prints is what this test file is about.
  const { ok, checks } = JSON.parse(out) as { ok: boolean; checks: Check[] };
  const find = (group: string, name: string) =>
    checks.find((check) => check.group === group && check.name === name);
  const inTrouble = checks.filter(({ status }) => status === 'warning' || status === 'failed');
  return {
    code,
    out,
    err,
    ok,
    checks,
    find,
    inTrouble: inTrouble.map(({ group, name }) => `${group}: ${name}`),
  };
}

/** A deployment with a migrated database, three providers that answer, and nothing to be said against it. */
export async function deployment(standIns: StandIns) {
  for (const standIn of [standIns.google, standIns.github, standIns.entra]) {
    standIn.misbehave.clear();
    standIn.journal.clear();
  }
  const database = await makeDatabase();
  onTestFinished(() => dropDatabase(database));
  const usual = environmentOf(standIns, publicOrigin, database);
  const key = Buffer.from(drawn).toString('base64');
  const env: Variables = { ...usual, CLOUDGRID_SESSION_SECRET: drawn, SECRETS_KEY: key };
  return { database, env };
}
