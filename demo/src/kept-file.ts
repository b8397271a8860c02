import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DemoError } from './demo-error.ts';
import { shellPath } from './shell-path.ts';

/**
 * Resolves to undefined where there is no such file.
 * @throws DemoError where the file does not hold what it should; names the file and nothing of what is in it
 */
export async function readKept<T>(
  file: string,
  isWhole: (value: unknown) => value is T,
): Promise<T | undefined> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  const value = parse(text);
  if (!isWhole(value)) throw unreadable(file, 'it is damaged');
  return value;
}

/** In one step: whoever is killed half-way leaves no file. Resolves to false where somebody else was first. */
export async function keep(file: string, value: object): Promise<boolean> {
  const draft = `${file}.${String(process.pid)}.new`;
  try {
    await writeFile(draft, JSON.stringify(value), { mode: 0o600 });
    await link(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return undefined;
    throw unreadable(file, String(code), error);
  }
}

/** Undefined where it is no JSON: the error of the parser would quote secrets. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreadable(file: string, why: string, cause?: unknown): DemoError {
  const other = shellPath(`${dirname(file)}-2`);
  return new DemoError(
    `${shellPath(file)} cannot be read: ${why}. Begin anew in another folder: DATA_DIR=${other} npm run demo`,
    { cause },
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
