import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CONSUMERS, CONTOSO, FABRIKAM, startEntra } from '../src/index.ts';
import type { EntraStandIn } from '../src/index.ts';
import {
  arrival,
  callback,
  click,
  claimsOf,
  departure,
  fields,
  read,
  signIn,
  tokenRequest,
  verified,
} from './drive.ts';
import type { OidcProvider } from './drive.ts';

let entra: EntraStandIn;

beforeAll(async () => {
  entra = await startEntra({ redirectUris: [callback], pathPrefix: '/cloud' });
});
afterEach(() => {
  entra.misbehave.clear();
  entra.signsInAs(undefined);
});
afterAll(() => entra.close());

const through = (directory: string, issuer = CONTOSO): OidcProvider => ({
  ...entra,
  metadataUrl: `${entra.issuerOf(directory)}/.well-known/openid-configuration`,
  issuer: entra.issuerOf(issuer),
});

describe('an honest sign-in', () => {
  test.each(['common', 'organizations', CONTOSO])(
    'ends in a version 2.0 ID token through %s',
    async (directory) => {
      entra.signsInAs('ada');
      const provider = through(directory);
      const claims = await verified(await signIn(provider), provider);
      expect(claims).toMatchObject({
        ver: '2.0',
        tid: CONTOSO,
        oid: 'c0a80101-0000-4000-8000-000000000001',
        preferred_username: 'ada@contoso.example',
        email: 'ada@contoso.example',
        xms_edov: true,
      });
      expect(claims).toHaveProperty('nbf');
      expect(claims).not.toHaveProperty('email_verified');
      expect(claims).not.toHaveProperty('at_hash');
    },
  );

  test.each([
    ['ben', 1],
    ['cleo', '1'],
    ['dov', 'true'],
    ['eve', false],
    ['finn', undefined],
  ])('carries xms_edov of %s as %j', async (key, form) => {
    entra.signsInAs(key);
    const claims = claimsOf(await signIn(through('common')));
    expect(claims['xms_edov']).toBe(form);
    expect('xms_edov' in claims).toBe(form !== undefined);
  });

  test('marks a guest by home directory, name and account type', async () => {
    entra.signsInAs('gus');
    const claims = claimsOf(await signIn(through(CONTOSO)));
    expect(claims).toMatchObject({ tid: CONTOSO, idp: `https://sts.windows.net/${FABRIKAM}/`, acct: 1 });
    expect(claims['preferred_username']).toContain('#EXT#');
  });

  test('has no email for somebody without a mailbox', async () => {
    entra.signsInAs('nora');
    expect(claimsOf(await signIn(through('common')))).not.toHaveProperty('email');
  });

  test('tells two directories with the same object id apart', async () => {
    const claimsFor = async (key: string) => {
      entra.signsInAs(key);
      return claimsOf(await signIn(through('common')));
    };
    const [one, other] = [await claimsFor('tom-contoso'), await claimsFor('tom-fabrikam')];
    expect(one['oid']).toBe(other['oid']);
    expect([one['tid'], other['tid']]).toEqual([CONTOSO, FABRIKAM]);
    expect(one.iss).not.toBe(other.iss);
    expect(one.sub).not.toBe(other.sub);
  });

  test('keeps subject and object id when somebody is renamed', async () => {
    entra.signsInAs('fay');
    const before = claimsOf(await signIn(through('common')));
    entra.people.change('fay', {
      name: 'Fay New',
      preferredUsername: 'new@fabrikam.example',
      email: 'new@fabrikam.example',
    });
    const after = claimsOf(await signIn(through('common')));
    expect(after).toMatchObject({
      sub: before.sub,
      oid: before['oid'],
      email: 'new@fabrikam.example',
      name: 'Fay New',
    });
  });

  test('gives an access token that opens the profile', async () => {
    entra.signsInAs('ada');
    const { tokens, metadata, idToken } = await signIn(through('common'));
    const authorization = `Bearer ${String(tokens['access_token'])}`;
    const profile = await read(String(metadata['userinfo_endpoint']), { authorization });
    expect(profile['sub']).toBe(claimsOf({ idToken } as Parameters<typeof claimsOf>[0]).sub); // only the token is looked at
  });
});

