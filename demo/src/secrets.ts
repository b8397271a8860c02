import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type DemoSecrets = {
  readonly sessionSecret: string;
  readonly githubSecret: string;
  readonly googleSecret: string;
  readonly entraSecret: string;
};

/** Drawn at the first start and kept, so that whoever is signed in stays signed in over a restart. */
export async function keepSecrets(folder: string): Promise<DemoSecrets> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'demo-secrets.json');
  const drawn: DemoSecrets = {
    sessionSecret: draw(),
    githubSecret: draw(),
    googleSecret: draw(),
    entraSecret: draw(),
  };
  try {
    await writeFile(file, JSON.stringify(drawn), { mode: 0o600, flag: 'wx' });
    return drawn;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    // What this function wrote.
    return JSON.parse(await readFile(file, 'utf8')) as DemoSecrets;
  }
}

function draw(): string {
  return randomBytes(32).toString('base64url');
}
