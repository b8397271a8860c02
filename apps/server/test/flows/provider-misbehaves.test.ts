import type { EntraFault, GitHubFault, GoogleFault } from '@gatehouse/stand-ins';
import { describe, expect } from 'vitest';
import { referenceOf } from '../support/matchers.ts';
import { countAll, standInOf } from '../support/people.ts';
import type { Provider } from '../support/people.ts';
import { leavesNothing, nextSignInWorks, traceOf } from '../support/refusals.ts';
import { test } from '../support/world.ts';
import type { World } from '../support/world.ts';

type Case<Fault> = readonly [id: string, fault: Fault, code: string, finding: string];

async function refuses(w: World, provider: Provider, [, , code, finding]: Case<string>): Promise<void> {
  const standIn = standInOf(w, provider);
  standIn.signsInAs('ada');
  const before = await countAll(w);
  const answer = await w.browser.signIn(provider);
  expect(answer).toBeRefusedWith(code);
  const trace = await traceOf(w, answer);
  expect(trace).toMatchObject({ outcome: 'refused', code });
  expect(trace?.steps.find((step) => step.outcome === 'failed')?.finding).toBe(finding);
  expect(trace?.steps.at(-1)).toMatchObject({ name: 'session', outcome: 'not_reached' });
  await leavesNothing(w, before, answer);
  await nextSignInWorks(w, provider);
}

const google: readonly Case<GoogleFault>[] = [
  ['P-13', 'missing_subject', 'provider_refused', 'subject_missing'],
  ['P-14', 'wrong_audience', 'provider_refused', 'audience_mismatch'],
  ['P-14', 'missing_audience', 'provider_refused', 'audience_mismatch'],
  ['P-14', 'foreign_audience_added', 'provider_refused', 'audience_mismatch'],
  ['P-14', 'foreign_authorized_party', 'provider_refused', 'audience_mismatch'],
  ['P-15', 'missing_iat', 'provider_refused', 'issued_at_missing'],
  ['P-15', 'expired', 'provider_refused', 'expired'],
  ['P-15', 'not_yet_valid', 'provider_refused', 'not_yet_valid'],
  ['P-17', 'missing_kid_several_keys', 'provider_refused', 'key_ambiguous'],
  ['P-18', 'alg_none', 'provider_refused', 'algorithm_refused'],
  ['P-19', 'broken_signature', 'provider_refused', 'signature_invalid'],
  ['P-19', 'es256_forged', 'provider_refused', 'algorithm_refused'],
  ['P-19', 'hs256_with_public_key', 'provider_refused', 'algorithm_refused'],
  ['P-19', 'wrong_key', 'provider_refused', 'signature_invalid'],
  ['P-22', 'wrong_at_hash', 'provider_refused', 'access_token_hash_mismatch'],
  ['P-22', 'wrong_c_hash', 'provider_refused', 'code_hash_mismatch'],
  ['P-38', 'wrong_nonce', 'provider_refused', 'nonce_mismatch'],
  ['P-38', 'missing_nonce', 'provider_refused', 'nonce_mismatch'],
  ['P-43', 'deny', 'provider_denied', 'access_denied'],
  ['P-43', 'unknown_error', 'provider_refused', 'provider_error'],
  ['X-12', 'token_500', 'provider_unavailable', 'http_status'],
  ['X-12', 'token_429', 'provider_unavailable', 'rate_limited'],
  ['X-12', 'token_reset', 'provider_unavailable', 'connection'],
  ['X-12', 'token_half_body', 'provider_unavailable', 'connection'],
  ['X-12', 'token_html', 'provider_unavailable', 'not_json'],
  ['X-12', 'token_huge', 'provider_unavailable', 'too_large'],
  ['X-17', 'clock_ahead', 'provider_refused', 'issued_in_future'],
  ['row 5', 'invalid_client', 'provider_misconfigured', 'client_rejected'],
  ['row 13', 'invalid_grant', 'provider_refused', 'code_used_or_expired'],
];

const azure: readonly Case<EntraFault>[] = [
  ['Q-02', 'tid_mismatch', 'provider_refused', 'issuer_mismatch'],
  ['Q-02', 'missing_tid', 'provider_refused', 'directory_missing'],
  ['Q-04', 'consumer_key', 'provider_refused', 'key_issuer_mismatch'],
  ['Q-05', 'v1_token', 'provider_refused', 'token_version_refused'],
  ['Q-06', 'other_app_audience', 'provider_refused', 'audience_mismatch'],
  ['row 6', 'expired_secret', 'provider_misconfigured', 'client_secret_expired'],
  ['row 7', 'consent_needed', 'provider_refused', 'interaction_required'],
];

