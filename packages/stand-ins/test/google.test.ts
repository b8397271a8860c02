import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startGoogle } from '../src/index.ts';
import type { OidcStandIn } from '../src/index.ts';
import {
  arrival,
  callback,
  click,
  departure,
  fields,
  read,
  signIn,
  tokenRequest,
  verified,
} from './drive.ts';
import type { OidcProvider } from './drive.ts';

let google: OidcStandIn;
let provider: OidcProvider;

beforeAll(async () => {
  google = await startGoogle({ redirectUris: [callback] });
  provider = { ...google, metadataUrl: `${google.issuer}/.well-known/openid-configuration` };
});
afterEach(() => {
  google.misbehave.clear();
  google.signsInAs(undefined);
});
afterAll(() => google.close());

const leave = (changes: Record<string, string> = {}) =>
  departure(`${google.issuer}/o/oauth2/v2/auth`, google.clientId, changes);

const redeem = (code: string, verifier: string, changes: Record<string, string> = {}) =>
  tokenRequest({ endpoint: `${google.issuer}/token`, client: google, code, verifier }, changes);

async function codeFor(key: string) {
  google.signsInAs(key);
  const going = leave();
  const back = await arrival(going);
  return { code: back.params.get('code') ?? '', verifier: going.verifier };
}

describe('an honest sign-in', () => {
  test('ends in an ID token that the published keys verify', async () => {
    google.signsInAs('ada');
    const signedIn = await signIn(provider);
    const claims = await verified(signedIn, provider);
    expect(claims).toMatchObject({
      iss: google.issuer,
      azp: google.clientId,
      sub: '108120436017923460011',
      email: 'ada@acme.example',
      email_verified: true,
      hd: 'acme.example',
      given_name: 'Ada',
    });
    const half = createHash('sha256')
      .update(String(signedIn.tokens['access_token']))
      .digest()
      .subarray(0, 16);
    expect(claims['at_hash']).toBe(half.toString('base64url'));
    expect(signedIn.back.params.get('state')).toBe(signedIn.going.state);
  });

  test('gives an access token that opens the profile of the same person', async () => {
    google.signsInAs('gina');
    const { tokens } = await signIn(provider);
    const profile = await read(`${google.issuer}/v1/userinfo`, {
      authorization: `Bearer ${String(tokens['access_token'])}`,
    });
    expect(profile).toMatchObject({
      sub: '108120436017923460022',
      email: 'gina@gmail.com',
      email_verified: true,
    });
    expect(profile).not.toHaveProperty('hd');
    const stranger = await fetch(`${google.issuer}/v1/userinfo`, { headers: { authorization: 'Bearer no' } });
    expect(stranger.status).toBe(401);
  });

  test('leaves email and name out where their scopes were not asked for', async () => {
    google.signsInAs('ada');
    const going = leave({ scope: 'openid' });
    const back = await arrival(going);
    const { id_token: token } = await fields(await redeem(back.params.get('code') ?? '', going.verifier));
    const claims = JSON.parse(
      Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString(),
    ) as object; // decoded for its keys
    expect(Object.keys(claims)).not.toEqual(expect.arrayContaining(['email']));
    expect(Object.keys(claims)).not.toEqual(expect.arrayContaining(['name']));
  });
});

describe('the page of people', () => {
  test('says that it is not the real one, and sends whoever is clicked back with a code', async () => {
    const going = leave();
    const { page, status } = await arrival(going);
    expect(status).toBe(200);
    expect(page).toContain('Stand-in for Google – not the real one');
    expect(page).toContain('value="victor"');
    const back = await click(going, { person: 'victor' });
    expect(back).toMatchObject({ status: 302, target: callback });
    const { id_token: token } = await fields(await redeem(back.params.get('code') ?? '', going.verifier));
    expect(String(token)).toMatch(/^ey/);
  });

  test('sends whoever cancels back with access_denied and the state', async () => {
    const going = leave();
    const back = await click(going, { cancel: '1' });
    expect(Object.fromEntries(back.params)).toEqual({ error: 'access_denied', state: going.state });
  });

  test('puts the hinted person first', async () => {
    const { page } = await arrival(leave({ login_hint: 'uma@acme.example', prompt: 'select_account' }));
    expect(/name="person" value="(\w+)"/.exec(page)?.[1]).toBe('uma');
  });

  test('shows names as text, never as markup', async () => {
    google.people.add({
      key: 'mallory',
      sub: '666',
      name: '<img src=x onerror=alert(1)>',
      givenName: 'M',
      familyName: 'M',
      email: 'm@evil.example',
      isEmailVerified: true,
    });
    const { page } = await arrival(leave());
    google.people.remove('mallory');
    expect(page).toContain('&lt;img src=x');
    expect(page).not.toContain('<img');
  });

  test.each([
    ['an unknown client', { client_id: 'somebody-else' }],
    ['an unregistered redirect URI', { redirect_uri: `${callback}/` }],
    ['another response type', { response_type: 'token' }],
    ['a plain challenge', { code_challenge_method: 'plain' }],
    ['no openid scope', { scope: 'email' }],
  ])('keeps the person at the provider for %s', async (_, changes) => {
    google.signsInAs('ada');
    expect(await arrival(leave(changes))).toMatchObject({ status: 400, target: undefined });
  });

  test('refuses silent sign-in while nobody signs in without a page', async () => {
    const back = await arrival(leave({ prompt: 'none' }));
    expect(back.params.get('error')).toBe('login_required');
  });
});

