import { startGoogle } from '@gatehouse/stand-ins';
import type { GooglePerson, OidcStandIn } from '@gatehouse/stand-ins';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { companyAt, googleAt } from './brands.ts';
import { expectError, refusalOf, signIn } from './journey.ts';

let google: OidcStandIn;
beforeAll(async () => {
  google = await startGoogle();
});
afterEach(() => {
  google.misbehave.clear();
  google.journal.clear();
});
afterAll(() => google.close());

function person(changes: Partial<GooglePerson>): GooglePerson {
  return {
    ...{ key: 'vic', sub: '108120436017923460099', name: 'Vic', givenName: 'Vic', familyName: 'Tim' },
    ...{ email: 'vic@corp.example', isEmailVerified: true },
    ...changes,
  };
}

describe('what Google vouches for', () => {
  test.each<{ name: string; changes: Partial<GooglePerson>; email: object }>([
    {
      name: 'Q-16 a consumer account under a company’s address: read once, and no more',
      changes: {},
      email: { kind: 'verified', address: 'vic@corp.example', authoritative: false },
    },
    {
      name: 'Q-17 an account of the company’s Workspace: for good',
      changes: { hd: 'corp.example' },
      email: { kind: 'verified', address: 'vic@corp.example', authoritative: true },
    },
    {
      name: 'Q-17 an account of another Workspace: no more than anybody',
      changes: { hd: 'other.example' },
      email: { kind: 'verified', address: 'vic@corp.example', authoritative: false },
    },
    {
      name: 'Q-18 a domain that merely begins like the Workspace’s: no more than anybody',
      changes: { hd: 'corp.example', email: 'vic@corp.example.evil.test' },
      email: { kind: 'verified', address: 'vic@corp.example.evil.test', authoritative: false },
    },
    {
      name: 'Q-18 a domain below the Workspace’s: no more than anybody',
      changes: { hd: 'corp.example', email: 'vic@sub.corp.example' },
      email: { kind: 'verified', address: 'vic@sub.corp.example', authoritative: false },
    },
    {
      name: 'gmail.com: for good',
      changes: { email: 'Vic.Tim@GMAIL.com' },
      email: { kind: 'verified', address: 'vic.tim@gmail.com', authoritative: true },
    },
    {
      name: 'an address that nobody verified: claimed, on the Workspace’s domain too',
      changes: { hd: 'corp.example', isEmailVerified: false },
      email: { kind: 'claimed', address: 'vic@corp.example' },
    },
  ])('$name', async ({ changes, email }) => {
    google.people.add(person(changes));
    google.signsInAs('vic');
    await expect(signIn(googleAt(google))).resolves.toMatchObject({
      issuer: google.issuer,
      subject: '108120436017923460099',
      email,
    });
    expect(google.journal.count('userinfo')).toBe(0);
  });

  test('a company’s own provider is authoritative for nobody', async () => {
    google.people.add(person({ hd: 'corp.example' }));
    google.signsInAs('vic');
    const { email } = await signIn(companyAt(google));
    expect(email).toEqual({ kind: 'verified', address: 'vic@corp.example', authoritative: false });
  });
});

describe('an ID token without an address', () => {
  test('has userinfo asked for it', async () => {
    google.signsInAs('ada');
    google.misbehave('no_email_in_id_token');
    const { email } = await signIn(googleAt(google));
    expect(email).toEqual({ kind: 'verified', address: 'ada@acme.example', authoritative: true });
    expect(google.journal.count('userinfo')).toBe(1);
  });

  test('P-21 and userinfo of somebody else is refused', async () => {
    google.signsInAs('ada');
    google.misbehave('no_email_in_id_token');
    google.misbehave('userinfo_wrong_subject');
    const error = await refusalOf(googleAt(google));
    expectError(error, 'provider_refused', 'userinfo_subject_mismatch');
    expect(error.trace.steps().at(-1)).toMatchObject({ name: 'userinfo', outcome: 'failed' });
  });
});

test('X-12 a provider that hangs holds up nobody at another one', async () => {
  const other = await startGoogle();
  try {
    google.signsInAs('ada');
    other.signsInAs('gina');
    const [hanging, healthy] = [googleAt(google, { budgetMs: 3000 }), googleAt(other)];
    await signIn(healthy);
    google.misbehave('token_hang');
    const stuck = refusalOf(hanging);
    const startedAt = performance.now();
    for (let round = 0; round < 5; round += 1) await signIn(healthy);
    expect(performance.now() - startedAt).toBeLessThan(2500);
    expectError(await stuck, 'provider_unavailable', 'timeout');
  } finally {
    await other.close();
  }
});
