import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished } from 'vitest';
import { openCollector } from '../support/collector.ts';
import type { CollectedSpan, Collector } from '../support/collector.ts';
import { referenceOf } from '../support/matchers.ts';
import { signInAs } from '../support/people.ts';
import { until } from '../support/processes.ts';
import { test } from '../support/world.ts';
import type { World } from '../support/world.ts';

async function collecting(w: World, changes: Readonly<Record<string, string>> = {}): Promise<Collector> {
  const collector = await openCollector();
  onTestFinished(() => collector.close());
  await w.start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.address, ...changes });
  return collector;
}

const durationMs = ({ startTimeUnixNano, endTimeUnixNano }: CollectedSpan) =>
  Number(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)) / 1e6;

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentId = 'b7ad6b7169203331';

describe('a sign-in leaves a trace where a collector is configured', () => {
  test('the callback is one span, each step of it a child with its own time', async ({ w }) => {
    const collector = await collecting(w, { OTEL_SERVICE_NAME: 'gate' });
    await signInAs(w, 'google', 'ada');
    const callback = await collector.span('GET /auth/callback');
    expect(collector.services).toEqual(new Set(['gate']));
    expect(callback.kind).toBe(2);
    expect(callback.parentSpanId ?? '').toBe('');
    expect(callback.attributes.get('http.response.status_code')).toBe('303');
    expect(callback.attributes.get('gatehouse.sign_in.provider')).toBe('google');
    expect(callback.attributes.get('gatehouse.sign_in.outcome')).toBe('succeeded');
    const steps = collector.spans.filter(({ parentSpanId }) => parentSpanId === callback.spanId);
    expect(steps.map(({ name }) => name)).toEqual(
      ['code_exchange', 'id_token', 'userinfo', 'email', 'account', 'access', 'session'].map(
        (name) => `sign-in ${name}`,
      ),
    );
    for (const step of steps) {
      expect(step.traceId).toBe(callback.traceId);
      expect(Number(step.startTimeUnixNano)).toBeGreaterThanOrEqual(Number(callback.startTimeUnixNano) - 2e6);
    }
    const together = steps.reduce((sum, step) => sum + durationMs(step), 0);
    expect(together).toBeGreaterThan(0);
    expect(together).toBeLessThanOrEqual(durationMs(callback) + steps.length);
  });

  test('the way to the provider is a span too, found by the same reference', async ({ w }) => {
    const collector = await collecting(w);
    await signInAs(w, 'google', 'ada');
    const departure = await collector.span('GET /auth/login');
    const callback = await collector.span('GET /auth/callback');
    expect(departure.attributes.get('gatehouse.sign_in.outcome')).toBe('departed');
    expect(departure.attributes.get('gatehouse.reference')).toMatch(/^[2-9B-Z]{8}$/);
    expect(callback.attributes.get('gatehouse.reference')).toBe(
      departure.attributes.get('gatehouse.reference'),
    );
  });

  test('the reference on the error page leads to the span, which says what was found', async ({ w }) => {
    const collector = await collecting(w);
    w.google.signsInAs('ada');
    w.google.misbehave('wrong_nonce', 'once');
    const answer = await w.browser.signIn('google');
    const callback = await collector.span('GET /auth/callback');
    expect(callback.attributes.get('gatehouse.reference')).toBe(referenceOf(answer));
    expect(callback.attributes.get('gatehouse.code')).toBe('provider_refused');
    expect(callback.attributes.get('gatehouse.finding')).toBe('nonce_mismatch');
    const failed = await collector.span('sign-in id_token');
    expect(failed.attributes.get('gatehouse.finding')).toBe('nonce_mismatch');
    expect(failed.status.code).toBe(2);
  });

  test('nothing in it is a secret, a name, an address, or part of an address that was asked for', async ({
    w,
  }) => {
    const collector = await collecting(w, { OTEL_EXPORTER_OTLP_HEADERS: 'x-key=shown-to-the-collector' });
    w.google.signsInAs('ada');
    const { callbackUrl, callback } = await w.browser.beginSignIn('google', { returnTo: '/canary-path' });
    await callback();
    const hostile = { authorization: 'Bearer canary-bearer', 'user-agent': 'canary-agent' };
    await w.browser.ask('/canary-path/canary-more?canary=query', { headers: hostile, as: 'api' });
    await collector.span('GET none');
    const sent = collector.received.join('\n');
    const { searchParams } = callbackUrl;
    const never = ['canary', w.google.clientSecret, ...w.browser.cookies.values(), ...searchParams.values()];
    for (const secret of never.filter((one) => one.length > 12)) expect(sent).not.toContain(secret);
    const [person] = await w.sql<{ name: string; address: string }>(
      'select display_name as name, address from users join user_emails on user_id = users.id',
    );
    expect(person).toBeDefined();
    for (const fact of Object.values(person ?? {})) expect(sent).not.toContain(fact);
    const attributes = collector.spans.flatMap((span) => [...span.attributes.values()]);
    expect(attributes.join('\n')).not.toContain('127.0.0.1');
    expect(collector.received[0]).toContain('"x-key":"shown-to-the-collector"');
    expect(w.logLines.join('')).not.toContain('shown-to-the-collector');
  });

  test('probes leave none', async ({ w }) => {
    const collector = await collecting(w);
    await w.browser.get('/livez');
    await w.browser.get('/readyz');
    await w.browser.get('/auth/providers');
    await collector.span('GET /auth/providers');
    expect(collector.spans.map(({ name }) => name)).toEqual(['GET /auth/providers']);
  });
});

