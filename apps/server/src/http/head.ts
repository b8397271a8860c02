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

/**
 * The one `Cookie` header of a request that has nothing to read and a head that the entrance would let in; `undefined`
 * where it is anything else. Goes once over what arrived: Node's `headers` are put together anew for each request.
 */
export function cookieOfPlainHead(
  { rawHeaders, url = '' }: IncomingMessage,
  mostBytes: number,
): string | undefined {
  let bytes = url.length;
  let hosts = 0;
  let cookie: string | undefined;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const value = rawHeaders[index + 1] ?? '';
    bytes += name.length + value.length;
    if (!toldByLength.has(name.length)) continue;
    const known = name.toLowerCase();
    if (known === 'host') hosts += 1;
    else if (known === 'cookie' && cookie === undefined) cookie = value;
    else if (known === 'cookie' || known === 'transfer-encoding') return undefined;
    else if (known === 'content-length' && value !== '0') return undefined;
  }
  return bytes <= mostBytes && hosts <= 1 ? cookie : undefined;
}

/** No name of another length needs a closer look. */
const toldByLength = new Set(
  ['host', 'cookie', 'content-length', 'transfer-encoding'].map(({ length }) => length),
);

export function isForwarded(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some((name) => name === 'forwarded' || name.startsWith('x-forwarded-'));
}
