import { CONSUMERS, CONTOSO, FABRIKAM, startEntra } from '@gatehouse/stand-ins';
import type { EntraFault, EntraStandIn } from '@gatehouse/stand-ins';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { entraAt } from './brands.ts';
import { expectError, refusalOf, signIn, travel } from './journey.ts';

describe.each([
  { place: 'at the top of its host', pathPrefix: '' },
  { place: 'below a path', pathPrefix: '/national/cloud' },
])('an Entra authority $place', ({ pathPrefix }) => {
  let entra: EntraStandIn;
  beforeAll(async () => {
    entra = await startEntra({ pathPrefix });
  });
  afterEach(() => {
    entra.misbehave.clear();
    entra.journal.clear();
  });
  afterAll(() => entra.close());

  test('Q-01 a person of any directory signs in at /common, and is their object id in that directory', async () => {
    const provider = entraAt(entra, 'common');
    entra.signsInAs('fay');
    await expect(signIn(provider)).resolves.toEqual({
      issuer: `${entra.authority}/${FABRIKAM}/v2.0`,
      subject: 'fab00101-0000-4000-8000-000000000001',
      displayName: 'Fay Fernández',
      email: { kind: 'verified', address: 'fay@fabrikam.example', authoritative: true },
    });
    entra.signsInAs('pia');
    await expect(signIn(provider)).resolves.toMatchObject({
      issuer: `${entra.authority}/${CONSUMERS}/v2.0`,
      email: { kind: 'claimed', address: 'pia@outlook.example' },
    });
    expect(entra.journal.count('userinfo')).toBe(0);
  });

  test.each<{ name: string; fault: EntraFault; finding: string }>([
    {
      name: 'Q-02 a tid of another directory than the issuer',
      fault: 'tid_mismatch',
      finding: 'issuer_mismatch',
    },
    { name: 'Q-02 no tid', fault: 'missing_tid', finding: 'directory_missing' },
    {
      name: 'Q-04 a work account under a key of personal accounts',
      fault: 'consumer_key',
      finding: 'key_issuer_mismatch',
    },
    { name: 'Q-05 a token of version 1.0', fault: 'v1_token', finding: 'token_version_refused' },
  ])('$name is refused, at /common and at the directory', async ({ fault, finding }) => {
    entra.signsInAs('ada');
    for (const directory of ['common', CONTOSO]) {
      const provider = entraAt(entra, directory);
      entra.misbehave(fault, 'once');
      expectError(await refusalOf(provider), 'provider_refused', finding);
      await expect(signIn(provider)).resolves.toMatchObject({ displayName: 'Ada Byron' });
    }
  });

  test('a person of another directory does not come in by the door of one', async () => {
    entra.signsInAs('ada');
    const contoso = await travel(entraAt(entra, CONTOSO));
    expect(contoso.callback.searchParams.has('code')).toBe(true);
    entra.signsInAs('fay');
    await expect(travel(entraAt(entra, CONTOSO))).rejects.toThrow('AADSTS50020');
  });

  test('/organizations takes work accounts, /consumers takes personal ones', async () => {
    entra.signsInAs('ada');
    await expect(signIn(entraAt(entra, 'organizations'))).resolves.toMatchObject({
      displayName: 'Ada Byron',
    });
    entra.signsInAs('pia');
    await expect(signIn(entraAt(entra, 'consumers'))).resolves.toMatchObject({ displayName: 'Pia Personal' });
  });

  test.each([
    { person: 'ada', form: true, kind: 'verified' },
    { person: 'ben', form: 1, kind: 'verified' },
    { person: 'cleo', form: '"1"', kind: 'verified' },
    { person: 'dov', form: '"true"', kind: 'verified' },
    { person: 'eve', form: false, kind: 'claimed' },
    { person: 'finn', form: 'absent', kind: 'claimed' },
    { person: 'nora', form: 'absent, without an address', kind: 'none' },
  ])('Q-08 xms_edov $form makes an address $kind', async ({ person, kind }) => {
    entra.signsInAs(person);
    const { email } = await signIn(entraAt(entra, 'common'));
    expect(email.kind).toBe(kind);
    if (email.kind === 'verified') expect(email.authoritative).toBe(true);
  });

  test('the operator’s own domains verify the addresses of the one directory, guests excepted', async () => {
    const emailDomains = ['Contoso.Example', 'fabrikam.example'];
    const provider = entraAt(entra, CONTOSO, { emailDomains });
    entra.signsInAs('finn');
    expect((await signIn(provider)).email).toEqual({
      kind: 'verified',
      address: 'finn@contoso.example',
      authoritative: true,
    });
    entra.signsInAs('gus');
    expect((await signIn(provider)).email).toEqual({ kind: 'claimed', address: 'gus@fabrikam.example' });
    entra.signsInAs('eve');
    expect((await signIn(provider)).email).toEqual({ kind: 'claimed', address: 'ada@acme.example' });
    entra.signsInAs('finn');
    const shared = await signIn(entraAt(entra, 'common', { emailDomains }));
    expect(shared.email).toEqual({ kind: 'claimed', address: 'finn@contoso.example' });
  });

  test('Q-10 the same object id in two directories is two people', async () => {
    const provider = entraAt(entra, 'common');
    entra.signsInAs('tom-contoso');
    const one = await signIn(provider);
    entra.signsInAs('tom-fabrikam');
    const other = await signIn(provider);
    expect(other.subject).toBe(one.subject);
    expect(other.issuer).not.toBe(one.issuer);
  });

  test('Q-12 a person who is renamed stays the same person', async () => {
    const provider = entraAt(entra, 'common');
    entra.people.add({
      key: 'mia',
      tid: CONTOSO,
      oid: 'c0a80101-0000-4000-8000-00000000aaaa',
      name: 'Mia Before',
      preferredUsername: 'before@contoso.example',
      email: 'before@contoso.example',
      xmsEdov: true,
    });
    entra.signsInAs('mia');
    const before = await signIn(provider);
    const after = {
      name: 'Mia After',
      preferredUsername: 'after@contoso.example',
      email: 'after@contoso.example',
    };
    entra.people.change('mia', after);
    const { issuer, subject, displayName } = await signIn(provider);
    expect({ issuer, subject }).toEqual({ issuer: before.issuer, subject: before.subject });
    expect(displayName).toBe('Mia After');
  });

  test('an expired client secret is named for administrators', async () => {
    entra.signsInAs('ada');
    entra.misbehave('expired_secret', 'once');
    const error = await refusalOf(entraAt(entra, 'common'));
    expectError(error, 'provider_misconfigured', 'client_secret_expired');
    entra.misbehave('invalid_client', 'once');
    expectError(await refusalOf(entraAt(entra, 'common')), 'provider_misconfigured', 'client_secret_wrong');
  });

  test('P-43 a person who stops at the consent page comes back denied', async () => {
    entra.signsInAs('ada');
    entra.misbehave('deny', 'once');
    expectError(await refusalOf(entraAt(entra, CONTOSO)), 'provider_denied', 'access_denied');
  });
});
