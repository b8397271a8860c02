import { describe, expect } from 'vitest';
import { addGooglePerson, countAll, meOf, signInAs } from '../support/people.ts';
import { test } from '../support/world.ts';
import type { World } from '../support/world.ts';

const acme = '/api/v1/companies/acme';

describe('who becomes the first admin', () => {
  test('the first verified address that comes, and nobody after', async ({ w }) => {
    const ada = await signInAs(w, 'google', 'ada');
    const gina = await signInAs(w, 'google', 'gina');
    expect((await meOf(ada)).companies).toMatchObject([{ slug: 'acme', role: 'admin' }]);
    expect((await meOf(gina)).companies).toEqual([]);
  });

  test('never an unverified address', async ({ w }) => {
    const uma = await signInAs(w, 'google', 'uma');
    expect(await meOf(uma)).toMatchObject({ companies: [], user: { email: null } });
    expect((await meOf(await signInAs(w, 'google', 'ada'))).companies).toHaveLength(1);
  });

  test('only the bootstrap address, where one is configured', async ({ w }) => {
    await w.start({ CLOUDGRID_AUTH_BOOTSTRAP_EMAIL: 'Gina@Gmail.com' });
    expect((await meOf(await signInAs(w, 'google', 'ada'))).companies).toEqual([]);
    expect((await meOf(await signInAs(w, 'google', 'gina'))).companies).toMatchObject([{ role: 'admin' }]);
  });

  test('not again after the first one has gone', async ({ w }) => {
    await signInAs(w, 'google', 'ada');
    await w.sql('delete from members');
    expect((await meOf(await signInAs(w, 'google', 'gina'))).companies).toEqual([]);
  });

  test('of no company where the deployment names none', async ({ w }) => {
    await w.start({ CLOUDGRID_AUTH_COMPANY_ID: undefined });
    expect((await meOf(await signInAs(w, 'google', 'ada'))).companies).toEqual([]);
    expect(await w.count('members')).toBe(0);
  });
});

