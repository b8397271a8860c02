import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { closeGracefully } from '../../src/http/drain.ts';
import { ask, navigation } from './door-probe.ts';
import { cookieLine, gateOfThisFile, hostLine, openGate, signedIn } from './upstream-gate.ts';

const { app, gate } = await gateOfThisFile();

describe('an application that does not answer', () => {
  test('is told apart from us: a program gets 502, a person a page with the way to try again', async () => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const { port } = nobody.address() as AddressInfo;
    nobody.close();
    const away = await openGate(`http://127.0.0.1:${port}`);
    expect((await ask(away.port, '/', { headers: signedIn })).problem()).toMatchObject({
      status: 502,
      code: 'upstream_unavailable',
    });
    const person = await ask(away.port, '/reports?a=%22&b', { headers: { ...signedIn, ...navigation } });
    expect([person.status, person.headers.get('location')]).toEqual([502, null]);
    expect(person.headers.get('cache-control')).toBe('no-store');
    expect(person.text).toContain('<h1>The application is not answering</h1>');
    expect(person.text).toContain('<a href="/reports?a=%22&amp;b">Try again</a>');
    const form = { method: 'POST', headers: { ...signedIn, ...navigation } };
    const sent = await ask(away.port, '/reports', form);
    expect(sent.status).toBe(502);
    expect(sent.text).not.toContain('Try again</a>');
    await closeGracefully(away.app, { timeoutMs: 100 });
  });

  test('hangs up: 502', async () => {
    expect((await ask(gate.port, '/hangs-up', { headers: signedIn })).problem().code).toBe(
      'upstream_unavailable',
    );
  });

  test('takes too long: 504, and it is told that nobody waits any more', async () => {
    const hasty = await openGate(app.url, { answerMs: 200 });
    const answer = await ask(hasty.port, '/never', { headers: signedIn });
    expect(answer.problem()).toMatchObject({ status: 504, code: 'upstream_timeout' });
    await expect.poll(() => app.abandoned).toEqual(['/never']);
    const person = await ask(hasty.port, '/never', { headers: { ...signedIn, ...navigation } });
    expect(person.status).toBe(504);
    expect(person.text).toContain('<a href="/never">Try again</a>');
    await closeGracefully(hasty.app, { timeoutMs: 100 });
  });

  test('a connection that it closed while idle is not noticed by the next who comes', async () => {
    let connections = 0;
    const closing = createServer((socket) => {
      connections += 1;
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
        socket.once('data', () => socket.destroy());
      });
    }).listen(0, '127.0.0.1');
    await once(closing, 'listening');
    const fickle = await openGate(`http://127.0.0.1:${(closing.address() as AddressInfo).port}`);
    expect((await ask(fickle.port, '/', { headers: signedIn })).text).toBe('ok');
    expect((await ask(fickle.port, '/', { headers: signedIn })).text).toBe('ok');
    expect(connections).toBe(2);
    await closeGracefully(fickle.app, { timeoutMs: 100 });
    closing.close();
  });
});

describe('bodies stream', () => {
  const post = (path: string, headers: Record<string, string | number> = {}) =>
    httpRequest({
      host: '127.0.0.1',
      port: gate.port,
      path,
      method: 'POST',
      headers: { ...signedIn, ...headers },
    });
  const answerTo = async (request: ReturnType<typeof post>) => {
    const [response] = (await once(request, 'response')) as [AsyncIterable<Buffer> & { statusCode?: number }];
    let text = '';
    for await (const piece of response) text += piece.toString();
    return { status: response.statusCode, text };
  };

  test('20 MB are sent without being kept, of known length and in chunks', async () => {
    const body = Buffer.alloc(20 * 1024 * 1024);
    for (const headers of [{ 'content-length': body.length }, {}]) {
      const request = post('/size', headers);
      request.end(body);
      expect(await answerTo(request)).toEqual({ status: 200, text: String(body.length) });
    }
  });

  test('100 kB of JSON are no business of ours', async () => {
    const request = post('/size', { 'content-type': 'application/json' });
    request.end('{'.repeat(100_000));
    expect(await answerTo(request)).toEqual({ status: 200, text: '100000' });
  });

  test('who waits to be told to continue is told', async () => {
    const request = post('/size', { expect: '100-continue', 'content-length': 3 });
    request.flushHeaders();
    await once(request, 'continue');
    request.end('abc');
    expect(await answerTo(request)).toEqual({ status: 200, text: '3' });
  });

  test('D-04 a slow upload is theirs to wait for who were let in, and cut off for everybody else', async () => {
    const patient = await openGate(app.url, { arrivalMs: 300 });
    const send = async (path: string, ...headers: string[]) => {
      const socket = connect(patient.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(
        [`POST ${path} HTTP/1.1`, hostLine, ...headers, 'Content-Length: 10', '', ''].join('\r\n'),
      );
      const drip = setInterval(() => socket.writable && socket.write('a'), 70);
      let text = '';
      socket.on('data', (piece: Buffer) => (text += piece.toString()));
      const closed = once(socket, 'close');
      const isAnswered = () => text.endsWith('10');
      await Promise.race([closed, expect.poll(isAnswered, { timeout: 2_000 }).toBe(true)]);
      clearInterval(drip);
      socket.destroy();
      return text;
    };
    expect(await send('/size', cookieLine)).toMatch(/^HTTP\/1\.1 200[^]*10$/);
    expect(await send('/api/v1/bare', cookieLine, 'X-CSRF: 1', 'Content-Type: application/json')).toBe('');
    expect(await send('/size')).toMatch(/^HTTP\/1\.1 401/);
    expect(await send('/size', cookieLine, 'Origin: https://evil.example')).toMatch(/^HTTP\/1\.1 403/);
    expect(await send('/%zz', cookieLine)).toMatch(/^HTTP\/1\.1 400/);
    expect(app.seen).toHaveLength(1);
    await closeGracefully(patient.app, { timeoutMs: 100 });
  });

  test('an answer before the end of the upload is heard', async () => {
    const request = post('/early');
    request.on('error', () => undefined);
    request.write('begin');
    const answer = answerTo(request);
    await expect(answer).resolves.toMatchObject({ status: 413 });
    request.end();
  });

  test('an answer that pauses longer than other connections may is kept', async () => {
    const sockets: Socket[] = [];
    gate.app.server.on('connection', (socket) => sockets.push(socket));
    const request = httpRequest({ host: '127.0.0.1', port: gate.port, path: '/events', headers: signedIn });
    request.end();
    const [events] = (await once(request, 'response')) as [IncomingMessage];
    await once(events, 'data');
    for (const socket of sockets) socket.emit('timeout');
    await once(events, 'data');
    await once(events, 'data');
    expect(events.destroyed).toBe(false);
    request.destroy();
    await expect.poll(() => app.abandoned).toEqual(['/events']);
  });

  test('the application hears that the browser went away, before its answer and during', async () => {
    const alone = await openGate(app.url);
    for (const path of ['/never', '/events']) {
      const socket = connect(alone.port, '127.0.0.1');
      socket.write(`GET ${path} HTTP/1.1\r\n${hostLine}\r\n${cookieLine}\r\n\r\n`);
      await expect.poll(() => app.seen.at(-1)?.url).toBe(path);
      socket.destroy();
      await expect.poll(() => app.abandoned).toContain(path);
    }
    const told = () =>
      alone.logLines().flatMap(({ level, status }) => (status === undefined ? [] : [[level, status]]));
    await expect.poll(told).toEqual([
      ['info', 499],
      ['info', 200],
    ]);
    await closeGracefully(alone.app, { timeoutMs: 100 });
  });
});
