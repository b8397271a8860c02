import type { GoogleFault } from '@gatehouse/stand-ins';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parseEmailAddress } from '../../src/kernel/email-address.ts';
import type { ErrorCode } from '../../src/kernel/errors.ts';
import { openIdBrands } from './brands.ts';
import {
  arrive,
  callbackUrl,
  caught,
  expectError,
  goTo,
  movableClock,
  refusalOf,
  signIn,
  state,
  travel,
} from './journey.ts';

type Case = {
  readonly name: string;
  readonly fault: GoogleFault;
  readonly code?: ErrorCode;
  readonly finding: string;
};

const refusedTokens: readonly Case[] = [
  { name: 'P-13 a token without a subject', fault: 'missing_subject', finding: 'subject_missing' },
  { name: 'P-14 a token for another audience', fault: 'wrong_audience', finding: 'audience_mismatch' },
  { name: 'Q-06 a token for another application', fault: 'other_app_audience', finding: 'audience_mismatch' },
  { name: 'P-14 a token without an audience', fault: 'missing_audience', finding: 'audience_mismatch' },
  {
    name: 'P-14 a token with a foreign audience beside ours',
    fault: 'foreign_audience_added',
    finding: 'audience_mismatch',
  },
  {
    name: 'P-14 a token that was made for a foreign party',
    fault: 'foreign_authorized_party',
    finding: 'audience_mismatch',
  },
  {
    name: 'P-15 a token that does not say when it was issued',
    fault: 'missing_iat',
    finding: 'issued_at_missing',
  },
  { name: 'P-15 an expired token', fault: 'expired', finding: 'expired' },
  { name: 'P-15 a token that is not yet valid', fault: 'not_yet_valid', finding: 'not_yet_valid' },
  {
    name: 'P-17 a token without a key id, where several keys fit',
    fault: 'missing_kid_several_keys',
    finding: 'key_ambiguous',
  },
  { name: 'P-18 an unsigned token', fault: 'alg_none', finding: 'algorithm_refused' },
  { name: 'P-19 a token signed by a key of somebody else', fault: 'wrong_key', finding: 'signature_invalid' },
  { name: 'P-19 a token with a broken signature', fault: 'broken_signature', finding: 'signature_invalid' },
  {
    name: 'P-19 a token signed with the public key as a secret',
    fault: 'hs256_with_public_key',
    finding: 'algorithm_refused',
  },
  {
    name: 'P-19 a token of another algorithm than its key',
    fault: 'es256_forged',
    finding: 'algorithm_refused',
  },
  {
    name: 'P-22 a token with the hash of another access token',
    fault: 'wrong_at_hash',
    finding: 'access_token_hash_mismatch',
  },
  {
    name: 'P-22 a token with the hash of another code',
    fault: 'wrong_c_hash',
    finding: 'code_hash_mismatch',
  },
  { name: 'P-38 a token with the nonce of another sign-in', fault: 'wrong_nonce', finding: 'nonce_mismatch' },
  { name: 'P-38 a token without a nonce', fault: 'missing_nonce', finding: 'nonce_mismatch' },
  { name: 'a token of another issuer', fault: 'wrong_issuer', finding: 'issuer_mismatch' },
  { name: 'X-13 a token with an unknown key id', fault: 'unknown_kid', finding: 'key_unknown' },
  { name: 'X-17 a token from a clock five minutes ahead', fault: 'clock_ahead', finding: 'issued_in_future' },
];

const refusedReturns: readonly Case[] = [
  {
    name: 'P-06 an answer in the name of another issuer',
    fault: 'wrong_iss_parameter',
    finding: 'issuer_mismatch',
  },
  {
    name: 'P-07 an answer without the promised issuer',
    fault: 'missing_iss_parameter',
    finding: 'issuer_missing',
  },
  { name: 'P-43 a person who cancels', fault: 'deny', code: 'provider_denied', finding: 'access_denied' },
  { name: 'P-43 an error that nobody knows', fault: 'unknown_error', finding: 'provider_error' },
  { name: 'an answer that somebody has to log in first', fault: 'login_required', finding: 'login_required' },
];

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

const shortBudgetMs = 700;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