describe('whose account it is', () => {
  test('Q-25 GitHub: the numeric id, whoever bears the login or the address now', async ({ w }) => {
    const before = await meOf(await signInAs(w, 'github', 'ada'));
    w.github.people.change('ada', { login: 'ada-lovelace', name: 'Ada Lovelace' });
    w.github.people.add({
      key: 'imposter',
      id: 999,
      login: 'ada',
      name: 'Not Ada',
      publicEmail: null,
      emails: [{ email: 'imposter@evil.example', primary: true, verified: true, visibility: null }],
    });
    const renamed = await meOf(await signInAs(w, 'github', 'ada'));
    const imposter = await meOf(await signInAs(w, 'github', 'imposter'));
    expect(renamed.user).toMatchObject({ id: before.user.id, displayName: 'Ada Lovelace' });
    expect(imposter.user.id).not.toBe(before.user.id);
    w.github.people.change('ada', { login: 'ada', name: 'Ada Byron' });
  });

  test('Q-10 L-12 the same person’s id in two directories is two people', async ({ w }) => {
    await w.start({
      CLOUDGRID_AUTH_AZURE_ISSUER: w.entra.issuerOf('common'),
    });
    const here = await meOf(await signInAs(w, 'azure', 'tom-contoso'));
    const there = await meOf(await signInAs(w, 'azure', 'tom-fabrikam'));
    expect(here.user.id).not.toBe(there.user.id);
    const subjects = await w.sql('select distinct subject from identities');
    expect(subjects).toHaveLength(1);
  });

  test('Q-12 Microsoft: who was renamed and moved to a new address is the same person', async ({ w }) => {
    const before = await meOf(await signInAs(w, 'azure', 'ben'));
    w.entra.people.change('ben', {
      name: 'Benjamin Å',
      preferredUsername: 'benjamin@contoso.example',
      email: 'benjamin@contoso.example',
    });
    const after = await meOf(await signInAs(w, 'azure', 'ben'));
    expect(after.user).toEqual({
      id: before.user.id,
      displayName: 'Benjamin Å',
      email: 'benjamin@contoso.example',
    });
    w.entra.people.change('ben', { email: 'unproven@contoso.example', xmsEdov: false });
    expect((await meOf(await signInAs(w, 'azure', 'ben'))).user.email).toBe(null);
    expect(
      await w.sql(`select reason from audit_events where type = 'identity.profile_changed' order by reason`),
    ).toEqual([{ reason: 'address' }, { reason: 'address' }, { reason: 'name' }]);
  });

  test.for([
    ['ada', 'true', 'ada@contoso.example'],
    ['ben', '1', 'ben@contoso.example'],
    ['cleo', '"1"', 'cleo@contoso.example'],
    ['dov', '"true"', 'dov@contoso.example'],
    ['eve', 'false', null],
    ['finn', 'absent', null],
    ['nora', 'absent, and no address', null],
    ['gus', 'absent, a guest', null],
  ] as const)(
    'Q-08 Microsoft: %s’s address counts as verified with xms_edov %s: %s',
    async ([key, , email], { w, standIns }) => {
      standIns.entra.people.change('ben', { email: 'ben@contoso.example', xmsEdov: 1 });
      expect((await meOf(await signInAs(w, 'azure', key))).user.email).toBe(email);
    },
  );

  test('Microsoft: an address of a domain that the directory owns is verified, a guest’s never', async ({
    w,
  }) => {
    await w.start({ CLOUDGRID_AUTH_AZURE_EMAIL_DOMAINS: 'contoso.example,fabrikam.example' });
    expect((await meOf(await signInAs(w, 'azure', 'finn'))).user.email).toBe('finn@contoso.example');
    expect((await meOf(await signInAs(w, 'azure', 'gus'))).user.email).toBe(null);
  });

  test('Q-21 GitHub: a private address is read where addresses are, Q-24 on the second page too', async ({
    w,
  }) => {
    expect((await meOf(await signInAs(w, 'github', 'linus'))).user.email).toBe('linus@kernel.example');
    expect((await meOf(await signInAs(w, 'github', 'many'))).user.email).toBe('many@acme.example');
  });

  test('Q-22 GitHub: a primary address that is not verified is nobody’s', async ({ w }) => {
    const grace = await meOf(await signInAs(w, 'github', 'grace'));
    expect(grace.user.email).toBe(null);
    expect(grace.user.displayName).toMatch(/^Grace Brewster/);
    expect((await meOf(await signInAs(w, 'github', 'grace'))).user.id).toBe(grace.user.id);
  });
});

