import { relative } from 'node:path';

/** The folder as a person would type it into a shell here. */
export function shellPath(folder: string): string {
  const path = relative(process.cwd(), folder) || '.';
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
