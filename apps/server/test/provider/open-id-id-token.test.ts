import type { GoogleFault } from '@gatehouse/stand-ins';
import { describe, expect, test } from 'vitest';
import { onStage, openIdBrands } from './brands.ts';
import { arrive, expectError, movableClock, refusalOf, signIn, travel } from './journey.ts';

type Case = {
  readonly name: string;
  readonly fault: GoogleFault;
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

const minuteMs = 60_000;

describe.each(openIdBrands)('$brand', ({ open }) => {
  const world = onStage<Awaited<ReturnType<typeof open>>>(open);

  test('somebody who signs in is proven, and the trace names each step', async () => {
    const provider = world().at();
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
      const provider = world().at();
      world().standIn.misbehave(fault, 'once');
      const error = await refusalOf(provider);
      expectError(error, 'provider_refused', finding);
      expect(error.trace.steps().at(-1)).toMatchObject({ name: 'id_token', outcome: 'failed', finding });
      expect(world().standIn.journal.count('userinfo')).toBe(0);
      world().standIn.misbehave.clear();
      await expect(signIn(provider)).resolves.toMatchObject({ displayName: 'Ada Byron' });
    },
  );

  test('P-17 a token without a key id is accepted where exactly one key fits', async () => {
    world().standIn.misbehave('missing_kid');
    await expect(signIn(world().at())).resolves.toMatchObject({ displayName: 'Ada Byron' });
  });

  test('P-23 keys that rotate after a sign-in cost the next one a single fetch', async () => {
    const provider = world().at();
    await signIn(provider);
    expect(world().standIn.journal.count('jwks')).toBe(1);
    world().standIn.misbehave('key_rotated', 'once');
    await signIn(provider);
    expect(world().standIn.journal.count('jwks')).toBe(2);
    await signIn(provider);
    expect(world().standIn.journal.count('jwks')).toBe(2);
  });

  test('X-17 our own clock, five minutes slow, is named with the difference', async () => {
    const error = await refusalOf(world().at({ clock: movableClock(-5 * minuteMs) }));
    expectError(error, 'provider_refused', 'issued_in_future');
    expect(Math.abs(Number(error.context['differenceSeconds']) - 300)).toBeLessThan(3);
    const { providerClockAheadSeconds } = error.trace.steps().at(-1)?.facts ?? {};
    expect(Math.abs(Number(providerClockAheadSeconds) - 300)).toBeLessThan(3);
  });

  test('X-17 our own clock, ten minutes fast, is named with the difference', async () => {
    const error = await refusalOf(world().at({ clock: movableClock(10 * minuteMs) }));
    expectError(error, 'provider_refused', 'issued_too_long_ago');
    expect(Math.abs(Number(error.context['differenceSeconds']) + 600)).toBeLessThan(3);
  });

  test.each([-50_000, 50_000])(
    'X-17 clocks that differ by less than a minute stop nobody (%i ms)',
    async (aheadMs) => {
      await expect(signIn(world().at({ clock: movableClock(aheadMs) }))).resolves.toBeDefined();
    },
  );
});
