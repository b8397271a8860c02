import { request as httpRequest } from 'node:http';
import { describe, expect } from 'vitest';
import { signInAs } from '../support/people.ts';
import { scrape } from '../support/scrape.ts';
import { test as base } from '../support/world.ts';
import type { World } from '../support/world.ts';

const test = base.extend('environment', { METRICS_PORT: '0' });

type Check = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
};

/** A check as a proxy asks it, with whatever is in the head. */
async function check(w: World, cookie: string, { method = 'GET', headers = {}, body }: Check = {}) {
  const { hostname: host, port } = w.address();
  return await new Promise<{ status: number; head: Record<string, unknown> }>((resolve, reject) => {
    const all = { cookie, ...headers } as Record<string, string>; // Node writes lists as several lines
    const asked = httpRequest(
      { host, port, path: '/auth/verify', method, headers: all, agent: false },
      (answer) => {
        answer.resume();
        const head = { ...answer.headers, date: undefined };
        resolve({ status: answer.statusCode ?? 0, head });
      },
    );
    asked.on('error', reject).end(body);
  });
}

describe('a check whose answer is known', () => {
  test('is answered as it was the first time, whatever its method', async ({ w }) => {
    const cookie = (await signInAs(w, 'google', 'ada')).cookieHeader();
    const first = await check(w, cookie);
    expect(first.status).toBe(200);
    for (const method of ['GET', 'HEAD', 'DELETE']) expect(await check(w, cookie, { method })).toEqual(first);
    expect(await check(w, cookie, { method: 'POST', body: 'of the application' })).toEqual(first);
  });

  test('is counted as every other', async ({ w }) => {
    const cookie = (await signInAs(w, 'google', 'ada')).cookieHeader();
    for (let asked = 0; asked < 3; asked += 1) await check(w, cookie);
    const samples = await scrape(w);
    const counted = 'gatehouse_http_requests_total{route="/auth/verify",method="GET",status="2xx"}';
    expect(samples.get(counted)).toBe(3);
  });

  test('is refused all the same where its head is', async ({ w }) => {
    const cookie = (await signInAs(w, 'google', 'ada')).cookieHeader();
    await check(w, cookie);
    expect((await check(w, cookie)).status).toBe(200);
    expect((await check(w, `${cookie}; ${cookie}`)).status).toBe(400);
    expect((await check(w, cookie, { headers: { 'x-long': 'x'.repeat(70_000) } })).status).toBe(431);
  });

  test('is refused at once when its person signs out', async ({ w }) => {
    const browser = await signInAs(w, 'google', 'ada');
    const cookie = browser.cookieHeader();
    await check(w, cookie);
    expect((await check(w, cookie)).status).toBe(200);
    await browser.post('/auth/logout');
    expect((await check(w, cookie)).status).toBe(401);
  });

  test('leaves no line in the log', async ({ w }) => {
    const cookie = (await signInAs(w, 'google', 'ada')).cookieHeader();
    const before = w.logLines.length;
    await check(w, cookie);
    await check(w, cookie);
    expect(w.logLines.slice(before)).toEqual([]);
    await check(w, 'gatehouse=nobody');
    expect(w.logLines.slice(before).join('')).toContain('unauthenticated');
  });
});
