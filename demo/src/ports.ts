import { join } from 'node:path';
import { keep, readKept } from './kept-file.ts';

export type DemoPorts = { readonly github: number; readonly google: number; readonly entra: number };

/**
 * What the first start in this folder took: a port is part of an issuer, and people are known by that.
 * @throws DemoError where the file cannot be read
 */
export async function readKeptPorts(folder: string): Promise<DemoPorts | undefined> {
  return await readKept(fileIn(folder), arePorts);
}

/** Changes nothing where ports are kept already. */
export async function keepPorts(folder: string, ports: DemoPorts): Promise<void> {
  await keep(fileIn(folder), ports);
}

function arePorts(value: unknown): value is DemoPorts {
  if (typeof value !== 'object' || value === null) return false;
  const ports: Partial<Record<string, unknown>> = { ...value };
  return ['github', 'google', 'entra'].every((name) => Number.isInteger(ports[name]));
}

function fileIn(folder: string): string {
  return join(folder, 'demo-ports.json');
}
