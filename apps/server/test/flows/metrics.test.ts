import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { openDatabase } from '../../src/db/open-database.ts';
import { keepHouse } from '../../src/jobs/housekeeping.ts';
import { connectionTo } from '../support/databases.ts';
import { signInAs } from '../support/people.ts';
import { metricsAddress, namesIn, scrape, scrapeText } from '../support/scrape.ts';
import type { Samples } from '../support/scrape.ts';
import { test as base } from '../support/world.ts';
import type { World } from '../support/world.ts';

const test = base.extend('environment', { METRICS_PORT: '0' });

const minute = 60_000;

const endedWith = (samples: Samples, labels: string) => samples.get(`gatehouse_sign_ins_total{${labels}}`);

/** Asks the address, whatever is in the path and under whatever method. */
async function statusOf(address: URL, path: string, method = 'GET'): Promise<number> {
  return await new Promise((resolve, reject) => {
    const { hostname: host, port } = address;
    const asked = httpRequest({ host, port, path, method, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject).end();
  });
}

describe('what an operator can watch', () => {
  test('sign-ins are counted by provider and by how they ended', async ({ w }) => {
    await signInAs(w, 'google', 'ada');
    await signInAs(w, 'google', 'ada');
    for (const fault of ['deny', 'wrong_nonce', 'token_500', 'invalid_client'] as const) {
      w.google.misbehave(fault, 'once');
      await w.newBrowser().signIn('google');
    }
    await w.browser.ask('/auth/callback?code=1&state=2');
    const samples = await scrape(w);
    const counts = [...samples].filter(([name]) => name.startsWith('gatehouse_sign_ins_total'));
    expect(new Map(counts)).toEqual(
      new Map([
        ['gatehouse_sign_ins_total{provider="google",outcome="succeeded"}', 2],
        ['gatehouse_sign_ins_total{provider="google",outcome="cancelled"}', 1],
        ['gatehouse_sign_ins_total{provider="google",outcome="refused"}', 1],
        ['gatehouse_sign_ins_total{provider="google",outcome="unavailable"}', 1],
        ['gatehouse_sign_ins_total{provider="google",outcome="misconfigured"}', 1],
        ['gatehouse_sign_ins_total{provider="none",outcome="refused"}', 1],
      ]),
    );
    expect(samples.get('gatehouse_sign_in_provider_seconds_count{provider="google"}')).toBe(5);
    expect(samples.get('gatehouse_sign_in_provider_seconds_sum{provider="google"}')).toBeGreaterThan(0);
  });

  test('a callback that is played twice is one sign-in', async ({ w }) => {
    w.google.signsInAs('ada');
    const { callback } = await w.browser.beginSignIn('google');
    expect(await callback()).toRedirectTo('/');
    expect(await callback()).toRedirectTo('/');
    expect(endedWith(await scrape(w), 'provider="google",outcome="succeeded"')).toBe(1);
  });

  test('requests are counted by route, method and class of status, refusals by code', async ({ w }) => {
    await w.browser.get('/auth/providers');
    await w.browser.get('/auth/providers');
    await w.browser.get('/api/v1/me');
    await w.browser.get('/nowhere');
    const samples = await scrape(w);
    const requests = 'gatehouse_http_requests_total';
    expect(samples.get(`${requests}{route="/auth/providers",method="GET",status="2xx"}`)).toBe(2);
    expect(samples.get(`${requests}{route="/api/v1/me",method="GET",status="4xx"}`)).toBe(1);
    expect(samples.get(`${requests}{route="none",method="GET",status="4xx"}`)).toBe(1);
    expect(samples.get('gatehouse_http_refusals_total{code="unauthenticated"}')).toBe(1);
    expect(samples.get('gatehouse_http_request_seconds_count{route="/auth/providers"}')).toBe(2);
    const { 'gatehouse_http_request_seconds_bucket{le="+Inf",route="/auth/providers"}': all } =
      Object.fromEntries(samples);
    expect(all).toBe(2);
    expect(samples.get('gatehouse_http_requests_in_flight')).toBe(0);
  });

  test('questions of a proxy whether a request may pass are counted by answer', async ({ w }) => {
    const browser = await signInAs(w, 'google', 'ada');
    await browser.get('/auth/verify');
    await browser.get('/auth/verify/anything');
    await browser.get('/auth/verify?project=none-of-this-name');
    await w.otherBrowser.get('/auth/verify');
    const samples = await scrape(w);
    const asked = (result: string) => samples.get(`gatehouse_checks_total{result="${result}"}`);
    expect([asked('admitted'), asked('forbidden'), asked('unauthenticated')]).toEqual([2, 1, 1]);
    expect(asked('unavailable')).toBe(0);
    expect(samples.get('gatehouse_check_seconds_count')).toBe(4);
  });

  test('caches, changes, the pool and the process are told of', async ({ w }) => {
    const browser = await signInAs(w, 'google', 'ada');
    for (let asked = 0; asked < 3; asked += 1) await browser.get('/api/v1/me');
    const samples = await scrape(w);
    expect(samples.get('gatehouse_ready')).toBe(1);
    expect(samples.get('gatehouse_changes_connected')).toBe(1);
    expect(samples.get('gatehouse_changes_lease_held')).toBe(1);
    expect(samples.get('gatehouse_changes_notes_total')).toBeGreaterThan(0);
    expect(samples.get('gatehouse_revocation_lag_seconds_count')).toBeGreaterThan(0);
    expect(samples.get('gatehouse_cache_hits_total{cache="sessions"}')).toBeGreaterThan(0);
    expect(samples.get('gatehouse_cache_misses_total{cache="sessions"}')).toBeGreaterThan(0);
    const open = (state: string) => samples.get(`gatehouse_database_connections{state="${state}"}`) ?? 0;
    expect(open('used') + open('idle')).toBeGreaterThan(0);
    expect(samples.get('gatehouse_database_waiting')).toBe(0);
    expect(samples.get('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
    expect([...samples.keys()].some((name) => /^gatehouse_build_info\{version="\d/.test(name))).toBe(true);
  });

  test('who never comes back is told with the connection, once that is certain', async ({ w }) => {
    await w.browser.ask('/auth/login?provider=google');
    await w.otherBrowser.ask('/auth/login?provider=github');
    expect(await whoDidNotReturn(w)).toEqual([]);
    w.clock.advance(10 * minute + 1_000);
    expect((await whoDidNotReturn(w)).toSorted()).toEqual(['github', 'google']);
    expect(await whoDidNotReturn(w)).toEqual([]);
  });
});

/** One round of the chores of the house. */
async function whoDidNotReturn({ database, clock }: World): Promise<string[]> {
  const heard: string[] = [];
  const onNotReturned = (connectionId: string) => heard.push(connectionId);
  const onError = (error: unknown) => {
    throw error;
  };
  const db = openDatabase({ connection: connectionTo(database), maxConnections: 1, onError });
  await keepHouse({ db, clock, moreChores: [], onNotReturned, onError });
  await db.destroy();
  return heard;
}

describe('what is drawn, watched and explained', () => {
  const read = (path: string) => readFileSync(join(import.meta.dirname, '../../../..', path), 'utf8');
  /** The metrics that a text names, whichever series of a histogram it means. */
  const namedIn = (text: string) =>
    new Set([...text.matchAll(/\b(?:gatehouse|nodejs|process)_[a-z\d_]+/g)].map(([name]) => name));
  const familyOf = (name: string) => name.replace(/_(?:bucket|sum|count)$/, '');

  test.for(['ops/grafana/gatehouse.json', 'ops/prometheus/alerts.yaml'])(
    'every metric that %s asks for is there',
    async (path, { w }) => {
      const names = namesIn(await scrapeText(w));
      const asked = [...namedIn(read(path))].map(familyOf);
      expect(asked.filter((name) => !names.includes(name))).toEqual([]);
      expect(asked.length).toBeGreaterThan(4);
    },
  );

  test('the dashboard is one that can be read, and every panel of it asks for something', () => {
    const Target = z.object({ expr: z.string().min(1) });
    const Panel = z.object({
      id: z.number(),
      title: z.string(),
      type: z.string(),
      targets: z.array(Target).optional(),
    });
    const Dashboard = z.object({ title: z.string(), panels: z.array(Panel) });
    const { panels } = Dashboard.parse(JSON.parse(read('ops/grafana/gatehouse.json')));
    const drawn = panels.filter(({ type }) => type !== 'row');
    expect(drawn.filter(({ targets = [] }) => targets.length === 0)).toEqual([]);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(drawn.length).toBeGreaterThan(10);
  });

  test('the guide explains each metric of ours, and none that is not there', async ({ w }) => {
    const names = namesIn(await scrapeText(w)).filter((name) => name.startsWith('gatehouse_'));
    const rows = read('docs/guides/monitoring.md').matchAll(/^\| `(gatehouse_[a-z_]+)/gm);
    expect([...rows].map(([, name]) => name).toSorted()).toEqual(names.toSorted());
  });
});

describe('metrics stay what they are, whoever asks', () => {
  test('K-10 the public listener shows none', async ({ w }) => {
    expect((await w.browser.get('/metrics')).status).toBe(404);
    expect((await w.browser.ask('/metrics')).body).not.toContain('gatehouse_');
  });

  test('K-10 their own listener shows nothing else, and only to who reads', async ({ w }) => {
    const address = await metricsAddress(w);
    expect(await statusOf(address, '/metrics')).toBe(200);
    for (const path of ['/', '/livez', '/auth/providers', '/metrics/', '//metrics', '/metricsx'])
      expect([path, await statusOf(address, path)]).toEqual([path, 404]);
    for (const method of ['POST', 'HEAD', 'DELETE', 'OPTIONS'])
      expect([method, await statusOf(address, '/metrics', method)]).toEqual([method, 404]);
  });

  test('without a port there is no listener', async ({ w }) => {
    const before = await metricsAddress(w);
    await w.start({ METRICS_PORT: undefined });
    await expect(fetch(before)).rejects.toThrow();
  });

  test('made-up paths, methods and parameters add no series', async ({ w }) => {
    const words = Array.from({ length: 54 }, (_, index) => `canary-${String(index)}`);
    for (const word of words.slice(0, 4)) await askForNonsense(w, word);
    const before = ours(await scrape(w));
    for (const word of words.slice(4)) await askForNonsense(w, word);
    const after = await scrape(w);
    expect(ours(after)).toEqual(before);
    expect(after.get('gatehouse_http_refusals_total{code="not_found"}')).toBeGreaterThan(200);
    expect([...after.keys()].join('\n')).not.toContain('canary');
  });
});

const methods = ['PUT', 'PATCH', 'POST', 'DELETE'] as const;

async function askForNonsense(w: World, word: string): Promise<void> {
  await w.browser.get(`/${word}`);
  await w.browser.get(`/auth/${word}?${word}=${word}`);
  await w.browser.get(`/api/v1/${word}/${word}`);
  await w.browser.get(`/auth/assets/${word}.js`);
  for (const method of methods) await w.browser.ask(`/${word}`, { method, as: 'api' });
}

const ours = (samples: Samples) => [...samples.keys()].filter((name) => name.startsWith('gatehouse_'));
