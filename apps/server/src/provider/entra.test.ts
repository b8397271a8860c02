import { expect, test } from 'vitest';
import { AppError } from '../kernel/errors.ts';
import { Secret } from '../kernel/secret.ts';
import { entraRules } from './entra.ts';

const authority = 'https://login.cloud.example/path';
const contoso = '3f6d2a51-8c1e-4b7a-9d35-0c5e7b1f4a10';
const fabrikam = 'b87e40c9-15d2-4f6e-a0b4-7d92c6e8f321';
const consumers = '9188040d-6c67-4c5b-b112-36a304b66dad';
const issuerOf = (directory: string) => `${authority}/${directory}/v2.0`;

function rulesOf(directory: string, emailDomains: readonly string[] = []) {
  return entraRules({
    issuer: issuerOf(directory),
    clientId: 'c',
    clientSecret: new Secret('s'),
    emailDomains,
  });
}

type Told = { readonly tid?: unknown; readonly iss?: unknown; readonly ver?: unknown };

function issuer(directory: string, told: Told, keyIssuer?: string): string {
  const claims = { ver: '2.0', tid: contoso, iss: issuerOf(contoso), ...told };
  try {
    return rulesOf(directory).issuerOf(claims, {
      jwk: {},
      ...(keyIssuer === undefined ? {} : { issuer: keyIssuer }),
    });
  } catch (error) {
    if (error instanceof AppError) return error.context.finding ?? '';
    throw error;
  }
}

test.each<{ name: string; directory: string; told: Told; key?: string; result: string }>([
  { name: 'its own directory', directory: contoso, told: {}, result: issuerOf(contoso) },
  {
    name: 'its own directory in capitals',
    directory: contoso,
    told: { tid: contoso.toUpperCase(), iss: issuerOf(contoso.toUpperCase()) },
    result: issuerOf(contoso),
  },
  {
    name: 'another directory',
    directory: contoso,
    told: { tid: fabrikam, iss: issuerOf(fabrikam) },
    result: 'directory_mismatch',
  },
  {
    name: 'any directory',
    directory: 'common',
    told: { tid: fabrikam, iss: issuerOf(fabrikam) },
    result: issuerOf(fabrikam),
  },
  {
    name: 'a tid that the issuer contradicts',
    directory: 'common',
    told: { tid: fabrikam },
    result: 'issuer_mismatch',
  },
  {
    name: 'a tid that is a name',
    directory: 'common',
    told: { tid: 'x', iss: issuerOf('x') },
    result: 'directory_missing',
  },
  {
    name: 'a tid that is a list',
    directory: 'common',
    told: { tid: [contoso] },
    result: 'directory_missing',
  },
  {
    name: 'the template itself',
    directory: 'common',
    told: { iss: issuerOf('{tenantid}') },
    result: 'issuer_mismatch',
  },
  {
    name: 'another authority',
    directory: 'common',
    told: { iss: `https://login.evil.example/path/${contoso}/v2.0` },
    result: 'issuer_mismatch',
  },
  {
    name: 'an authority in other letter case',
    directory: 'common',
    told: { iss: `https://login.cloud.example/PATH/${contoso}/v2.0` },
    result: 'issuer_mismatch',
  },
  { name: 'version 1.0', directory: 'common', told: { ver: '1.0' }, result: 'token_version_refused' },
  { name: 'version 2.0 as a number', directory: 'common', told: { ver: 2 }, result: 'token_version_refused' },
  {
    name: 'a personal account among organizations',
    directory: 'organizations',
    told: { tid: consumers, iss: issuerOf(consumers) },
    result: 'directory_mismatch',
  },
  { name: 'a work account among consumers', directory: 'consumers', told: {}, result: 'directory_mismatch' },
  {
    name: 'a key for every directory',
    directory: 'common',
    told: {},
    key: issuerOf('{tenantid}'),
    result: issuerOf(contoso),
  },
  {
    name: 'a key of this directory',
    directory: 'common',
    told: {},
    key: issuerOf(contoso),
    result: issuerOf(contoso),
  },
  {
    name: 'a key of personal accounts',
    directory: 'common',
    told: {},
    key: issuerOf(consumers),
    result: 'key_issuer_mismatch',
  },
  {
    name: 'a key of personal accounts for a personal account',
    directory: 'common',
    told: { tid: consumers, iss: issuerOf(consumers) },
    key: issuerOf(consumers),
    result: issuerOf(consumers),
  },
])('a connection to $directory, shown $name: $result', ({ directory, told, key, result }) => {
  expect(issuer(directory, told, key)).toBe(result);
});

test.each([
  { form: true, kind: 'verified' },
  { form: 1, kind: 'verified' },
  { form: '1', kind: 'verified' },
  { form: 'true', kind: 'verified' },
  { form: 'True', kind: 'claimed' },
  { form: 'TRUE', kind: 'claimed' },
  { form: false, kind: 'claimed' },
  { form: 0, kind: 'claimed' },
  { form: '0', kind: 'claimed' },
  { form: 'yes', kind: 'claimed' },
  { form: [true], kind: 'claimed' },
  { form: null, kind: 'claimed' },
  { form: undefined, kind: 'claimed' },
])('Q-08 xms_edov $form: $kind', ({ form, kind }) => {
  const email = rulesOf('common').emailOf({
    email: 'ada@contoso.example',
    xms_edov: form,
    email_verified: true,
  });
  expect(email).toMatchObject({ kind });
});

test.each([
  { name: 'a member', told: {}, kind: 'verified' },
  { name: 'a member who says so', told: { acct: 0 }, kind: 'verified' },
  {
    name: 'a member signed in by this directory',
    told: { idp: `https://sts.windows.net/${contoso}/` },
    kind: 'verified',
  },
  { name: 'a guest who says so', told: { acct: 1 }, kind: 'claimed' },
  {
    name: 'somebody of another directory',
    told: { idp: `https://sts.windows.net/${fabrikam}/` },
    kind: 'claimed',
  },
  { name: 'somebody of another provider', told: { idp: 'live.com' }, kind: 'claimed' },
  { name: 'somebody with a guest’s name', told: { upn: 'ada_x#ext#@contoso.example' }, kind: 'claimed' },
  { name: 'an address below the domain', told: { email: 'ada@sub.contoso.example' }, kind: 'claimed' },
  { name: 'an address without a mailbox name', told: { email: '@contoso.example' }, kind: 'none' },
  {
    name: 'no address but a user name',
    told: { email: undefined, preferred_username: 'ada@contoso.example' },
    kind: 'none',
  },
])('the operator’s own domain, and $name: $kind', ({ told, kind }) => {
  const claims = { email: 'ada@contoso.example', tid: contoso, iss: issuerOf(contoso), ...told };
  expect(rulesOf(contoso, ['contoso.example']).emailOf(claims).kind).toBe(kind);
  expect(rulesOf('common', ['contoso.example']).emailOf(claims).kind).not.toBe('verified');
});

test.each([
  { oid: 'C0A80101-0000-4000-8000-000000000001', subject: 'c0a80101-0000-4000-8000-000000000001' },
  { oid: undefined, subject: 'object_id_missing' },
  { oid: 'ada', subject: 'object_id_malformed' },
])('the object id $oid is the subject $subject', ({ oid, subject }) => {
  let told: string | undefined;
  try {
    told = rulesOf('common').subjectOf({ oid, sub: 'pairwise' });
  } catch (error) {
    if (error instanceof AppError) told = error.context.finding;
  }
  expect(told).toBe(subject);
});