describe('keys and metadata', () => {
  test('common and organizations name a template, a directory itself', async () => {
    const issuerAt = async (directory: string) => (await read(through(directory).metadataUrl))['issuer'];
    expect(await issuerAt('common')).toBe(`${entra.origin}/cloud/{tenantid}/v2.0`);
    expect(await issuerAt('organizations')).toBe(`${entra.origin}/cloud/{tenantid}/v2.0`);
    expect(await issuerAt(FABRIKAM)).toBe(entra.issuerOf(FABRIKAM));
    expect(await issuerAt('consumers')).toBe(entra.issuerOf(CONSUMERS));
    expect(await read(through('4d1bd1c9-1111-4111-8111-111111111111').metadataUrl)).toMatchObject({
      error: 'invalid_tenant',
    });
  });

  test('each key says whose tokens it may sign, and personal accounts have their own', async () => {
    const { keys } = await read(`${entra.authority}/common/discovery/v2.0/keys`);
    const template = { issuer: entra.issuerOf('{tenantid}') };
    expect(keys).toMatchObject([template, template, { issuer: entra.issuerOf(CONSUMERS) }]);
    entra.signsInAs('pia');
    const provider = through('consumers', CONSUMERS);
    const signedIn = await signIn(provider);
    expect(await verified(signedIn, provider)).toMatchObject({ tid: CONSUMERS });
    expect(keys).toMatchObject([{}, {}, { kid: decodeProtectedHeader(signedIn.idToken).kid }]);
  });
});

describe('who is admitted', () => {
  test.each([
    ['a personal account', 'pia', 'organizations'],
    ['a work account', 'ada', 'consumers'],
    ['a stranger', 'fay', CONTOSO],
    ['a personal account', 'pia', CONTOSO],
  ])('%s (%s) is stuck at %s', async (_, key, directory) => {
    const going = departure(`${entra.authority}/${directory}/oauth2/v2.0/authorize`, entra.clientId);
    const stuck = await click(going, { person: key });
    expect(stuck).toMatchObject({ status: 400, target: undefined });
    expect(stuck.page).toContain('AADSTS50020');
  });

  test('a code is good in the directory that issued it alone', async () => {
    entra.signsInAs('ada');
    const going = departure(`${entra.authority}/common/oauth2/v2.0/authorize`, entra.clientId);
    const code = (await arrival(going)).params.get('code') ?? '';
    const endpoint = `${entra.authority}/${CONTOSO}/oauth2/v2.0/token`;
    const answer = await tokenRequest({ endpoint, client: entra, code, verifier: going.verifier });
    expect(await fields(answer)).toMatchObject({ error: 'invalid_grant', error_codes: [700005] });
  });
});

describe('refusals', () => {
  const exchange = (changes: Partial<Parameters<typeof tokenRequest>[0]> = {}) =>
    tokenRequest({
      endpoint: `${entra.authority}/common/oauth2/v2.0/token`,
      client: entra,
      code: 'guessed',
      verifier: 'x',
      ...changes,
    });

  test('a wrong secret is AADSTS7000215', async () => {
    const answer = await exchange({ client: { ...entra, clientSecret: 'wrong' } });
    expect(answer.status).toBe(401);
    expect(await fields(answer)).toMatchObject({
      error: 'invalid_client',
      error_description: expect.stringContaining('AADSTS7000215') as string,
      error_codes: [7000215],
    });
  });

  test('a cancelled sign-in comes back as AADSTS65004', async () => {
    const going = departure(`${entra.authority}/common/oauth2/v2.0/authorize`, entra.clientId);
    const { params } = await click(going, { cancel: '1' });
    expect(params.get('error')).toBe('access_denied');
    expect(params.get('error_description')).toContain('AADSTS65004');
    expect(params.get('error_uri')).toContain('65004');
    expect(params.get('state')).toBe(going.state);
  });
});

test('one key signs for one provider alone', async () => {
  const other = await startEntra();
  entra.signsInAs('ada');
  const { idToken } = await signIn(through('common'));
  const keys = createRemoteJWKSet(new URL(`${other.authority}/common/discovery/v2.0/keys`));
  await expect(jwtVerify(idToken, keys)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  await other.close();
});
