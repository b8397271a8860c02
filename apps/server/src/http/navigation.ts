import type { IncomingHttpHeaders } from 'node:http';

/** A person's browser opening a page, as opposed to a script's call. */
export function isNavigation(headers: IncomingHttpHeaders): boolean {
  if (headers.upgrade?.toLowerCase() === 'websocket') return false;
  const mode = headers['sec-fetch-mode'];
  if (mode !== undefined) return mode === 'navigate';
  return headers.accept?.includes('text/html') ?? false;
}

/** The path of a request target, undecoded. */
export function pathOf(target: string): string {
  const end = target.search(/[?#]/);
  return end === -1 ? target : target.slice(0, end);
}

const probes = ['/livez', '/readyz'];
const machinePaths = [...probes, '/auth/verify', '/internal'];

export function isProbe(path: string): boolean {
  return probes.includes(path);
}

/** Asked by proxies, orchestrators and our own processes: no Host rule, no CSRF rule, never a redirect. */
export function isForMachines(path: string): boolean {
  return machinePaths.some((known) => path === known || path.startsWith(`${known}/`));
}
