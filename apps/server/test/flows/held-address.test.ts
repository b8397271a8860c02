import { describe, expect } from 'vitest';
import { referenceOf } from '../support/matchers.ts';
import { addGooglePerson, countAll, meOf, signInAs } from '../support/people.ts';
import { test } from '../support/world.ts';

describe('an address that an account holds already', () => {
  test('Q-16 a Google account on somebody’s company address does not enter the company’s account', async ({
    w,
  }) => {
    const ada = await meOf(await signInAs(w, 'github', 'ada'));
    addGooglePerson(w, 'consumer-ada', { email: 'ada@acme.example', sub: '3000' });
    w.google.signsInAs('consumer-ada');
    const answer = await w.browser.signIn('google');
    expect(answer).toBeRefusedWith('link_required');
    expect(await w.browser.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
    expect(await countAll(w)).toMatchObject({ users: 1, identities: 1 });
    expect(ada.user.email).toBe('ada@acme.example');
  });

  test('as an API call the refusal is 409', async ({ w }) => {
    await signInAs(w, 'google', 'ada');
    w.github.signsInAs('ada');
    const { callbackUrl } = await w.browser.beginSignIn('github');
    expect(await w.browser.get(callbackUrl)).toBeProblem(409, 'link_required');
  });

  test('Google that runs the mailbox finds it, and links', async ({ w }) => {
    const github = await meOf(await signInAs(w, 'github', 'ada'));
    const google = await meOf(await signInAs(w, 'google', 'ada'));
    expect(google.user.id).toBe(github.user.id);
    expect(await w.count(`audit_events where type = 'identity.linked'`)).toBe(1);
  });

  test('GitHub does not; signing in to that account in the same browser within ten minutes links the two', async ({
    w,
  }) => {
    const google = await meOf(await signInAs(w, 'google', 'ada'));
    w.github.signsInAs('ada');
    expect(await w.browser.signIn('github')).toBeRefusedWith('link_required');
    expect(await w.count('identities')).toBe(1);
    await signInAs(w, 'google', 'ada', w.browser);
    expect((await meOf(await signInAs(w, 'github', 'ada'))).user.id).toBe(google.user.id);
  });

  test('but not in another browser, not after ten minutes, and not to another account', async ({ w }) => {
    await signInAs(w, 'google', 'ada');
    w.github.signsInAs('ada');
    expect(await w.browser.signIn('github')).toBeRefusedWith('link_required');
    await signInAs(w, 'google', 'ada', w.otherBrowser);
    await signInAs(w, 'google', 'gina', w.browser);
    w.clock.advance(10 * 60_000 + 1_000);
    await signInAs(w, 'google', 'ada', w.browser);
    expect(await w.count('identities')).toBe(2);
    expect(await w.newBrowser().signIn('github')).toBeRefusedWith('link_required');
  });

  test('Q-20 the same address under a new identity of the same provider has changed hands', async ({ w }) => {
    addGooglePerson(w, 'old', { email: 'boss@lapsed.example', hd: 'lapsed.example', sub: '1000' });
    addGooglePerson(w, 'new', { email: 'boss@lapsed.example', hd: 'lapsed.example', sub: '2000' });
    const old = await meOf(await signInAs(w, 'google', 'old'));
    const before = await countAll(w);
    w.google.signsInAs('new');
    const answer = await w.browser.signIn('google');
    expect(answer).toBeRefusedWith('identity_conflict');
    expect(await countAll(w)).toEqual({ ...before, user_emails: 0 });
    expect(
      await w.count(
        `audit_events where reason = 'identity_conflict' and reference = '${referenceOf(answer)}'`,
      ),
    ).toBe(1);
    expect(await w.count(`audit_events where reason = 'address_contested'`)).toBe(1);
    const fresh = await meOf(await signInAs(w, 'google', 'new'));
    expect(fresh).toMatchObject({ companies: [], user: { email: 'boss@lapsed.example' } });
    expect(fresh.user.id).not.toBe(old.user.id);
  });

  test('Q-20 and whoever is invited to it anew is the new holder, not the old one by another way', async ({
    w,
  }) => {
    const admin = await signInAs(w, 'google', 'gina');
    addGooglePerson(w, 'old', { email: 'ada@acme.example', hd: 'acme.example', sub: '1000' });
    addGooglePerson(w, 'new', { email: 'ada@acme.example', hd: 'acme.example', sub: '2000' });
    await signInAs(w, 'google', 'old');
    w.github.signsInAs('ada');
    expect(await w.browser.signIn('github')).toBeRefusedWith('link_required');
    await signInAs(w, 'google', 'old', w.browser);
    w.google.signsInAs('new');
    expect(await w.otherBrowser.signIn('google')).toBeRefusedWith('identity_conflict');
    await admin.post('/api/v1/companies/acme/invitations', { emails: ['ada@acme.example'], grants: [] });
    w.github.people.change('ada', {
      emails: [{ email: 'ada@home.example', primary: true, verified: false, visibility: null }],
    });
    const oldHolder = await meOf(await signInAs(w, 'github', 'ada'));
    w.github.people.change('ada', {
      emails: [{ email: 'ada@acme.example', primary: true, verified: true, visibility: null }],
    });
    expect(oldHolder).toMatchObject({ companies: [], invitations: [], user: { email: null } });
    expect((await meOf(await signInAs(w, 'google', 'new'))).companies).toMatchObject([{ slug: 'acme' }]);
  });

  test('an address that a provider no longer names is its account’s no more', async ({ w }) => {
    await signInAs(w, 'github', 'linus');
    w.github.people.change('linus', {
      emails: [{ email: 'linus@new.example', primary: true, verified: false, visibility: null }],
    });
    const me = await meOf(await signInAs(w, 'github', 'linus'));
    w.github.people.change('linus', {
      emails: [{ email: 'linus@kernel.example', primary: true, verified: true, visibility: null }],
    });
    expect(me.user.email).toBe(null);
  });

  test('says nothing for a known identity that names it too: no first admin, no allowed domain', async ({
    w,
  }) => {
    await w.start({ CLOUDGRID_AUTH_BOOTSTRAP_EMAIL: 'ada@acme.example' });
    addGooglePerson(w, 'mallory', { email: 'mallory@evil.example', sub: '6600' });
    await signInAs(w, 'google', 'mallory');
    await signInAs(w, 'azure', 'tom-contoso');
    await w.sql(
      `insert into user_emails (address, user_id, is_primary, verified_at)
       select 'ada@acme.example', user_id, false, now() from identities where connection_id = 'azure'`,
    );
    addGooglePerson(w, 'mallory', { email: 'ada@acme.example', sub: '6600' });
    expect((await meOf(await signInAs(w, 'google', 'mallory'))).companies).toEqual([]);
    await w.start({ AUTH_POLICY: 'restricted', AUTH_ALLOWED_EMAIL_DOMAINS: 'acme.example' });
    w.google.signsInAs('mallory');
    expect(await w.newBrowser().signIn('google')).toBeRefusedWith('email_unverified');
  });

  test('that moved on meanwhile links nothing to whoever held it before', async ({ w }) => {
    await signInAs(w, 'google', 'ada');
    w.github.signsInAs('ada');
    expect(await w.browser.signIn('github')).toBeRefusedWith('link_required');
    await w.sql('delete from user_emails');
    await signInAs(w, 'azure', 'ada', w.browser);
    w.google.people.change('ada', { email: 'ada@elsewhere.example' });
    await signInAs(w, 'google', 'ada', w.browser);
    w.google.people.change('ada', { email: 'ada@acme.example' });
    expect(await w.count(`identities where connection_id = 'github'`)).toBe(0);
  });

  test('an unverified one finds nobody and becomes nobody’s', async ({ w }) => {
    const ada = await meOf(await signInAs(w, 'google', 'ada'));
    const eve = await meOf(await signInAs(w, 'azure', 'eve')); // claims ada@acme.example, xms_edov false
    expect(eve.user.id).not.toBe(ada.user.id);
    expect(eve).toMatchObject({ user: { email: null }, companies: [], invitations: [] });
  });
});
