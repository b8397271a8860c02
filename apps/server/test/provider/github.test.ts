import { startGitHub } from '@gatehouse/stand-ins';
import type { GitHubFault, GitHubStandIn } from '@gatehouse/stand-ins';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../src/kernel/errors.ts';
import { githubAt } from './brands.ts';
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

const shortBudgetMs = 700;

describe.each([
  { place: 'github.com', paths: { apiPath: '' } },
  { place: 'an Enterprise Server below a path', paths: { basePath: '/github', apiPath: '/github/api/v3' } },
])('$place', ({ paths }) => {
  let github: GitHubStandIn;
  beforeAll(async () => {
    github = await startGitHub(paths);
  });
  afterEach(() => {
    github.misbehave.clear();
    github.journal.clear();
  });
  afterAll(() => github.close());

  test('somebody who signs in is their numeric id, and the trace names each step', async () => {
    github.signsInAs('ada');
    const provider = githubAt(github);
    const journey = await travel(provider);
    await expect(arrive(provider, journey)).resolves.toEqual({
      issuer: github.baseUrl,
      subject: '101',
      displayName: 'Ada Byron',
      email: { kind: 'verified', address: 'ada@acme.example', authoritative: false },
    });
    expect(journey.trace.steps().map(({ name, outcome }) => [name, outcome])).toEqual(
      provider.steps.map((name) => [name, 'ok']),
    );
  });

  test('Q-21 a private address is read from the list of addresses', async () => {
    github.signsInAs('linus');
    const { email } = await signIn(githubAt(github));
    expect(email).toEqual({ kind: 'verified', address: 'linus@kernel.example', authoritative: false });
  });

  test('Q-22 an unverified primary address is claimed, whatever else is verified', async () => {
    github.signsInAs('grace');
    const { email, displayName } = await signIn(githubAt(github));
    expect(email).toEqual({ kind: 'claimed', address: 'grace@acme.example' });
    expect(displayName.length).toBeLessThanOrEqual(120);
  });

  test('Q-24 a primary address far down a long list is found', async () => {
    github.signsInAs('many');
    const { email } = await signIn(githubAt(github));
    expect(email).toEqual({ kind: 'verified', address: 'many@acme.example', authoritative: false });
    expect(github.journal.last('emails')?.query.get('per_page')).toBe('100');
  });

  test('Q-24 a primary address on the third page is found', async () => {
    const emails = Array.from({ length: 250 }, (_, index) => ({
      email: `old-${index}@old.example`,
      primary: index === 240,
      verified: true,
      visibility: null,
    }));
    github.people.add({ key: 'hoard', id: 900, login: 'hoard', name: null, publicEmail: null, emails });
    github.signsInAs('hoard');
    const { email, displayName } = await signIn(githubAt(github));
    expect(email).toMatchObject({ address: 'old-240@old.example' });
    expect(displayName).toBe('hoard');
    expect(github.journal.count('emails')).toBe(3);
  });

  test('Q-25 a login that changes hands takes nobody along', async () => {
    const emails = [{ email: 'x@old.example', primary: true, verified: true, visibility: null }];
    github.people.add({ key: 'old', id: 700, login: 'zoe', name: 'Zoe', publicEmail: null, emails });
    github.signsInAs('old');
    const provider = githubAt(github);
    expect((await signIn(provider)).subject).toBe('700');
    github.people.change('old', { login: 'zoe-renamed' });
    github.people.add({ key: 'new', id: 701, login: 'zoe', name: 'Zoe', publicEmail: null, emails });
    expect((await signIn(provider)).subject).toBe('700');
    github.signsInAs('new');
    expect((await signIn(provider)).subject).toBe('701');
  });

  test('Q-28 a noreply address counts as any other', async () => {
    github.signsInAs('nomail');
    const { email, displayName } = await signIn(githubAt(github));
    expect(email).toMatchObject({ kind: 'verified', address: '104+nomail@users.noreply.github.com' });
    expect(displayName).toBe('nomail');
  });

  test.each<{ name: string; fault: GitHubFault; code: ErrorCode; finding: string }>([
    { name: 'P-43 a person who cancels', fault: 'deny', code: 'provider_denied', finding: 'access_denied' },
    {
      name: 'P-43 an error that nobody knows',
      fault: 'unknown_error',
      code: 'provider_refused',
      finding: 'provider_error',
    },
    {
      name: 'Q-26 an error in an answer of 200',
      fault: 'token_error_200',
      code: 'provider_refused',
      finding: 'code_used_or_expired',
    },
    {
      name: 'a refused client secret',
      fault: 'invalid_client',
      code: 'provider_misconfigured',
      finding: 'client_rejected',
    },
    { name: 'X-12 token: 500', fault: 'token_500', code: 'provider_unavailable', finding: 'http_status' },
    { name: 'X-12 token: 429', fault: 'token_429', code: 'provider_unavailable', finding: 'rate_limited' },
    { name: 'X-12 token: no answer', fault: 'token_hang', code: 'provider_unavailable', finding: 'timeout' },
    { name: 'X-12 token: reset', fault: 'token_reset', code: 'provider_unavailable', finding: 'connection' },
    {
      name: 'X-12 token: half a body',
      fault: 'token_half_body',
      code: 'provider_unavailable',
      finding: 'connection',
    },
    { name: 'X-12 token: a page', fault: 'token_html', code: 'provider_unavailable', finding: 'not_json' },
    {
      name: 'X-12 token: another content type',
      fault: 'token_wrong_content_type',
      code: 'provider_unavailable',
      finding: 'not_json',
    },
    { name: 'X-12 token: 10 MB', fault: 'token_huge', code: 'provider_unavailable', finding: 'too_large' },
    {
      name: 'Q-29 user: no requests left',
      fault: 'api_403_rate_limited',
      code: 'provider_unavailable',
      finding: 'rate_limited',
    },
    { name: 'Q-29 user: 500', fault: 'api_500', code: 'provider_unavailable', finding: 'http_status' },
    {
      name: 'Q-29 addresses: no requests left',
      fault: 'emails_403_rate_limited',
      code: 'provider_unavailable',
      finding: 'rate_limited',
    },
    {
      name: 'Q-29 addresses: 429',
      fault: 'emails_429',
      code: 'provider_unavailable',
      finding: 'rate_limited',
    },
    {
      name: 'Q-29 addresses: 500',
      fault: 'emails_500',
      code: 'provider_unavailable',
      finding: 'http_status',
    },
  ])('$name stops this sign-in, and the next goes through', async ({ fault, code, finding }) => {
    github.signsInAs('ada');
    const provider = githubAt(github, { budgetMs: shortBudgetMs });
    github.misbehave(fault, 'once');
    const startedAt = performance.now();
    const error = await refusalOf(provider);
    expect(performance.now() - startedAt).toBeLessThan(shortBudgetMs + 500);
    expectError(error, code, finding);
    if (finding === 'rate_limited') expect(error.context.retryAfterSeconds).toBe(7);
    await expect(signIn(provider)).resolves.toMatchObject({ subject: '101' });
  });

  test('an app that may not read addresses is a mistake of the configuration', async () => {
    github.signsInAs('ada');
    const provider = githubAt(github);
    const { redirectTo, remembered } = await provider.begin({ callbackUrl, state, hints: {} });
    redirectTo.searchParams.set('scope', 'read:user');
    const { trace } = await travel(provider);
    const journey = { callback: await goTo(redirectTo), remembered, trace };
    expectError(
      await caught(arrive(provider, journey)),
      'provider_misconfigured',
      'email_permission_missing',
    );
  });

  test('P-35 each departure has a challenge of its own, and asks for what is read', async () => {
    const provider = githubAt(github);
    const challenges = new Set<string | null>();
    for (let start = 0; start < 1000; start += 1) {
      const { redirectTo } = await provider.begin({
        callbackUrl,
        state,
        hints: { prompt: 'select_account' as const },
      });
      const query = redirectTo.searchParams;
      expect(redirectTo.href.startsWith(`${github.baseUrl}/login/oauth/authorize?`)).toBe(true);
      expect(query.get('code_challenge_method')).toBe('S256');
      expect(query.get('scope')).toBe('read:user user:email');
      expect(query.get('prompt')).toBe('select_account');
      challenges.add(query.get('code_challenge'));
    }
    expect(challenges.size).toBe(1000);
  });

  test('P-38 a code of the attacker’s own sign-in is of no use in somebody else’s callback', async () => {
    github.signsInAs('ada');
    const provider = githubAt(github);
    const [attackers, victims] = [await travel(provider), await travel(provider)];
    const injected = { ...victims, callback: attackers.callback };
    expectError(await caught(arrive(provider, injected)), 'provider_refused', 'code_used_or_expired');
    expect(github.journal.count('user')).toBe(0);
  });

  test('P-06 an answer in the name of somebody else is refused before any token is asked for', async () => {
    github.signsInAs('ada');
    const provider = githubAt(github);
    const { callback, ...journey } = await travel(provider);
    callback.searchParams.set('iss', 'https://issuer.attacker.example');
    const error = await caught(arrive(provider, { ...journey, callback }));
    expectError(error, 'provider_refused', 'issuer_mismatch');
    expect(github.journal.count('token')).toBe(0);
  });
});