describe('invitations', () => {
  async function invite(w: World, email: string) {
    const ada = await signInAs(w, 'google', 'ada');
    const slug = `p-${email.replaceAll(/[^a-z]/g, '').slice(0, 12)}`;
    expect((await ada.post(`${acme}/projects`, { slug, name: 'Project' })).status).toBe(201);
    const invited = await ada.post(`${acme}/invitations`, {
      emails: [email],
      grants: [{ project: slug, role: 'editor' }],
    });
    expect(invited.json()).toMatchObject({ results: [{ email, outcome: 'invited' }] });
    return { ada, slug };
  }

  test('are accepted by a verified address, with what they promise', async ({ w }) => {
    const { slug } = await invite(w, 'linus@kernel.example');
    expect((await meOf(await signInAs(w, 'github', 'linus'))).companies).toMatchObject([
      { slug: 'acme', role: 'user', projects: [{ slug, role: 'editor', status: 'active' }] },
    ]);
    expect(await w.count(`audit_events where type = 'invitation.accepted'`)).toBe(1);
  });

  test('I-02 are not by an unverified one', async ({ w }) => {
    await invite(w, 'finn@contoso.example');
    expect(await meOf(await signInAs(w, 'azure', 'finn'))).toMatchObject({ companies: [], invitations: [] });
    expect(await w.sql('select status from invitations')).toEqual([{ status: 'pending' }]);
  });

  test('Q-28 are not by a noreply address for another one', async ({ w }) => {
    await invite(w, 'nomail@acme.example');
    expect((await meOf(await signInAs(w, 'github', 'nomail'))).companies).toEqual([]);
  });

  test('are accepted by somebody who was here before they were made', async ({ w }) => {
    const before = await meOf(await signInAs(w, 'google', 'gina'));
    await w.sql('delete from members');
    await w.sql('update companies set first_admin_claimed_at = null');
    await invite(w, 'gina@gmail.com');
    const after = await meOf(await signInAs(w, 'google', 'gina'));
    expect(after.user.id).toBe(before.user.id);
    expect(after.companies).toMatchObject([{ slug: 'acme', role: 'user' }]);
  });

  test('R-03 by twenty sign-ins at once make one membership', async ({ w }) => {
    await invite(w, 'linus@kernel.example');
    w.github.signsInAs('linus');
    const answers = await Promise.all(Array.from({ length: 20 }, () => w.newBrowser().signIn('github')));
    for (const answer of answers) expect(answer).toRedirectTo('/');
    expect(await w.count('members')).toBe(2);
    expect(await w.count(`audit_events where type = 'invitation.accepted'`)).toBe(1);
  });

  test('past their time are worth nothing', async ({ w }) => {
    await invite(w, 'linus@kernel.example');
    w.clock.advance(15 * 24 * 60 * 60_000);
    expect((await meOf(await signInAs(w, 'github', 'linus'))).companies).toEqual([]);
  });
});

describe('who may not', () => {
  test('L-17 a disabled user is refused by each way, and the running session is over', async ({ w }) => {
    const ada = await signInAs(w, 'google', 'ada');
    await signInAs(w, 'azure', 'ada');
    await w.sql(`update users set status = 'disabled'`);
    expect(await ada.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
    for (const provider of ['google', 'azure'] as const) {
      const before = await countAll(w);
      expect(await w.newBrowser().signIn(provider)).toBeRefusedWith('account_disabled');
      expect(await countAll(w)).toEqual(before);
    }
    w.github.signsInAs('ada');
    expect(await w.newBrowser().signIn('github')).toBeRefusedWith('link_required'); // no answer says that the account is disabled
  });

  test('L-16 a provider that is taken from the list: what was begun with it ends nowhere', async ({ w }) => {
    w.github.signsInAs('ada');
    const { callback } = await w.browser.beginSignIn('github');
    await w.start({ CLOUDGRID_AUTH_PROVIDERS: 'google' });
    expect(await callback()).toBeRefusedWith('provider_unknown');
    expect(w.github.journal.count('token')).toBe(0);
  });

  test('restricted: a verified address of an allowed domain, nobody else, and nothing is written', async ({
    w,
  }) => {
    await w.start({ AUTH_POLICY: 'restricted', AUTH_ALLOWED_EMAIL_DOMAINS: 'ACME.example, bücher.example' });
    expect((await w.browser.get('/auth/providers')).json()).toMatchObject({ policy: 'restricted' });
    await signInAs(w, 'google', 'ada');
    addGooglePerson(w, 'look-alike', {
      email: 'user@acme.example.evil.example',
      hd: 'acme.example',
      sub: '4000',
    });
    const refused = [
      ['google', 'gina', 'email_domain_not_allowed'],
      ['google', 'look-alike', 'email_domain_not_allowed'],
      ['google', 'uma', 'email_unverified'],
      ['azure', 'eve', 'email_unverified'],
      ['github', 'grace', 'email_unverified'],
    ] as const;
    for (const [provider, key, code] of refused) {
      const before = await countAll(w);
      ({ github: w.github, google: w.google, azure: w.entra })[provider].signsInAs(key);
      expect(await w.newBrowser().signIn(provider), key).toBeRefusedWith(code);
      expect(await countAll(w)).toEqual(before);
    }
  });
});
