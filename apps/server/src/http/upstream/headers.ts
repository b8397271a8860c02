import type { IncomingMessage } from 'node:http';

/** Names and values in turn, as Node reads and writes them: order, spelling and repetitions are kept. */
export type RawHeaders = readonly string[];

/** RFC 9110 §7.6.1, and what came before it. They belong to one connection, ours or the application's. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** Where a body ends is never for a `Connection` header to say. */
const framing = new Set(['content-length', 'transfer-encoding']);

type Header = readonly [name: string, value: string];

function* pairsOf(headers: RawHeaders): Generator<Header> {
  for (let at = 0; at + 1 < headers.length; at += 2) yield [headers[at] ?? '', headers[at + 1] ?? ''];
}

/** Names that the sender declared to belong to the connection. */
function namedByConnection(message: IncomingMessage): ReadonlySet<string> {
  const names = (message.headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  return new Set(names.filter((name) => !framing.has(name)));
}

/** Some gateways turn `_` into `-`, and PHP turns `.` into `_`: what may end as the same name claims the same. */
function claims(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '-');
}

/** What we alone say about a request. `Expect` has been answered already. */
const setByUs = /^(?:x-auth-request-|x-gatehouse-|x-forwarded-|(?:forwarded|x-real-ip|host|expect)$)/;

function cookieName(pair: string): string {
  const [name = ''] = pair.split('=', 1);
  return name.replaceAll(/^[ \t]+|[ \t]+$/g, '');
}

/** The header without these cookies; what stays is not rewritten. Undefined where nothing stays. */
export function withoutCookies(header: string, names: readonly string[]): string | undefined {
  const pairs = header.split(';');
  const kept = pairs.filter((pair) => !names.includes(cookieName(pair)));
  if (kept.length === pairs.length) return header;
  const rest = kept.join(';').replace(/^[ \t]+/, '');
  return rest === '' ? undefined : rest;
}

/** Whether a browser that keeps this would send a cookie that reads as one of these. */
export function setsCookie(setCookie: string, names: readonly string[]): boolean {
  // A cookie without a name is sent as its bare value, which may look like a name and a value.
  return names.includes(cookieName(setCookie.replace(/^[ \t=]+/, '')));
}

export type RequestHeaderRules = {
  /** Our own cookies, which the application never sees. */
  readonly cookieNames: readonly string[];
  readonly publicOrigin: URL;
};

export type Passenger = {
  readonly raw: IncomingMessage;
  /** Whom the application is told the request comes from. */
  readonly address: string;
  /** Says who is there. Nobody else can. */
  readonly added: Readonly<Record<string, string>>;
  readonly isUpgrade: boolean;
};

/** The head of a request as the application gets it: under the public name, with what we vouch for and nobody else. */
export function requestHeaders({ raw, address, added, isUpgrade }: Passenger, rules: RequestHeaderRules) {
  const dropped = namedByConnection(raw);
  const headers: string[] = ['Host', rules.publicOrigin.host];
  for (const [name, value] of pairsOf(raw.rawHeaders)) {
    const lower = name.toLowerCase();
    if (hopByHop.has(lower) || dropped.has(lower) || setByUs.test(claims(name))) continue;
    const kept = lower === 'cookie' ? withoutCookies(value, rules.cookieNames) : value;
    if (kept !== undefined) headers.push(name, kept);
  }
  headers.push(
    ...['X-Forwarded-For', address],
    ...['X-Forwarded-Proto', rules.publicOrigin.protocol.slice(0, -1)],
    ...['X-Forwarded-Host', rules.publicOrigin.host],
    ...Object.entries(added).flat(),
    ...framingOf(raw),
    ...(isUpgrade ? ['Connection', 'Upgrade', 'Upgrade', 'websocket'] : []),
  );
  return headers;
}

/** A length has been passed on already; chunks are cut anew, and no body is said to be none. */
function framingOf(raw: IncomingMessage): string[] {
  if (raw.headers['transfer-encoding'] !== undefined) return ['Transfer-Encoding', 'chunked'];
  const mayLackBody = ['GET', 'HEAD', 'DELETE', 'OPTIONS'].includes(raw.method ?? '');
  return raw.headers['content-length'] === undefined && !mayLackBody ? ['Content-Length', '0'] : [];
}

/** The head of the application's answer as the browser gets it: its own, but for our cookies. */
export function answerHeaders(answer: IncomingMessage, cookieNames: readonly string[]): string[] {
  const dropped = namedByConnection(answer);
  const headers: string[] = [];
  for (const [name, value] of pairsOf(answer.rawHeaders)) {
    const lower = name.toLowerCase();
    if (hopByHop.has(lower) || dropped.has(lower)) continue;
    if (lower === 'set-cookie' && setsCookie(value, cookieNames)) continue;
    headers.push(name, value);
  }
  return headers;
}

/** Trailers in the form in which Node sends them. */
export function trailersOf(answer: IncomingMessage): [string, string][] {
  return [...pairsOf(answer.rawTrailers)].map(([name, value]) => [name, value]);
}
