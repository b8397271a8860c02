import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type DemoPorts = { readonly github: number; readonly google: number; readonly entra: number };

/** What the first start in this folder took: a port is part of an issuer, and people are known by that. */
export async function readKeptPorts(folder: string): Promise<DemoPorts | undefined> {
  try {
    // What `keepPorts` wrote.
    return JSON.parse(await readFile(fileIn(folder), 'utf8')) as DemoPorts;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function keepPorts(folder: string, ports: DemoPorts): Promise<void> {
  await writeFile(fileIn(folder), JSON.stringify(ports));
}

function fileIn(folder: string): string {
  return join(folder, 'demo-ports.json');
}
