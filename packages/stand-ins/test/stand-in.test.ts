import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startEntra, startGitHub, startGoogle } from '../src/index.ts';
import type { OidcStandIn } from '../src/index.ts';
import { claimsOf, signIn } from './drive.ts';
import type { OidcProvider } from './drive.ts';

let google: OidcStandIn;
let provider: OidcProvider;
beforeAll(async () => {
  google = await startGoogle();
  provider = { ...google, metadataUrl: `${google.issuer}/.well-known/openid-configuration` };
  google.signsInAs('ada');
});
afterEach(() => {
  google.misbehave.clear();
  google.journal.clear();
});
afterAll(() => google.close());

describe('where it listens', () => {
  test.each(['0.0.0.0', '::', '192.168.1.10', 'gatehouse.example', '127.0.0.1.evil.example', '', '10.0.0.1'])(
    'it refuses %j',
    async (host) => {
      await expect(startGitHub({ host })).rejects.toThrow('loopback');
      await expect(startGoogle({ host })).rejects.toThrow('loopback');
      await expect(startEntra({ host })).rejects.toThrow('loopback');
    },
  );

  test.each(['localhost', '127.0.0.2'])('%s is loopback, and its addresses say so', async (host) => {
    const standIn = await startGitHub({ host });
    expect(new URL(standIn.apiUrl).hostname).toBe(host);
    expect((await fetch(standIn.origin)).status).toBe(200);
    await standIn.close();
  });

  test('a taken port is an error, not a silence', async () => {
    const port = Number(new URL(google.origin).port);
    await expect(startGitHub({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('faults', () => {
  test('that are on once are over after one sign-in', async () => {
    google.misbehave('wrong_nonce', 'once');
    const first = await signIn(provider);
    expect(claimsOf(first)['nonce']).not.toBe(first.going.nonce);
    const second = await signIn(provider);
    expect(claimsOf(second)['nonce']).toBe(second.going.nonce);
  });

  test('can be on together', async () => {
    google.misbehave('wrong_nonce');
    google.misbehave('missing_subject');
    const signedIn = await signIn(provider);
    expect(claimsOf(signedIn)['nonce']).not.toBe(signedIn.going.nonce);
    expect(claimsOf(signedIn)).not.toHaveProperty('sub');
    expect([...google.misbehave.active()]).toEqual([
      ['wrong_nonce', 'until_cleared'],
      ['missing_subject', 'until_cleared'],
    ]);
  });

  test('are turned on and off by a page', async () => {
    const url = `${google.origin}/misbehave`;
    const press = (form: Record<string, string>, headers: Record<string, string> = {}) =>
      fetch(url, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });
    expect(await (await fetch(url)).text()).toContain('It behaves.');
    expect((await press({ fault: 'wrong_nonce', until: 'once' })).status).toBe(303);
    await press({ fault: 'token_500', until: 'until_cleared' });
    await press({ fault: 'no_such_fault', until: 'once' });
    expect([...google.misbehave.active()]).toEqual([
      ['wrong_nonce', 'once'],
      ['token_500', 'until_cleared'],
    ]);
    expect(await (await fetch(url)).text()).toContain('On for the next sign-in');
    await press({ clear: 'token_500' });
    expect([...google.misbehave.active().keys()]).toEqual(['wrong_nonce']);
    expect((await press({ clear: 'all' }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    const cookie = 'stand-in-ballast-0=x';
    expect(await (await fetch(url, { headers: { cookie } })).text()).toContain(
      'Take the planted cookies back',
    );
    const planted = await press({ clear: 'all' }, { cookie });
    expect(planted.headers.getSetCookie()[0]).toContain('Max-Age=0');
    expect(google.misbehave.active().size).toBe(0);
  });
});

describe('the journal', () => {
  test('counts each kind of request, and shows how the client proved itself', async () => {
    await signIn(provider);
    const counted = (['discovery', 'authorize', 'token', 'jwks', 'userinfo'] as const).map(
      google.journal.count,
    );
    expect(counted).toEqual([1, 1, 1, 0, 0]);
    const token = google.journal.last('token');
    const [, pair = ''] = (token?.headers.authorization ?? '').split(' ');
    const encoded = Buffer.from(pair, 'base64').toString();
    expect(encoded).toBe(`${google.clientId}:${encodeURIComponent(google.clientSecret)}`);
    expect([...(token?.form.keys() ?? [])]).toEqual(['grant_type', 'code', 'redirect_uri', 'code_verifier']);
    expect(google.journal.last('authorize')?.query.get('code_challenge_method')).toBe('S256');
  });
});

test('a held token call waits until it is released, and only that one', async () => {
  const held = google.hold('token');
  let isDone = false;
  const first = signIn(provider).then((signedIn) => {
    isDone = true;
    return signedIn;
  });
  await held.arrived;
  await signIn(provider);
  expect(isDone).toBe(false);
  held.release();
  expect((await first).response.status).toBe(200);
});

test('closing ends a call that hangs or is held', async () => {
  const standIn = await startGoogle();
  standIn.misbehave('discovery_hang');
  const waiting = fetch(`${standIn.issuer}/.well-known/openid-configuration`);
  const outcome = expect(waiting).rejects.toThrow('fetch failed');
  while (standIn.journal.count('discovery') === 0) await new Promise((resolve) => setImmediate(resolve));
  await standIn.close();
  await outcome;
});

test('nobody signs in who is not there', () => {
  expect(() => {
    google.signsInAs('nobody');
  }).toThrow('nobody');
});
