import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** Counted as Node counts them: target, names and values, without the separators. */
export function headBytes(raw: IncomingMessage): number {
  let bytes = raw.url?.length ?? 0;
  for (const part of raw.rawHeaders) bytes += part.length;
  return bytes;
}

/** Node keeps the first of several; a proxy in front may have looked at the last. */
export function hasSeveralHosts(raw: IncomingMessage): boolean {
  let hosts = 0;
  for (let index = 0; index < raw.rawHeaders.length; index += 2) {
    const name = raw.rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1;
}

export function isForwarded(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some((name) => name === 'forwarded' || name.startsWith('x-forwarded-'));
}
