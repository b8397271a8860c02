import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError } from './errors.ts';
import { isSecureAddress, openOutbound } from './outbound.ts';

const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/plain': (response) => response.end('hello'),
  '/empty': (response) => response.writeHead(204).end(),
  '/teapot': (response) => response.writeHead(418, { 'x-kind': 'tea' }).end('short and stout'),
  '/redirect': (response) => response.writeHead(302, { location: '/plain' }).end(),
  '/large': (response) => response.end('x'.repeat(2000)),
  '/bomb': (response) => response.setHeader('content-encoding', 'gzip').end(gzipSync('x'.repeat(100_000))),
  '/silence': () => undefined,
  '/drip': (response) => response.write('x'),
  '/half': (response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('x', () => response.destroy());
  },
  '/reset': (response) => response.socket?.resetAndDestroy(),
};

let server: Server;
let origin: string;
const outbound = openOutbound({ maxBodyBytes: 1000 });

beforeAll(async () => {
  server = createServer((request, response) => answers[request.url ?? '']?.(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  origin = `http://127.0.0.1:${address.port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

async function refusal(url: string): Promise<string> {
  try {
    await outbound.ask({ url: new URL(url), deadline: AbortSignal.timeout(300) });
    return 'answered';
  } catch (error) {
    if (error instanceof AppError) return `${error.code} ${error.context.finding ?? ''}`;
    throw error;
  }
}

test('an answer comes whole, whatever its status', async () => {
  const deadline = AbortSignal.timeout(1000);
  const answer = await outbound.ask({ url: new URL('/teapot', origin), deadline });
  expect([answer.status, answer.headers.get('x-kind'), answer.text]).toEqual([418, 'tea', 'short and stout']);
});

test('in the shape of fetch it is the same', async () => {
  const fetchNow = outbound.fetchBefore(AbortSignal.timeout(1000));
  const response = await fetchNow(`${origin}/plain`, { method: 'POST', headers: {}, body: 'x' });
  expect(await response.text()).toBe('hello');
  expect((await fetchNow(`${origin}/empty`, { method: 'GET', headers: {} })).status).toBe(204);
});

test.each([
  { path: '/redirect', result: 'provider_unavailable redirect' },
  { path: '/large', result: 'provider_unavailable too_large' },
  { path: '/bomb', result: 'provider_unavailable too_large' },
  { path: '/silence', result: 'provider_unavailable timeout' },
  { path: '/drip', result: 'provider_unavailable timeout' },
  { path: '/half', result: 'provider_unavailable connection' },
  { path: '/reset', result: 'provider_unavailable connection' },
])('an answer like $path: $result', async ({ path, result }) => {
  expect(await refusal(`${origin}${path}`)).toBe(result);
});

test.each([
  { name: 'a name that nobody has', url: 'https://nobody.invalid/', result: 'provider_unavailable dns' },
  {
    name: 'a port where nobody listens',
    url: 'http://127.0.0.1:1/',
    result: 'provider_unavailable connection',
  },
  {
    name: 'plain http elsewhere',
    url: 'http://id.acme.example/',
    result: 'provider_misconfigured insecure_address',
  },
])('$name: $result', async ({ url, result }) => {
  expect(await refusal(url)).toBe(result);
});

test('a host that speaks no TLS is named as such', async () => {
  expect(await refusal(origin.replace('http:', 'https:'))).toBe('provider_unavailable tls');
});

test.each([
  { url: 'https://id.acme.example/', isSecure: true },
  { url: 'http://localhost:3000/', isSecure: true },
  { url: 'http://127.8.9.1/', isSecure: true },
  { url: 'http://[::1]:9/', isSecure: true },
  { url: 'http://id.acme.example/', isSecure: false },
  { url: 'http://localhost.evil.example/', isSecure: false },
  { url: 'http://127.0.0.1.evil.example/', isSecure: false },
  { url: 'https://user@id.acme.example/', isSecure: false },
  { url: 'ftp://127.0.0.1/', isSecure: false },
])('$url may carry secrets: $isSecure', ({ url, isSecure }) => {
  expect(isSecureAddress(new URL(url))).toBe(isSecure);
});
