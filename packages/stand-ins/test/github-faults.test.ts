import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { gitHubMenu, startGitHub } from '../src/index.ts';
import type { GitHubFault, GitHubStandIn } from '../src/index.ts';
import { HANGING_MS, arrival, departure, fields, tokenRequest } from './drive.ts';

let gitHub: GitHubStandIn;
beforeAll(async () => {
  gitHub = await startGitHub();
  gitHub.signsInAs('ada');
});
afterEach(() => {
  gitHub.misbehave.clear();
});
afterAll(() => gitHub.close());

async function back() {
  const endpoint = `${gitHub.baseUrl}/login/oauth/authorize`;
  const going = departure(endpoint, gitHub.clientId, { scope: 'user:email' });
  return { ...(await arrival(going)), going };
}

async function exchange(waiting: { patienceMs?: number } = {}) {
  const { params, going } = await back();
  const endpoint = `${gitHub.baseUrl}/login/oauth/access_token`;
  return tokenRequest({
    endpoint,
    client: gitHub,
    code: params.get('code') ?? '',
    verifier: going.verifier,
    ...waiting,
  });
}

const tokenError = async (error: string) => {
  const response = await exchange();
  expect(response.status).toBe(200);
  expect(await fields(response)).toMatchObject({ error });
};

/** Status and headers of one API call after a good token. */
const api = async (path: string, allBefore: readonly string[] = []) => {
  const { access_token: token } = await fields(await exchange());
  const headers = { authorization: `Bearer ${String(token)}` };
  for (const earlier of allBefore)
    expect((await fetch(`${gitHub.apiUrl}${earlier}`, { headers })).status).toBe(200);
  return fetch(`${gitHub.apiUrl}${path}`, { headers });
};

const checks: Record<GitHubFault, () => Promise<void>> = {
  wrong_state: async () => {
    const { params, going } = await back();
    expect(params.get('state')).toEqual(expect.any(String));
    expect(params.get('state')).not.toBe(going.state);
  },
  missing_state: async () => {
    expect((await back()).params.get('state')).toBeNull();
  },
  deny: async () => {
    expect((await back()).params.get('error')).toBe('access_denied');
  },
  unknown_error: async () => {
    expect((await back()).params.get('error_description')).toContain('<script>');
  },
  never_returns: async () => {
    expect(await back()).toMatchObject({ status: 200, target: undefined });
  },
  huge_headers: async () => {
    expect((await back()).setCookies).toHaveLength(15);
  },
  token_500: async () => {
    expect((await exchange()).status).toBe(500);
  },
  token_429: async () => {
    const { status, headers } = await exchange();
    expect([status, headers.get('retry-after')]).toEqual([429, '7']);
  },
  token_hang: () =>
    expect(exchange({ patienceMs: HANGING_MS })).rejects.toMatchObject({ name: 'TimeoutError' }),
  token_reset: () => expect(exchange()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } }),
  token_half_body: async () => {
    await expect((await exchange()).text()).rejects.toThrow('terminated');
  },
  token_html: async () => {
    expect(await (await exchange()).text()).toContain('<!doctype html>');
  },
  token_wrong_content_type: async () => {
    expect((await exchange()).headers.get('content-type')).toBe('text/plain');
  },
  token_huge: async () => {
    expect((await (await exchange()).text()).length).toBeGreaterThan(10_000_000);
  },
  invalid_client: () => tokenError('incorrect_client_credentials'),
  token_error_200: () => tokenError('bad_verification_code'),
  api_403_rate_limited: async () => {
    const { status, headers } = await api('/user');
    expect([status, headers.get('x-ratelimit-remaining'), headers.get('retry-after')]).toEqual([
      403,
      '0',
      '7',
    ]);
  },
  api_500: async () => {
    expect((await api('/user')).status).toBe(500);
  },
  emails_403_rate_limited: async () => {
    const { status, headers } = await api('/user/emails', ['/user']);
    expect([status, headers.get('x-ratelimit-remaining')]).toEqual([403, '0']);
  },
  emails_429: async () => {
    const { status, headers } = await api('/user/emails', ['/user']);
    expect([status, headers.get('retry-after')]).toEqual([429, '7']);
  },
  emails_500: async () => {
    expect((await api('/user/emails', ['/user'])).status).toBe(500);
  },
};

const faults = gitHubMenu.flatMap((section) => Object.keys(section.faults) as GitHubFault[]); // as the menu's type says
test.each(faults)('GitHub misbehaves: %s', async (fault) => {
  gitHub.misbehave(fault);
  await checks[fault]();
  gitHub.misbehave.clear();
  expect((await api('/user/emails', ['/user'])).status).toBe(200);
});

test('every fault is in the menu once', () => {
  expect([...faults].sort()).toEqual(Object.keys(checks).sort());
});
