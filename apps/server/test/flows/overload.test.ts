import { describe, expect, onTestFinished } from 'vitest';
import { test } from '../support/world.ts';
import { ask, navigation, openProbedDoor } from './door-probe.ts';

const signedIn = { cookie: '__Host-gatehouse=ada' };

async function openFullDoor(callersWaiting: () => number) {
  const door = await openProbedDoor({ callersWaiting });
  onTestFinished(() => door.app.close());
  return door;
}

describe('a door behind which many wait for the database', () => {
  test('refuses what would wait as well, however it is spelled, and says when to come back', async () => {
    const { port } = await openFullDoor(() => 1_000);
    for (const path of [
      '/api/v1/probe',
      '/auth/callback?code=a&state=b',
      '/auth/%63allback?code=a&state=b',
    ]) {
      const answer = await ask(port, path, { headers: signedIn });
      expect(answer.status, path).toBe(503);
      expect(answer.problem()).toMatchObject({ code: 'overloaded', status: 503 });
      expect(answer.headers.get('retry-after')).toMatch(/^\s*[123]$/);
      expect(answer.headers.get('cache-control')).toContain('no-store');
      expect(answer.headers.get('strict-transport-security')).not.toBeNull();
    }
  });

  test('also what asks one of our own addresses for a WebSocket', async () => {
    const { app, port } = await openProbedDoor({ callersWaiting: () => 1_000, hasUpstream: true });
    onTestFinished(() => app.close());
    const headers = { ...signedIn, connection: 'Upgrade', upgrade: 'websocket' };
    expect((await ask(port, '/api/v1/probe', { headers })).status).toBe(503);
  });

  test('tells a person with a page at the same address, which can be loaded again', async () => {
    let waiting = 1_000;
    const { port } = await openFullDoor(() => waiting);
    const address = '/auth/callback?code=canary&state=b';
    const answer = await ask(port, address, { headers: navigation });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'; style-src 'sha256-");
    expect(answer.text).toContain('Too much is going on right now');
    expect(answer.text).not.toContain('canary');
    waiting = 0;
    expect((await ask(port, address, { headers: navigation })).status).toBe(200);
  });

  test('answers probes, cached checks and pages all the same', async () => {
    const { port } = await openFullDoor(() => 1_000);
    for (const path of ['/livez', '/readyz', '/auth/verify', '/auth/done']) {
      expect((await ask(port, path)).status, path).toBeLessThan(400);
    }
    expect((await ask(port, '/nothing')).status).toBe(404);
  });

  test('answers a call of nobody, which asks no database', async () => {
    const { port } = await openFullDoor(() => 1_000);
    expect((await ask(port, '/api/v1/probe')).status).toBe(200);
    expect((await ask(port, '/api/v1/probe', { headers: signedIn })).status).toBe(503);
  });

  test('leaves one line in the log for a flood', async () => {
    const { port, logLines } = await openFullDoor(() => 1_000);
    for (let sent = 0; sent < 20; sent += 1) await ask(port, '/api/v1/probe', { headers: signedIn });
    const lines = logLines().filter(({ code }) => code === 'overloaded');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'warn', refused: 1 });
    expect(logLines().filter(({ status }) => status === 503)).toEqual([]);
  });
});

test('D-07 X-12 two hundred people at a provider that hangs keep nobody out who comes another way', async ({
  w,
}) => {
  w.google.signsInAs('ada');
  const begun = [];
  for (let round = 0; round < 10; round += 1) {
    begun.push(
      ...(await Promise.all(Array.from({ length: 20 }, () => w.newBrowser().beginSignIn('google')))),
    );
  }
  w.google.misbehave('token_hang');
  const hanging = Promise.allSettled(begun.map(({ callback }) => callback()));
  await expect.poll(() => w.google.journal.count('token'), { timeout: 10_000 }).toBe(begun.length);
  w.github.signsInAs('linus');
  const askedAt = performance.now();
  expect(await w.browser.signIn('github')).toRedirectTo('/');
  expect((await w.browser.get('/api/v1/me')).status).toBe(200);
  expect(performance.now() - askedAt).toBeLessThan(3_000);
  await w.stop();
  await hanging;
}, 60_000);
