import { once } from 'node:events';
import { describe, expect } from 'vitest';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import type { Browser } from '../support/browser.ts';
import { signInAs } from '../support/people.ts';
import { startUpstreamApp } from '../support/upstream-app.ts';
import { test as base } from '../support/world.ts';
import type { World } from '../support/world.ts';

const test = base.extend('app', async ({ w }, { onCleanup }) => {
  const app = await startUpstreamApp();
  onCleanup(app.close);
  await w.start({ UPSTREAM_URL: app.url });
  return app;
});

type Dialling = { readonly path?: string; readonly protocols?: string[]; readonly options?: ClientOptions };

function dial(w: World, browser: Browser, { path = '/socket', protocols = [], options = {} }: Dialling = {}) {
  const address = new URL(path, w.address());
  address.protocol = 'ws:';
  const socket = new WebSocket(address, protocols, {
    origin: w.publicOrigin.origin,
    ...options,
    headers: { host: w.publicOrigin.host, cookie: browser.cookieHeader(), 'sec-fetch-mode': 'websocket' },
  });
  socket.on('error', () => undefined);
  return socket;
}

/** The status and body that a handshake was refused with. */
async function refusalOf(socket: WebSocket): Promise<{ status: number | undefined; body: string }> {
  const [, response] = (await once(socket, 'unexpected-response')) as [
    unknown,
    AsyncIterable<Buffer> & { statusCode?: number },
  ];
  let body = '';
  for await (const piece of response) body += piece.toString();
  return { status: response.statusCode, body };
}

async function nextMessage(socket: WebSocket): Promise<[Buffer, boolean]> {
  return (await once(socket, 'message')) as [Buffer, boolean];
}

/** How many milliseconds after `change` the socket was closed. */
async function endedWithin(socket: WebSocket, change: () => Promise<unknown>): Promise<number> {
  const closed = once(socket, 'close');
  const startedAt = performance.now();
  await change();
  await closed;
  return performance.now() - startedAt;
}

describe('a WebSocket through the gate', () => {
  test('carries text and bytes of any size both ways, and the subprotocol', async ({ w, app }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const socket = dial(w, w.browser, { path: '/greets', protocols: ['chat.v2', 'chat.v1'] });
    expect((await nextMessage(socket))[0].toString()).toBe('hello');
    expect(socket.protocol).toBe('chat.v2');
    socket.send('one');
    expect(await nextMessage(socket)).toEqual([Buffer.from('one'), false]);
    const large = Buffer.alloc(3 * 1024 * 1024, 7);
    socket.send(large);
    const [data, isBinary] = await nextMessage(socket);
    expect([data.equals(large), isBinary]).toEqual([true, true]);
    const [seen] = app.seen;
    expect(seen?.headers['x-auth-request-user']).toMatch(/^[\da-f-]{36}$/);
    expect(seen?.headers.host).toBe(w.publicOrigin.host);
    expect(seen?.headers.cookie).toBeUndefined();
    socket.close(1000);
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1000);
    await expect.poll(app.openSockets).toBe(0);
  });

  test('is refused to whoever is not signed in, before the application hears of it', async ({ w, app }) => {
    const { status, body } = await refusalOf(dial(w, w.browser));
    expect(status).toBe(401);
    expect(body).toContain('"code":"unauthenticated"');
    expect(app.seen).toEqual([]);
  });

  test.for(['https://evil.example', 'null'])(
    'S-16 is refused to a page of %s, for any page may open one with our cookies',
    async (origin, { w, app }) => {
      await signInAs(w, 'github', 'ada', w.browser);
      const { status, body } = await refusalOf(dial(w, w.browser, { options: { origin } }));
      expect(status).toBe(403);
      expect(body).toContain('"code":"csrf_rejected"');
      expect(app.seen).toEqual([]);
    },
  );

  test('that the application declines is declined in its own words', async ({ w, app }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    expect(await refusalOf(dial(w, w.browser, { path: '/no-sockets' }))).toEqual({ status: 426, body: 'no' });
    expect(app.seen).toHaveLength(1);
  });

  test('to one of our own addresses is an ordinary request', async ({ w, app }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    expect((await refusalOf(dial(w, w.browser, { path: '/api/v1/me' }))).status).toBe(200);
    expect(app.seen).toEqual([]);
  });
});

describe('an open WebSocket', () => {
  test('ends within a second when its session is ended, and one of another session stays', async ({
    w,
    app,
  }) => {
    const [there, here] = [await signInAs(w, 'github', 'ada'), await signInAs(w, 'github', 'ada')];
    const [lost, kept] = [dial(w, there), dial(w, here)];
    await Promise.all([once(lost, 'open'), once(kept, 'open')]);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect([lost.readyState, kept.readyState]).toEqual([WebSocket.OPEN, WebSocket.OPEN]);
    expect(
      await endedWithin(lost, () =>
        w.sql(`update sessions set ended_at = now(), ended_because = 'revoked'
          where id = (select id from sessions order by created_at limit 1)`),
      ),
    ).toBeLessThan(1_000);
    kept.send('still here');
    expect((await nextMessage(kept))[0].toString()).toBe('still here');
    await expect.poll(app.openSockets).toBe(1);
    kept.terminate();
  });

  test('ends within a second when the company is suspended', async ({ w, app }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const socket = dial(w, w.browser);
    await once(socket, 'open');
    const suspend = () => w.sql("update companies set status = 'suspended'");
    expect(await endedWithin(socket, suspend)).toBeLessThan(1_000);
    await expect.poll(app.openSockets).toBe(0);
    expect((await refusalOf(dial(w, w.browser))).status).toBe(403);
  });

  test('does not hold up a stop, is told that the server goes away, and so is the application', async ({
    w,
    app,
  }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const socket = dial(w, w.browser);
    await once(socket, 'open');
    const startedAt = performance.now();
    const closed = once(socket, 'close') as Promise<[number]>;
    await w.stop();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect((await closed)[0]).toBe(1001);
    await expect.poll(app.openSockets).toBe(0);
  });
});
