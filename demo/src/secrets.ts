import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { keep, readKept } from './kept-file.ts';

export type DemoSecrets = {
  readonly sessionSecret: string;
  readonly githubSecret: string;
  readonly googleSecret: string;
  readonly entraSecret: string;
};

/**
 * Drawn at the first start and kept, so that whoever is signed in stays signed in over a restart.
 * @throws DemoError where the file cannot be read
 */
export async function keepSecrets(folder: string): Promise<DemoSecrets> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'demo-secrets.json');
  const drawn: DemoSecrets = {
    sessionSecret: draw(),
    githubSecret: draw(),
    googleSecret: draw(),
    entraSecret: draw(),
  };
  const areSecrets = (value: unknown): value is DemoSecrets => {
    if (typeof value !== 'object' || value === null) return false;
    const kept: Partial<Record<string, unknown>> = { ...value };
    return Object.keys(drawn).every((name) => typeof kept[name] === 'string');
  };
  const kept = await readKept(file, areSecrets);
  if (kept !== undefined) return kept;
  if (await keep(file, drawn)) return drawn;
  // Another start was first, between the two lines above.
  return await keepSecrets(folder);
}

function draw(): string {
  return randomBytes(32).toString('base64url');
}