describe.each(openIdBrands)('$brand', ({ open }) => {
  let world: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    world = await open();
  });
  afterEach(() => {
    world.standIn.misbehave.clear();
    world.standIn.journal.clear();
  });
  afterAll(() => world.standIn.close());

  test('somebody who signs in is proven, and the trace names each step', async () => {
    const provider = world.at();
    const journey = await travel(provider);
    const person = await arrive(provider, journey);
    expect(person.displayName).toBe('Ada Byron');
    expect(person.email.kind).toBe('verified');
    expect(journey.trace.steps().map(({ name, outcome }) => [name, outcome])).toEqual(
      provider.steps.map((name) => [name, 'ok']),
    );
  });

  test.each(refusedTokens)(
    '$name is refused, and the next sign-in goes through',
    async ({ fault, finding }) => {
      const provider = world.at();
      world.standIn.misbehave(fault, 'once');
      const error = await refusalOf(provider);
      expectError(error, 'provider_refused', finding);
      expect(error.trace.steps().at(-1)).toMatchObject({ name: 'id_token', outcome: 'failed', finding });
      expect(world.standIn.journal.count('userinfo')).toBe(0);
      world.standIn.misbehave.clear();
      await expect(signIn(provider)).resolves.toMatchObject({ displayName: 'Ada Byron' });
    },
  );

  test.each(refusedReturns)(
    '$name is refused before any token is asked for',
    async ({ fault, code = 'provider_refused', finding }) => {
      const provider = world.at();
      world.standIn.misbehave(fault);
      expectError(await refusalOf(provider), code, finding);
      expect(world.standIn.journal.count('token')).toBe(0);
    },
  );

  test('P-43 nothing of a provider’s error text is kept', async () => {
    world.standIn.misbehave('unknown_error');
    const error = await refusalOf(world.at());
    expect(JSON.stringify([error.context, error.trace.steps()])).not.toContain('script');
    expect(JSON.stringify(error.context).length).toBeLessThan(200);
  });

  test('an answer that consent is missing is refused as just that', async () => {
    world.standIn.misbehave('consent_needed');
    const error = await refusalOf(world.at());
    expect(error.code).toBe('provider_refused');
    expect(error.context.finding).toMatch(/^(?:consent|interaction)_required$/);
  });

  test('a callback with two codes, or none, is refused', async () => {
    const provider = world.at();
    const { callback, ...journey } = await travel(provider);
    const twice = new URL(callback);
    twice.searchParams.append('code', 'another');
    expectError(
      await caught(arrive(provider, { ...journey, callback: twice })),
      'provider_refused',
      'callback_malformed',
    );
    const none = new URL(callback);
    none.searchParams.delete('code');
    expectError(
      await caught(arrive(provider, { ...journey, callback: none })),
      'provider_refused',
      'code_missing',
    );
    expect(world.standIn.journal.count('token')).toBe(0);
  });

  test('P-11 metadata of another issuer is a mistake of the configuration, and is not kept', async () => {
    const provider = world.at();
    world.standIn.misbehave('issuer_mismatch_in_discovery', 'once');
    const departure = { callbackUrl, state, hints: {} };
    expectError(
      await caught(provider.begin(departure)),
      'provider_misconfigured',
      'discovery_issuer_mismatch',
    );
    await expect(signIn(provider)).resolves.toMatchObject({ displayName: 'Ada Byron' });
    expect(world.standIn.journal.count('discovery')).toBe(2);
  });

  test.each(failingMetadata)(
    'metadata: $name leaves the provider unavailable, then it recovers',
    async (failing) => {
      const provider = world.at({ budgetMs: shortBudgetMs });
      world.standIn.misbehave(failing.fault, 'once');
      const departure = { callbackUrl, state, hints: {} };
      expectError(await caught(provider.begin(departure)), 'provider_unavailable', failing.finding);
      if (failing.fault !== 'discovery_hang') await expect(signIn(provider)).resolves.toBeDefined();
    },
  );

  test.each(failingTokenEndpoints)(
    'X-12 token endpoint: $name leaves the provider unavailable within the budget',
    async ({ fault, finding }) => {
      const provider = world.at({ budgetMs: shortBudgetMs });
      await signIn(provider);
      world.standIn.misbehave(fault, 'once');
      const startedAt = performance.now();
      const error = await refusalOf(provider);
      expect(performance.now() - startedAt).toBeLessThan(shortBudgetMs + 500);
      expectError(error, 'provider_unavailable', finding);
      expect(error.context['host']).toBe(new URL(world.standIn.origin).host);
      expect(error.trace.steps().at(-1)).toMatchObject({ name: 'code_exchange', outcome: 'failed', finding });
      if (fault === 'token_429') expect(error.context.retryAfterSeconds).toBe(7);
      await expect(signIn(provider)).resolves.toMatchObject({ displayName: 'Ada Byron' });
    },
  );

  test.each(failingKeys)(
    'X-13 keys: $name leaves the provider unavailable while none are known',
    async (failing) => {
      const provider = world.at({ budgetMs: shortBudgetMs });
      world.standIn.misbehave(failing.fault);
      expectError(await refusalOf(provider), 'provider_unavailable', failing.finding);
    },
  );

  test.each(failingKeys)('X-15 keys: $name, once they are known, stops nobody for a day', async (failing) => {
    const clock = movableClock();
    const provider = world.at({ clock, budgetMs: 4000 });
    await signIn(provider);
    world.standIn.misbehave(failing.fault);
    clock.pass(2 * hourMs);
    await expect(signIn(provider)).resolves.toMatchObject({ displayName: 'Ada Byron' });
    const fetched = world.standIn.journal.count('jwks');
    await expect(signIn(provider)).resolves.toBeDefined();
    expect(world.standIn.journal.count('jwks')).toBe(fetched);
    clock.pass(23 * hourMs);
    expectError(await refusalOf(provider), 'provider_unavailable', failing.finding);
  });

  test('X-13 an unknown key id cannot be excused by an endpoint that is down', async () => {
    const provider = world.at();
    await signIn(provider);
    world.standIn.misbehave('jwks_500');
    await expect(signIn(provider)).resolves.toBeDefined();
    world.standIn.misbehave('unknown_kid');
    expectError(await refusalOf(provider), 'provider_unavailable', 'http_status');
  });

  test('a refused client secret is a mistake of the configuration', async () => {
    world.standIn.misbehave('invalid_client');
    const error = await refusalOf(world.at());
    expect(error.code).toBe('provider_misconfigured');
    expect(error.context.finding).toMatch(/^client_(?:rejected|secret_wrong)$/);
  });

  test('a code that is played twice is refused the second time', async () => {
    const provider = world.at();
    const journey = await travel(provider);
    await arrive(provider, journey);
    expectError(await caught(arrive(provider, journey)), 'provider_refused', 'code_used_or_expired');
  });

  test('P-17 a token without a key id is accepted where exactly one key fits', async () => {
    world.standIn.misbehave('missing_kid');
    await expect(signIn(world.at())).resolves.toMatchObject({ displayName: 'Ada Byron' });
  });

  test('P-23 keys that rotate after a sign-in cost the next one a single fetch', async () => {
    const provider = world.at();
    await signIn(provider);
    expect(world.standIn.journal.count('jwks')).toBe(1);
    world.standIn.misbehave('key_rotated', 'once');
    await signIn(provider);
    expect(world.standIn.journal.count('jwks')).toBe(2);
    await signIn(provider);
    expect(world.standIn.journal.count('jwks')).toBe(2);
  });

  test('P-25 the client secret goes into the Authorization header, form-encoded, and nowhere else', async () => {
    await signIn(world.at());
    const { clientId, clientSecret, journal } = world.standIn;
    const asked = journal.last('token');
    const encoded = (text: string) => new URLSearchParams({ text }).toString().slice('text='.length);
    const [scheme, credentials = ''] = asked?.headers.authorization?.split(' ') ?? [];
    const [sentId, sentSecret] = Buffer.from(credentials, 'base64').toString().split(':');
    const decoded = (text = '') => new URLSearchParams(`text=${text}`).get('text');
    expect(scheme).toBe('Basic');
    expect([decoded(sentId), decoded(sentSecret)]).toEqual([clientId, clientSecret]);
    expect(sentSecret).not.toBe(clientSecret);
    expect(asked?.form.get('client_secret')).toBeNull();
    const addresses = journal.entries().map(({ path, query }) => `${path}?${query.toString()}`);
    expect(addresses.filter((address) => address.includes(encoded(clientSecret)))).toEqual([]);
  });

  test('P-35 of a thousand departures each has a challenge, a state and a nonce of its own', async () => {
    const provider = world.at();
    const seen = new Set<string>();
    for (let start = 0; start < 1000; start += 1) {
      const { redirectTo, remembered } = await provider.begin({ callbackUrl, state: `s${start}`, hints: {} });
      const query = redirectTo.searchParams;
      expect(query.get('response_type')).toBe('code');
      expect(query.get('code_challenge_method')).toBe('S256');
      expect(query.get('state')).toBe(`s${start}`);
      expect(query.get('redirect_uri')).toBe(callbackUrl.href);
      expect(query.get('nonce')).toBe(remembered['nonce']);
      expect(remembered['verifier']).toMatch(/^[\w-]{43}$/);
      for (const name of ['nonce', 'code_challenge']) seen.add(`${name} ${query.get(name) ?? ''}`);
      seen.add(`verifier ${remembered['verifier'] ?? ''}`);
    }
    expect(seen.size).toBe(3000);
    expect(world.standIn.journal.count('discovery')).toBe(1);
  });

  test('P-37 a challenge that was stripped on its way out makes the code worthless', async () => {
    const provider = world.at();
    const { redirectTo, remembered } = await provider.begin({ callbackUrl, state, hints: {} });
    redirectTo.searchParams.delete('code_challenge');
    redirectTo.searchParams.delete('code_challenge_method');
    const { trace } = await travel(provider);
    const journey = { callback: await goTo(redirectTo), remembered, trace };
    expectError(await caught(arrive(provider, journey)), 'provider_refused', 'code_used_or_expired');
    expect(world.standIn.journal.last('token')?.form.get('code_verifier')).toBe(remembered['verifier']);
  });

  test('P-38 a code of the attacker’s own sign-in is of no use in somebody else’s callback', async () => {
    const provider = world.at();
    const [attackers, victims] = [await travel(provider), await travel(provider)];
    const injected = { ...victims, callback: attackers.callback };
    expectError(await caught(arrive(provider, injected)), 'provider_refused', 'code_used_or_expired');
  });

  test('P-38 the nonce stops an injected code even where the verifier is known', async () => {
    const provider = world.at();
    const [attackers, victims] = [await travel(provider), await travel(provider)];
    const remembered = { ...victims.remembered, verifier: attackers.remembered['verifier'] ?? '' };
    const injected = { ...victims, callback: attackers.callback, remembered };
    expectError(await caught(arrive(provider, injected)), 'provider_refused', 'nonce_mismatch');
  });

  test('nothing counts where what was remembered is lost', async () => {
    const provider = world.at();
    const error = await caught(arrive(provider, { ...(await travel(provider)), remembered: {} }));
    expectError(error, 'provider_refused', 'verifier_missing');
    expect(world.standIn.journal.count('token')).toBe(0);
  });

  test('X-17 our own clock, five minutes slow, is named with the difference', async () => {
    const error = await refusalOf(world.at({ clock: movableClock(-5 * minuteMs) }));
    expectError(error, 'provider_refused', 'issued_in_future');
    expect(Math.abs(Number(error.context['differenceSeconds']) - 300)).toBeLessThan(3);
    const { providerClockAheadSeconds } = error.trace.steps().at(-1)?.facts ?? {};
    expect(Math.abs(Number(providerClockAheadSeconds) - 300)).toBeLessThan(3);
  });

  test('X-17 our own clock, ten minutes fast, is named with the difference', async () => {
    const error = await refusalOf(world.at({ clock: movableClock(10 * minuteMs) }));
    expectError(error, 'provider_refused', 'issued_too_long_ago');
    expect(Math.abs(Number(error.context['differenceSeconds']) + 600)).toBeLessThan(3);
  });

  test.each([-50_000, 50_000])(
    'X-17 clocks that differ by less than a minute stop nobody (%i ms)',
    async (aheadMs) => {
      await expect(signIn(world.at({ clock: movableClock(aheadMs) }))).resolves.toBeDefined();
    },
  );

  test('D-01 a flood of unknown key ids fetches the keys five times a minute and stops nobody else', async () => {
    const clock = movableClock();
    const provider = world.at({ clock });
    await signIn(provider);
    const fetchesForUnknown = () => world.standIn.journal.count('jwks') - 1;
    const flood = async () => {
      world.standIn.misbehave('unknown_kid');
      const refusals = await Promise.all(Array.from({ length: 10 }, () => refusalOf(provider)));
      expect(new Set(refusals.map(({ context }) => context.finding))).toEqual(new Set(['key_unknown']));
      world.standIn.misbehave.clear();
      await expect(signIn(provider)).resolves.toBeDefined();
      clock.pass(1000);
    };
    for (let round = 0; round < 7; round += 1) await flood();
    expect(fetchesForUnknown()).toBe(5);
    clock.pass(60_000);
    await flood();
    expect(fetchesForUnknown()).toBeGreaterThan(5);
  });

  test('the person’s address and the wish to choose an account go along to the provider', async () => {
    const loginHint = parseEmailAddress('ada@acme.example');
    if (loginHint === undefined) throw new Error('Not an address');
    const hints = { loginHint, selectAccount: true };
    const { redirectTo } = await world.at().begin({ callbackUrl, state, hints });
    expect(redirectTo.searchParams.get('login_hint')).toBe('ada@acme.example');
    expect(redirectTo.searchParams.get('prompt')).toBe('select_account');
  });
});