describe('whose trace a request belongs to', () => {
  const headers = { traceparent: `00-${traceId}-${parentId}-01` };

  test('a trusted proxy’s is gone on with', async ({ w }) => {
    const collector = await collecting(w, { TRUSTED_PROXIES: '127.0.0.1' });
    await w.browser.ask('/auth/providers', { headers, as: 'api' });
    const span = await collector.span('GET /auth/providers');
    expect([span.traceId, span.parentSpanId]).toEqual([traceId, parentId]);
  });

  test('a stranger’s is not: it begins here', async ({ w }) => {
    const collector = await collecting(w, { TRUSTED_PROXIES: '192.0.2.1' });
    await w.browser.ask('/auth/providers', { headers, as: 'api' });
    const span = await collector.span('GET /auth/providers');
    expect(span.traceId).not.toBe(traceId);
    expect(span.parentSpanId ?? '').toBe('');
  });

  test('where only a part is wanted, a stranger cannot ask for more', async ({ w }) => {
    const collector = await collecting(w, { OTEL_TRACES_SAMPLER_ARG: '0', TRUSTED_PROXIES: '192.0.2.1' });
    await w.browser.ask('/auth/providers', { headers, as: 'api' });
    await w.stop();
    expect(collector.spans).toEqual([]);
  });
});

describe('a collector in trouble is nobody else’s trouble', () => {
  test('one that is away loses its traces; people sign in, and the log says so once', async ({ w }) => {
    await w.start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
    const complaints = () => w.logLines.filter((line) => line.includes('traces could not be sent'));
    await signInAs(w, 'google', 'ada');
    await until(() => complaints().length > 0);
    await signInAs(w, 'google', 'ada');
    const begunAt = performance.now();
    await w.stop();
    expect(performance.now() - begunAt).toBeLessThan(3_000);
    expect(complaints()).toHaveLength(1);
  });

  test('one that never answers holds up neither a request nor the end', async ({ w }) => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await new Promise((resolve) => silent.once('listening', resolve));
    // A listener on an IP address answers with an AddressInfo.
    const { port } = silent.address() as AddressInfo;
    await w.start({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${String(port)}` });
    await signInAs(w, 'google', 'ada');
    const begunAt = performance.now();
    await w.stop();
    expect(performance.now() - begunAt).toBeLessThan(3_000);
  });

  test('what waits is sent before the server goes', async ({ w }) => {
    const collector = await collecting(w);
    await w.browser.get('/auth/providers');
    await w.stop();
    expect(collector.spans.map(({ name }) => name)).toEqual(['GET /auth/providers']);
  });
});
