import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { closeGracefully } from '../../src/http/drain.ts';
import { ask, hostLine, openProbedDoor, sendRaw } from './door-probe.ts';

describe('readiness', () => {
  test('follows the database, and a check that fails is not ready', async () => {
    let state: () => Promise<boolean> = () => Promise.resolve(true);
    const { app, port } = await openProbedDoor({ isReady: () => state() });
    expect(await ask(port, '/readyz')).toMatchObject({ status: 200, text: '{"status":"ready"}' });
    state = () => Promise.resolve(false);
    expect(await ask(port, '/readyz')).toMatchObject({ status: 503, text: '{"status":"unavailable"}' });
    state = () => Promise.reject(new Error('connection refused'));
    expect((await ask(port, '/readyz')).status).toBe(503);
    expect(await ask(port, '/livez')).toMatchObject({ status: 200, text: '{"status":"live"}' });
    await app.close();
  });
});

describe('going down', () => {
  test('readiness falls first, what runs is finished, and nobody new is let in', async () => {
    const { app, port } = await openProbedDoor();
    const running = sendRaw(port, `GET /api/v1/slow HTTP/1.1\r\n${hostLine}\r\n\r\n`, 3_000);
    await sleep(100);
    const closing = closeGracefully(app, { timeoutMs: 5_000, announceMs: 100 });
    const ready = await ask(port, '/readyz');
    expect(ready).toMatchObject({ status: 503, text: '{"status":"draining"}' });
    expect((await ask(port, '/livez')).status).toBe(200);
    await sleep(150);
    await expect(ask(port, '/livez')).rejects.toThrow('ECONNREFUSED');
    const finished = await running;
    expect(finished).toMatchObject({ status: 200, isClosed: true });
    expect(finished.text.toLowerCase()).toContain('connection: close');
    expect(await closing).toBe(true);
  });

  test('a connection that never asked anything does not hold it up', async () => {
    const { app, port } = await openProbedDoor();
    const idle = connect(port, '127.0.0.1');
    idle.on('error', () => undefined);
    await sleep(50);
    const startedAt = performance.now();
    expect(await closeGracefully(app, { timeoutMs: 10_000 })).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    idle.destroy();
  });

  test('what runs too long is cut off, and said so', async () => {
    const { app, port } = await openProbedDoor();
    const running = sendRaw(port, `GET /api/v1/slow HTTP/1.1\r\n${hostLine}\r\n\r\n`, 3_000);
    await sleep(50);
    expect(await closeGracefully(app, { timeoutMs: 100 })).toBe(false);
    expect(await running).toMatchObject({ text: '', isClosed: true });
  });
});

test('who drips a head byte by byte is let go within ten seconds, and others are served meanwhile (D-04)', async () => {
  const { app, port } = await openProbedDoor();
  const startedAt = performance.now();
  const drippers = Array.from({ length: 200 }, () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(`GET /api/v1/probe HTTP/1.1\r\n${hostLine}\r\n`);
    const drip = setInterval(() => socket.writable && socket.write('X-A: b\r\n'), 500);
    return new Promise<number>((resolve) => {
      socket.on('close', () => {
        clearInterval(drip);
        resolve(performance.now() - startedAt);
      });
      socket.resume();
    });
  });
  const silent: Socket = connect(port, '127.0.0.1');
  silent.on('error', () => undefined);
  const silentClosed = new Promise<number>((resolve) =>
    silent.on('close', () => {
      resolve(performance.now() - startedAt);
    }),
  );
  silent.resume();
  await sleep(500);
  const askedAt = performance.now();
  expect((await ask(port, '/api/v1/probe')).status).toBe(200);
  expect(performance.now() - askedAt).toBeLessThan(500);
  const slowest = Math.max(...(await Promise.all([...drippers, silentClosed])));
  expect(slowest).toBeLessThan(10_500);
  expect(slowest).toBeGreaterThan(5_000);
  await app.close();
}, 20_000);