const github: readonly Case<GitHubFault>[] = [
  ['Q-26', 'token_error_200', 'provider_refused', 'code_used_or_expired'],
  ['Q-29', 'emails_403_rate_limited', 'provider_unavailable', 'rate_limited'],
  ['Q-29', 'emails_429', 'provider_unavailable', 'rate_limited'],
  ['Q-29', 'emails_500', 'provider_unavailable', 'http_status'],
  ['Q-29', 'api_500', 'provider_unavailable', 'http_status'],
  ['row 5', 'invalid_client', 'provider_misconfigured', 'client_rejected'],
];

describe('a provider that misbehaves signs nobody in', () => {
  test.for(google)('%s Google: %s', async (row, { w }) => {
    w.google.misbehave(row[1]);
    await refuses(w, 'google', row);
  });

  test.for(azure)('%s Microsoft: %s', async (row, { w }) => {
    w.entra.misbehave(row[1]);
    await refuses(w, 'azure', row);
  });

  test.for(github)('%s GitHub: %s', async (row, { w }) => {
    w.github.misbehave(row[1]);
    await refuses(w, 'github', row);
  });

  test('X-12 one that hangs is given up after ten seconds, and the others work meanwhile', async ({ w }) => {
    w.google.signsInAs('ada');
    w.github.signsInAs('linus');
    w.google.misbehave('token_hang');
    const startedMs = performance.now();
    const hanging = w.browser.signIn('google');
    expect(await w.otherBrowser.signIn('github')).toRedirectTo('/');
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect(await hanging).toBeRefusedWith('provider_unavailable');
    expect(performance.now() - startedMs).toBeLessThan(11_500);
  });

  test('one that cannot be reached at the start is named at once, with a trace', async ({ w }) => {
    w.google.misbehave('discovery_500');
    await w.start(); // discovery is read once and kept; a new process has read nothing yet
    const answer = await w.browser.ask('/auth/login?provider=google');
    expect(answer).toBeRefusedWith('provider_unavailable');
    expect((await traceOf(w, answer))?.steps[0]).toMatchObject({
      name: 'authorization_url',
      outcome: 'failed',
    });
    expect(await w.browser.get('/auth/login?provider=google')).toBeProblem(503, 'provider_unavailable');
  });

  test('P-11 metadata that name another issuer are not believed and not kept', async ({ w }) => {
    w.google.misbehave('issuer_mismatch_in_discovery');
    const answer = await w.browser.get('/auth/login?provider=google');
    expect(answer).toBeProblem(502, 'provider_misconfigured');
    expect((await traceOf(w, answer))?.steps[0]?.finding).toBe('discovery_issuer_mismatch');
    await nextSignInWorks(w, 'google');
  });

  test('P-43 ten kilobytes of a provider’s text with a script in it are shown and logged nowhere', async ({
    w,
  }) => {
    w.google.signsInAs('ada');
    w.google.misbehave('unknown_error');
    const answer = await w.browser.signIn('google');
    expect(answer.location?.href.length).toBeLessThan(200);
    expect(answer.location?.href).not.toContain('script');
    expect(w.logLines.join('')).not.toContain('<script');
    const [row] = await w.sql<{ text: string }>(
      'select steps::text as text from traces where reference = $1',
      [referenceOf(answer)],
    );
    expect(row?.text).not.toContain('script');
  });
});

test('P-23 keys that the provider rotated cost one more look at its keys, and nobody notices', async ({
  w,
}) => {
  w.google.signsInAs('ada');
  await w.start();
  w.google.journal.clear();
  expect(await w.browser.signIn('google')).toRedirectTo('/');
  expect(w.google.journal.count('jwks')).toBe(1);
  w.google.misbehave('key_rotated', 'once');
  await new Promise((resolve) => setTimeout(resolve, 1_100)); // an unknown key is looked up at most once a second
  expect(await w.browser.signIn('google')).toRedirectTo('/');
  expect(w.google.journal.count('jwks')).toBe(2);
});

test('P-39 the redirect URI comes from configuration, whatever Host and forwarding headers say', async ({
  w,
}) => {
  const forged = {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'host=evil.example',
  };
  const answer = await w.browser.ask('/auth/login?provider=google', { headers: forged });
  expect(answer.location?.searchParams.get('redirect_uri')).toBe('http://localhost:3000/auth/callback');
  const unknown = await w.browser.ask('/auth/login?provider=google', {
    as: 'api',
    headers: { host: 'evil.example' },
  });
  expect(unknown.status).toBe(421);
  expect(unknown.setCookies).toEqual([]);
});
