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
    await signInAs(w, 'google', 'old');
    const before = await countAll(w);
    w.google.signsInAs('new');
    const answer = await w.browser.signIn('google');
    expect(answer).toBeRefusedWith('identity_conflict');
    expect(await countAll(w)).toEqual(before);
    expect(
      await w.count(
        `audit_events where reason = 'identity_conflict' and reference = '${referenceOf(answer)}'`,
      ),
    ).toBe(1);
  });

  test('an unverified one finds nobody and becomes nobody’s', async ({ w }) => {
    const ada = await meOf(await signInAs(w, 'google', 'ada'));
    const eve = await meOf(await signInAs(w, 'azure', 'eve')); // claims ada@acme.example, xms_edov false
    expect(eve.user.id).not.toBe(ada.user.id);
    expect(eve).toMatchObject({ user: { email: null }, companies: [], invitations: [] });
  });
});
