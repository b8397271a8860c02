import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startGitHub } from '../src/index.ts';
import type { GitHubStandIn } from '../src/index.ts';
import { arrival, callback, click, departure, fields, read, tokenRequest } from './drive.ts';

let gitHub: GitHubStandIn;

beforeAll(async () => {
  gitHub = await startGitHub({ redirectUris: [callback], basePath: '/github' });
});
afterEach(() => {
  gitHub.misbehave.clear();
  gitHub.signsInAs(undefined);
});
afterAll(() => gitHub.close());

const scoped = (scope: string) =>
  departure(`${gitHub.baseUrl}/login/oauth/authorize`, gitHub.clientId, { scope });

async function codeFor(key: string, scope = 'read:user user:email') {
  gitHub.signsInAs(key);
  const going = scoped(scope);
  const code = (await arrival(going)).params.get('code') ?? '';
  return {
    code,
    verifier: going.verifier,
    endpoint: `${gitHub.baseUrl}/login/oauth/access_token`,
    client: gitHub,
  };
}

async function authorizationOf(key: string, scope?: string): Promise<Record<string, string>> {
  const tokens = await fields(await tokenRequest(await codeFor(key, scope)));
  return { authorization: `Bearer ${String(tokens['access_token'])}` };
}

describe('an honest sign-in', () => {
  test('lies below the paths of an Enterprise Server', () => {
    expect(gitHub.baseUrl).toBe(`${gitHub.origin}/github`);
    expect(gitHub.apiUrl).toBe(`${gitHub.origin}/github/api/v3`);
  });

  test('gives a token that opens user and addresses', async () => {
    const headers = await authorizationOf('ada');
    const user = await fetch(`${gitHub.apiUrl}/user`, { headers });
    expect(user.headers.get('x-github-request-id')).toMatch(/^[0-9A-F]{4}:/);
    expect(await fields(user)).toMatchObject({ id: 101, login: 'ada', email: 'ada@acme.example' });
    expect(await read(`${gitHub.apiUrl}/user/emails`, headers)).toEqual([
      { email: 'ada@acme.example', primary: true, verified: true, visibility: 'public' },
    ]);
  });

  test('answers the token as a form unless JSON is asked for', async () => {
    const { code, verifier, endpoint } = await codeFor('ada');
    const form = { code, redirect_uri: callback, code_verifier: verifier };
    const credentials = { client_id: gitHub.clientId, client_secret: gitHub.clientSecret };
    const response = await fetch(endpoint, {
      method: 'POST',
      body: new URLSearchParams({ ...form, ...credentials }),
    });
    expect(response.headers.get('content-type')).toContain('application/x-www-form-urlencoded');
    const answer = new URLSearchParams(await response.text());
    expect(answer.get('access_token')).toMatch(/^gho_/);
    expect(answer.get('scope')).toBe('read:user,user:email');
  });

  test.each([
    ['linus', { email: 'linus@kernel.example', verified: true }],
    ['grace', { email: 'grace@acme.example', verified: false }],
    ['nomail', { email: '104+nomail@users.noreply.github.com', verified: true }],
  ])(
    'hides the private address of %s in the profile and shows it among the addresses',
    async (key, primary) => {
      const headers = await authorizationOf(key);
      expect(await read(`${gitHub.apiUrl}/user`, headers)).toMatchObject({ email: null });
      const emails = await read(`${gitHub.apiUrl}/user/emails`, headers);
      expect(emails).toEqual(
        expect.arrayContaining([expect.objectContaining({ ...primary, primary: true })]),
      );
    },
  );

  test('pages through many addresses by thirty, at most by a hundred', async () => {
    const headers = await authorizationOf('many');
    const first = await fetch(`${gitHub.apiUrl}/user/emails`, { headers });
    const onFirst = (await first.json()) as { primary: boolean }[]; // the shape is what the test asserts
    expect(onFirst).toHaveLength(30);
    expect(onFirst.some(({ primary }) => primary)).toBe(false);
    const [, next = ''] = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '') ?? [];
    expect(first.headers.get('link')).toContain('rel="last"');
    const onSecond = (await (await fetch(next, { headers })).json()) as {
      primary: boolean;
      verified: boolean;
    }[];
    expect(onSecond).toHaveLength(15);
    expect(onSecond.find(({ primary }) => primary)?.verified).toBe(true);
    const all = await fetch(`${gitHub.apiUrl}/user/emails?per_page=1000`, { headers });
    expect(await all.json()).toHaveLength(45);
    expect(all.headers.get('link')).toBeNull();
  });

  test('keeps the id when the login changes, and gives the login to somebody else', async () => {
    gitHub.people.add({ key: 'old', id: 501, login: 'handle', name: 'Old', publicEmail: null, emails: [] });
    gitHub.people.change('old', { login: 'renamed' });
    gitHub.people.add({ key: 'new', id: 502, login: 'handle', name: 'New', publicEmail: null, emails: [] });
    expect(await read(`${gitHub.apiUrl}/user`, await authorizationOf('old'))).toMatchObject({
      id: 501,
      login: 'renamed',
    });
    expect(await read(`${gitHub.apiUrl}/user`, await authorizationOf('new'))).toMatchObject({
      id: 502,
      login: 'handle',
    });
  });
});

describe('refusals', () => {
  test('no addresses without the scope, nothing without a token', async () => {
    const headers = await authorizationOf('ada', 'read:user');
    expect((await fetch(`${gitHub.apiUrl}/user/emails`, { headers })).status).toBe(404);
    expect((await fetch(`${gitHub.apiUrl}/user`)).status).toBe(401);
  });

  test('a cancelled sign-in comes back as access_denied', async () => {
    const { params } = await click(scoped('user:email'), { cancel: '1' });
    expect(params.get('error')).toBe('access_denied');
    expect(params.get('error_description')).toBe('The user has denied your application access.');
  });

  test('a wrong secret is an error in a 200', async () => {
    const exchange = await codeFor('ada');
    const answer = await tokenRequest({ ...exchange, client: { ...gitHub, clientSecret: 'wrong' } });
    expect(answer.status).toBe(200);
    expect(await fields(answer)).toMatchObject({ error: 'incorrect_client_credentials' });
  });

  test.each([
    ['a used code', {}, 'bad_verification_code'],
    ['another redirect URI', { redirect_uri: 'http://127.0.0.1:9/x' }, 'redirect_uri_mismatch'],
    ['another verifier', { code_verifier: 'y' }, 'bad_verification_code'],
  ])('%s is an error in a 200', async (_, changes, error) => {
    const exchange = await codeFor('ada');
    if (Object.keys(changes).length === 0) await tokenRequest(exchange);
    const answer = await tokenRequest(exchange, changes);
    expect(answer.status).toBe(200);
    expect(await fields(answer)).toMatchObject({ error });
  });
});
