import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { describe, expect } from 'vitest';
import type { Browser } from '../support/browser.ts';
import { meOf, signInAs } from '../support/people.ts';
import { startUpstreamApp } from '../support/upstream-app.ts';
import type { UpstreamApp } from '../support/upstream-app.ts';
import { test as base } from '../support/world.ts';
import type { World } from '../support/world.ts';

const test = base.extend('app', async ({ w }, { onCleanup }) => {
  const app = await startUpstreamApp();
  onCleanup(app.close);
  await w.start({ UPSTREAM_URL: app.url });
  return app;
});

async function openEvents(w: World, browser: Browser): Promise<IncomingMessage> {
  const request = httpRequest(new URL('/events', w.address()), {
    headers: { host: w.publicOrigin.host, cookie: browser.cookieHeader(), accept: 'text/event-stream' },
  });
  request.on('error', () => undefined);
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  return response;
}

const seenUrls = ({ seen }: UpstreamApp) => seen.map(({ url }) => url);

describe('a person who was going to the application', () => {
  test('signs in on our pages and arrives where they were going', async ({ w, app }) => {
    const turnedAway = await w.browser.ask('/reports/7?tab=all');
    expect(turnedAway).toRedirectTo('/auth/app/sign-in?returnTo=%2Freports%2F7%3Ftab%3Dall');
    expect((await w.browser.ask(turnedAway.location ?? '')).headers['content-type']).toContain('text/html');
    w.github.signsInAs('ada');
    const returnTo = turnedAway.location?.searchParams.get('returnTo') ?? '';
    expect(await w.browser.signIn('github', { returnTo })).toRedirectTo('/reports/7?tab=all');
    expect((await w.browser.ask('/reports/7?tab=all')).status).toBe(200);
    expect(seenUrls(app)).toEqual(['/reports/7?tab=all']);
    expect(app.seen[0]?.headers['x-auth-request-user']).toBe((await meOf(w.browser)).user.id);
  });

  test.for(['/api/v2/things', `/${'a'.repeat(2048)}`, '/'])(
    'is not sent back to %s, but can sign in all the same',
    async (path, { w, app }) => {
      expect(await w.browser.ask(path)).toRedirectTo('/auth/app/sign-in');
      expect(seenUrls(app)).toEqual([]);
    },
  );

  test('finds ours where they moved to, and the application at every other address', async ({ w, app }) => {
    for (const page of ['/auth/app', '/auth/app/', '/auth/app/sign-in', '/auth/error']) {
      const answer = await w.browser.ask(page);
      expect(answer.status, page).toBe(200);
      expect(answer.body).toContain('content="/auth/app"');
    }
    await signInAs(w, 'github', 'ada', w.browser);
    for (const path of ['/', '/sign-in', '/favicon.ico', '/robots.txt', '/nowhere'])
      expect((await w.browser.ask(path)).headers['x-content-type-options'], path).toBeUndefined();
    expect(seenUrls(app)).toEqual(['/', '/sign-in', '/favicon.ico', '/robots.txt', '/nowhere']);
  });

  test('is turned away again once they signed out', async ({ w, app }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    expect((await w.browser.get('/reports')).status).toBe(200);
    expect((await w.browser.post('/auth/logout')).status).toBe(204);
    expect(await w.browser.get('/reports')).toBeProblem(401, 'unauthenticated');
    expect(app.seen).toHaveLength(1);
  });

  test('is known by their cookie even where the application has a token of its own', async ({ w, app }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const headers = { authorization: 'Bearer its-own' };
    expect((await w.browser.ask('/size', { method: 'POST', headers })).status).toBe(200);
    expect(app.seen[0]?.headers.authorization).toBe('Bearer its-own');
    expect(app.seen[0]?.headers.cookie).toBeUndefined();
  });
});

test('whoever is signed in but no member is led to where they read it, and the application never hears of them', async ({
  w,
  app,
}) => {
  await signInAs(w, 'github', 'ada');
  await signInAs(w, 'google', 'gina', w.browser);
  expect(await w.browser.get('/reports')).toBeProblem(403, 'forbidden');
  expect(await w.browser.ask('/reports')).toRedirectTo('/auth/app/account');
  const start = await w.browser.ask('/auth/app/account');
  expect(start.status).toBe(200);
  expect(start.body).toContain('content="/auth/app"');
  expect(app.seen).toEqual([]);
});

test('the application is told who it is in words and in a signed statement', async ({ w, app }) => {
  await signInAs(w, 'github', 'ada', w.browser);
  await w.browser.get('/reports');
  expect(app.seen[0]?.headers).toMatchObject({
    'x-auth-request-email': expect.stringContaining('@') as string,
    'x-auth-request-groups': expect.stringContaining('admin') as string,
    'x-gatehouse-assertion': expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as string,
  });
});

describe('events', () => {
  test('arrive as they happen, and end within a second when the session is ended', async ({ w, app }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const events = await openEvents(w, w.browser);
    expect(events.statusCode).toBe(200);
    const [first] = (await once(events, 'data')) as [Buffer];
    expect(first.toString()).toBe('data: beat\n\n');
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(events.destroyed).toBe(false);
    const closed = new Promise((resolve) => events.once('close', resolve));
    const endedAt = performance.now();
    await w.sql("update sessions set ended_at = now(), ended_because = 'revoked'");
    await closed;
    expect(performance.now() - endedAt).toBeLessThan(1_000);
    await expect.poll(() => app.abandoned).toEqual(['/events']);
  });

  test('end at once when the server stops, and a stop does not wait for them', async ({ w, app }) => {
    await signInAs(w, 'github', 'ada', w.browser);
    const events = await openEvents(w, w.browser);
    await once(events, 'data');
    events.resume();
    const startedAt = performance.now();
    await Promise.all([w.stop(), once(events, 'end')]);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    await expect.poll(() => app.abandoned).toEqual(['/events']);
  });
});
