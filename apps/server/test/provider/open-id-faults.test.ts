import type { GoogleFault } from '@gatehouse/stand-ins';
import { describe, expect, test } from 'vitest';
import { onStage, openIdBrands } from './brands.ts';
import { callbackUrl, caught, expectError, movableClock, refusalOf, signIn, state } from './journey.ts';

type Case = {
  readonly name: string;
  readonly fault: GoogleFault;
  readonly finding: string;
};

const failingTokenEndpoints: readonly Case[] = [
  { name: '500', fault: 'token_500', finding: 'http_status' },
  { name: '429', fault: 'token_429', finding: 'rate_limited' },
  { name: 'no answer', fault: 'token_hang', finding: 'timeout' },
  { name: 'a reset connection', fault: 'token_reset', finding: 'connection' },
  { name: 'half a body', fault: 'token_half_body', finding: 'connection' },
  { name: 'a page', fault: 'token_html', finding: 'not_json' },
  { name: 'another content type', fault: 'token_wrong_content_type', finding: 'not_json' },
  { name: '10 MB', fault: 'token_huge', finding: 'too_large' },
];

const failingKeys: readonly Case[] = [
  { name: '500', fault: 'jwks_500', finding: 'http_status' },
  { name: 'no answer', fault: 'jwks_hang', finding: 'timeout' },
  { name: 'a page', fault: 'jwks_html', finding: 'not_json' },
  { name: 'an empty list', fault: 'jwks_empty', finding: 'keys_missing' },
  { name: '{}', fault: 'jwks_empty_object', finding: 'keys_missing' },
];

const failingMetadata: readonly Case[] = [
  { name: '500', fault: 'discovery_500', finding: 'http_status' },
  { name: 'no answer', fault: 'discovery_hang', finding: 'timeout' },
  { name: 'a page', fault: 'discovery_html', finding: 'not_json' },
];

const hourMs = 3_600_000;
const shortBudgetMs = 700;

describe.each(openIdBrands)('$brand', ({ open }) => {
  const world = onStage<Awaited<ReturnType<typeof open>>>(open);

  test.each(failingMetadata)(
    'metadata: $name leaves the provider unavailable, then it recovers',
    async (failing) => {
      const provider = world().at({ budgetMs: shortBudgetMs });
      world().standIn.misbehave(failing.fault, 'once');
      const departure = { callbackUrl, state, hints: {} };
      expectError(await caught(provider.begin(departure)), 'provider_unavailable', failing.finding);
      if (failing.fault !== 'discovery_hang') await expect(signIn(provider)).resolves.toBeDefined();
    },
  );

  test.each(failingTokenEndpoints)(
    'X-12 token endpoint: $name leaves the provider unavailable within the budget',
    async ({ fault, finding }) => {
      const provider = world().at({ budgetMs: shortBudgetMs });
      await signIn(provider);
      world().standIn.misbehave(fault, 'once');
      const startedAt = performance.now();
      const error = await refusalOf(provider);
      expect(performance.now() - startedAt).toBeLessThan(shortBudgetMs + 500);
      expectError(error, 'provider_unavailable', finding);
      const host = new URL(world().standIn.origin).host;
      const failed = { name: 'code_exchange', outcome: 'failed', finding, facts: { host } };
      expect(error.trace.steps().at(-1)).toMatchObject(failed);
      if (fault === 'token_429') expect(error.context.retryAfterSeconds).toBe(7);
      await expect(signIn(provider)).resolves.toMatchObject({ displayName: 'Ada Byron' });
    },
  );

  test.each(failingKeys)(
    'X-13 keys: $name leaves the provider unavailable while none are known',
    async (failing) => {
      const provider = world().at({ budgetMs: shortBudgetMs });
      world().standIn.misbehave(failing.fault);
      expectError(await refusalOf(provider), 'provider_unavailable', failing.finding);
    },
  );

  test.each(failingKeys)('X-15 keys: $name, once they are known, stops nobody for a day', async (failing) => {
    const clock = movableClock();
    const provider = world().at({ clock, budgetMs: 4000 });
    await signIn(provider);
    world().standIn.misbehave(failing.fault);
    clock.pass(2 * hourMs);
    await expect(signIn(provider)).resolves.toMatchObject({ displayName: 'Ada Byron' });
    const fetched = world().standIn.journal.count('jwks');
    await expect(signIn(provider)).resolves.toBeDefined();
    expect(world().standIn.journal.count('jwks')).toBe(fetched);
    clock.pass(23 * hourMs);
    expectError(await refusalOf(provider), 'provider_unavailable', failing.finding);
  });

  test('X-13 an unknown key id cannot be excused by an endpoint that is down', async () => {
    const provider = world().at();
    await signIn(provider);
    world().standIn.misbehave('jwks_500');
    await expect(signIn(provider)).resolves.toBeDefined();
    world().standIn.misbehave('unknown_kid');
    expectError(await refusalOf(provider), 'provider_unavailable', 'http_status');
  });

  test('D-01 a flood of unknown key ids fetches the keys five times a minute and stops nobody else', async () => {
    const clock = movableClock();
    const provider = world().at({ clock });
    await signIn(provider);
    const fetchesForUnknown = () => world().standIn.journal.count('jwks') - 1;
    const flood = async () => {
      world().standIn.misbehave('unknown_kid');
      const refusals = await Promise.all(Array.from({ length: 10 }, () => refusalOf(provider)));
      expect(new Set(refusals.map(({ context }) => context.finding))).toEqual(new Set(['key_unknown']));
      world().standIn.misbehave.clear();
      await expect(signIn(provider)).resolves.toBeDefined();
      clock.pass(1000);
    };
    for (let round = 0; round < 7; round += 1) await flood();
    expect(fetchesForUnknown()).toBe(5);
    clock.pass(60_000);
    await flood();
    expect(fetchesForUnknown()).toBeGreaterThan(5);
  });
});
