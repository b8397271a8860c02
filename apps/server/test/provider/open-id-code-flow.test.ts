import type { GoogleFault } from '@gatehouse/stand-ins';
import { describe, expect, test } from 'vitest';
import { parseEmailAddress } from '../../src/kernel/email-address.ts';
import type { ErrorCode } from '../../src/kernel/errors.ts';
import { onStage, openIdBrands } from './brands.ts';
import {
  arrive,
  callbackUrl,
  caught,
  expectError,
  goTo,
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

describe.each(openIdBrands)('$brand', ({ open }) => {
  const world = onStage<Awaited<ReturnType<typeof open>>>(open);

  test.each(refusedReturns)(
    '$name is refused before any token is asked for',
    async ({ fault, code = 'provider_refused', finding }) => {
      const provider = world().at();
      world().standIn.misbehave(fault);
      expectError(await refusalOf(provider), code, finding);
      expect(world().standIn.journal.count('token')).toBe(0);
    },
  );

  test('P-43 nothing of a provider’s error text is kept', async () => {
    world().standIn.misbehave('unknown_error');
    const error = await refusalOf(world().at());
    expect(JSON.stringify([error.context, error.trace.steps()])).not.toContain('script');
    expect(JSON.stringify(error.context).length).toBeLessThan(200);
  });

  test('an answer that consent is missing is refused as just that', async () => {
    world().standIn.misbehave('consent_needed');
    const error = await refusalOf(world().at());
    expect(error.code).toBe('provider_refused');
    expect(error.context.finding).toMatch(/^(?:consent|interaction)_required$/);
  });

  test('a callback with two codes, or none, is refused', async () => {
    const provider = world().at();
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
    expect(world().standIn.journal.count('token')).toBe(0);
  });

  test('P-11 metadata of another issuer is a mistake of the configuration, and is not kept', async () => {
    const provider = world().at();
    world().standIn.misbehave('issuer_mismatch_in_discovery', 'once');
    const departure = { callbackUrl, state, hints: {} };
    expectError(
      await caught(provider.begin(departure)),
      'provider_misconfigured',
      'discovery_issuer_mismatch',
    );
    await expect(signIn(provider)).resolves.toMatchObject({ displayName: 'Ada Byron' });
    expect(world().standIn.journal.count('discovery')).toBe(2);
  });

  test('a refused client secret is a mistake of the configuration', async () => {
    world().standIn.misbehave('invalid_client');
    const error = await refusalOf(world().at());
    expect(error.code).toBe('provider_misconfigured');
    expect(error.context.finding).toMatch(/^client_(?:rejected|secret_wrong)$/);
  });

  test('a code that is played twice is refused the second time', async () => {
    const provider = world().at();
    const journey = await travel(provider);
    await arrive(provider, journey);
    expectError(await caught(arrive(provider, journey)), 'provider_refused', 'code_used_or_expired');
  });

  test('P-25 the client secret goes into the Authorization header, form-encoded, and nowhere else', async () => {
    await signIn(world().at());
    const { clientId, clientSecret, journal } = world().standIn;
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
    const provider = world().at();
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
    expect(world().standIn.journal.count('discovery')).toBe(1);
  });

  test('P-37 a challenge that was stripped on its way out makes the code worthless', async () => {
    const provider = world().at();
    const { redirectTo, remembered } = await provider.begin({ callbackUrl, state, hints: {} });
    redirectTo.searchParams.delete('code_challenge');
    redirectTo.searchParams.delete('code_challenge_method');
    const { trace } = await travel(provider);
    const journey = { callback: await goTo(redirectTo), remembered, trace };
    expectError(await caught(arrive(provider, journey)), 'provider_refused', 'code_used_or_expired');
    expect(world().standIn.journal.last('token')?.form.get('code_verifier')).toBe(remembered['verifier']);
  });

  test('P-38 a code of the attacker’s own sign-in is of no use in somebody else’s callback', async () => {
    const provider = world().at();
    const [attackers, victims] = [await travel(provider), await travel(provider)];
    const injected = { ...victims, callback: attackers.callback };
    expectError(await caught(arrive(provider, injected)), 'provider_refused', 'code_used_or_expired');
  });

  test('P-38 the nonce stops an injected code even where the verifier is known', async () => {
    const provider = world().at();
    const [attackers, victims] = [await travel(provider), await travel(provider)];
    const remembered = { ...victims.remembered, verifier: attackers.remembered['verifier'] ?? '' };
    const injected = { ...victims, callback: attackers.callback, remembered };
    expectError(await caught(arrive(provider, injected)), 'provider_refused', 'nonce_mismatch');
  });

  test('nothing counts where what was remembered is lost', async () => {
    const provider = world().at();
    const error = await caught(arrive(provider, { ...(await travel(provider)), remembered: {} }));
    expectError(error, 'provider_refused', 'verifier_missing');
    expect(world().standIn.journal.count('token')).toBe(0);
  });

  test('the person’s address and the wish to choose an account go along to the provider', async () => {
    const loginHint = parseEmailAddress('ada@acme.example');
    if (loginHint === undefined) throw new Error('Not an address');
    const hints = { loginHint, prompt: 'select_account' as const };
    const { redirectTo } = await world().at().begin({ callbackUrl, state, hints });
    expect(redirectTo.searchParams.get('login_hint')).toBe('ada@acme.example');
    expect(redirectTo.searchParams.get('prompt')).toBe('select_account');
  });
});