describe('the token endpoint', () => {
  test('takes the client secret in the body too', async () => {
    const { code, verifier } = await codeFor('ada');
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: callback,
      code_verifier: verifier,
      client_id: google.clientId,
      client_secret: google.clientSecret,
    };
    const response = await fetch(`${google.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    expect(response.status).toBe(200);
  });

  test('refuses a wrong secret and leaves the code usable', async () => {
    const { code, verifier } = await codeFor('ada');
    const client = { ...google, clientSecret: 'wrong' };
    const refused = await tokenRequest({ endpoint: `${google.issuer}/token`, client, code, verifier });
    expect(refused.status).toBe(401);
    expect(await fields(refused)).toMatchObject({ error: 'invalid_client' });
    expect((await redeem(code, verifier)).status).toBe(200);
  });

  test('takes a code once', async () => {
    const { code, verifier } = await codeFor('ada');
    expect((await redeem(code, verifier)).status).toBe(200);
    const again = await redeem(code, verifier);
    expect(again.status).toBe(400);
    expect(await fields(again)).toMatchObject({ error: 'invalid_grant' });
  });

  test.each([
    ['another verifier', { code_verifier: 'x'.repeat(43) }, 'invalid_grant'],
    ['another redirect URI', { redirect_uri: 'http://127.0.0.1:9/other' }, 'redirect_uri_mismatch'],
    ['another grant type', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['another code', { code: 'guessed' }, 'invalid_grant'],
  ])('refuses %s', async (_, changes, error) => {
    const { code, verifier } = await codeFor('ada');
    const response = await redeem(code, verifier, changes);
    expect(response.status).toBe(400);
    expect(await fields(response)).toMatchObject({ error });
  });

  test('refuses a code without its verifier', async () => {
    const { code } = await codeFor('ada');
    const form = { grant_type: 'authorization_code', code, redirect_uri: callback };
    const credentials = { client_id: google.clientId, client_secret: google.clientSecret };
    const body = new URLSearchParams({ ...form, ...credentials });
    expect((await fetch(`${google.issuer}/token`, { method: 'POST', body })).status).toBe(400);
  });

  test('forgets a code after a minute', async () => {
    let at = Date.now();
    const slow = await startGoogle({ now: () => new Date(at) });
    slow.signsInAs('ada');
    const going = departure(`${slow.issuer}/o/oauth2/v2/auth`, slow.clientId);
    const code = (await arrival(going)).params.get('code') ?? '';
    at += 61_000;
    const late = { endpoint: `${slow.issuer}/token`, client: slow, code, verifier: going.verifier };
    expect((await tokenRequest(late)).status).toBe(400);
    await slow.close();
  });
});

test('the keys outlive a restart where they are kept in a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stand-ins-'));
  const stateFile = join(folder, 'google.json');
  const kidsOf = async () => {
    const standIn = await startGoogle({ stateFile });
    const { keys } = await read(`${standIn.issuer}/oauth2/v3/certs`);
    await standIn.close();
    return keys;
  };
  const before = await kidsOf();
  expect(before).toHaveLength(2);
  expect(await kidsOf()).toEqual(before);
  await rm(folder, { recursive: true });
});

test('it says and sends iss where it is asked to', async () => {
  const standIn = await startGoogle({ issParameter: true });
  standIn.signsInAs('ada');
  const { metadata, back } = await signIn({
    ...standIn,
    metadataUrl: `${standIn.issuer}/.well-known/openid-configuration`,
  });
  await standIn.close();
  expect(metadata['authorization_response_iss_parameter_supported']).toBe(true);
  expect(back.params.get('iss')).toBe(standIn.issuer);
});
