import { ProvidersAnswer } from '@gatehouse/contract';
import type { MeAnswer } from '@gatehouse/contract';
import type { EntraFault } from '@gatehouse/stand-ins';
import { CONTOSO, FABRIKAM } from '@gatehouse/stand-ins';
import { describe, expect } from 'vitest';
import { countAll, meOf, signInAs } from '../support/people.ts';
import { leavesNothing, traceOf } from '../support/refusals.ts';
import { appOrigin, beginMicrosoft, loginPath, test } from '../support/microsoft.ts';
import { askAs, claimsIn, signInWithMicrosoft } from '../support/tokens.ts';
import type { World } from '../support/world.ts';

/** `/api/v1/me` of somebody who signs in with Microsoft, in a browser of their own. */
async function microsoftMe(w: World, key: string): Promise<MeAnswer> {
  const answer = await askAs(w, await signInWithMicrosoft(w, key, w.newBrowser()));
  // The flow's own tests hold the answer against its schema.
  return answer.json() as MeAnswer;
}

/** The answer to a sign-in that is expected to be refused. */
async function refusedAs(w: World, key: string, browser = w.browser) {
  w.entra.signsInAs(key);
  const answer = await (await beginMicrosoft(browser)).callback();
  expect(answer.location?.origin, 'what fails is told where the page is').toBe(appOrigin);
  expect(answer.setCookies.filter((cookie) => cookie.startsWith('refresh_token='))).toEqual([]);
  return answer;
}

describe('whose account Microsoft leads to', () => {
  test('Q-01 a person of any directory is their object id in it, in a browser that sends 30 kB of cookies', async ({
    w,
  }) => {
    for (let n = 0; n < 15; n += 1) w.browser.cookies.set(`other-${String(n)}`, 'x'.repeat(2_000));
    await signInWithMicrosoft(w, 'fay');
    await signInWithMicrosoft(w, 'pia', w.otherBrowser);
    const [work, personal] = await w.sql(
      'select connection_id, issuer, subject from identities order by subject desc',
    );
    expect(work).toEqual({
      connection_id: 'microsoft',
      issuer: w.entra.issuerOf(FABRIKAM),
      subject: 'fab00101-0000-4000-8000-000000000001',
    });
    expect(personal).toMatchObject({ issuer: w.entra.issuerOf(w.entra.directories.consumers) });
  });

  test('Q-10 the same object id in two directories is two people', async ({ w }) => {
    const here = await microsoftMe(w, 'tom-contoso');
    const there = await microsoftMe(w, 'tom-fabrikam');
    expect(here.user.id).not.toBe(there.user.id);
    expect(await w.sql('select distinct subject from identities')).toHaveLength(1);
  });

  test('L-12 the same person at the app of one directory and at the app of all is two, unless an address joins them', async ({
    w,
  }) => {
    const one = await meOf(await signInAs(w, 'azure', 'nora'));
    const all = await microsoftMe(w, 'nora');
    expect(all.user.id).not.toBe(one.user.id);
    expect(await w.sql('select distinct issuer, subject from identities')).toHaveLength(1);
    const ada = await meOf(await signInAs(w, 'azure', 'ada'));
    expect((await microsoftMe(w, 'ada')).user).toEqual(ada.user);
    expect(await w.count(`audit_events where type = 'identity.linked'`)).toBe(1);
  });

  test('Q-12 who was renamed is the same person; a new address is theirs once it is verified', async ({
    w,
  }) => {
    const me = { key: 'mia', tid: CONTOSO, oid: 'c0a80101-0000-4000-8000-00000000bbbb', xmsEdov: true };
    const before = { name: 'Mia Before', preferredUsername: 'b@contoso.example', email: 'b@contoso.example' };
    const after = { name: 'Mia After', preferredUsername: 'a@contoso.example', email: 'a@contoso.example' };
    w.entra.people.add({ ...me, ...before });
    const { user } = await microsoftMe(w, 'mia');
    w.entra.people.change('mia', { ...after, xmsEdov: false });
    const token = await signInWithMicrosoft(w, 'mia');
    expect(claimsIn(token)).toMatchObject({ sub: user.id, name: 'Mia After' });
    expect(claimsIn(token)['email']).toBeUndefined();
    const renamed = (await askAs(w, token)).json();
    expect(renamed).toMatchObject({ user: { id: user.id, displayName: 'Mia After', email: null } });
    w.entra.people.change('mia', { xmsEdov: true });
    expect((await microsoftMe(w, 'mia')).user.email).toBe('a@contoso.example');
    const changes = await w.sql(`select reason from audit_events where type = 'identity.profile_changed'`);
    expect(changes.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['name', 'address']));
    w.entra.people.remove('mia');
  });
});

describe('an address in a token of Microsoft', () => {
  test('Q-08 is verified by a true xms_edov in its four forms, and by nothing else', async ({ w }) => {
    const addresses: Record<string, string | null> = {};
    for (const key of ['ada', 'ben', 'cleo', 'dov', 'eve', 'finn', 'nora', 'gus'])
      addresses[key] = (await microsoftMe(w, key)).user.email;
    expect(addresses).toEqual({
      ada: 'ada@contoso.example',
      ben: 'ben@contoso.example',
      cleo: 'cleo@contoso.example',
      dov: 'dov@contoso.example',
      eve: null,
      finn: null,
      nora: null,
      gus: null,
    });
  });

  test('that a directory’s administrator wrote there finds nobody: its bearer gets an account without one', async ({
    w,
  }) => {
    const ada = await meOf(await signInAs(w, 'google', 'ada'));
    expect(ada).toMatchObject({ user: { email: 'ada@acme.example' }, companies: [{ role: 'admin' }] });
    const eve = await microsoftMe(w, 'eve'); // ada@acme.example, with xms_edov false
    expect(eve).toMatchObject({ user: { email: null }, companies: [], invitations: [] });
    expect(eve.user.id).not.toBe(ada.user.id);
    expect(await w.count('user_emails')).toBe(1);
    expect(await w.count('pending_links')).toBe(0);
  });

  test('finds its holder where it is verified; another provider’s, that only vouches for it, asks to link', async ({
    w,
  }) => {
    w.entra.people.change('fay', { email: 'ada@acme.example' });
    const fay = await microsoftMe(w, 'fay');
    w.github.signsInAs('ada');
    const answer = await w.browser.signIn('github');
    expect(answer).toBeRefusedWith('link_required');
    expect(await meOf(await signInAs(w, 'google', 'ada'))).toMatchObject({ user: { id: fay.user.id } });
    // Signing in to that account within ten minutes, by whichever surface, links what waits in this browser.
    await signInWithMicrosoft(w, 'fay');
    expect((await meOf(await signInAs(w, 'github', 'ada'))).user.id).toBe(fay.user.id);
    w.entra.people.change('fay', { email: 'fay@fabrikam.example' });
  });
});

describe('a token that is not for us, or not of whom it says', () => {
  const faults: readonly (readonly [string, EntraFault, string])[] = [
    ['Q-02', 'tid_mismatch', 'issuer_mismatch'],
    ['Q-02', 'missing_tid', 'directory_missing'],
    ['Q-04', 'consumer_key', 'key_issuer_mismatch'],
    ['Q-05', 'v1_token', 'token_version_refused'],
    ['Q-06', 'other_app_audience', 'audience_mismatch'],
    ['Q-06', 'wrong_issuer', 'issuer_mismatch'],
  ];

  test('Q-02 Q-04 Q-05 Q-06 is refused, makes nothing, and the next sign-in of this browser works', async ({
    w,
  }) => {
    for (const [id, fault, finding] of faults) {
      const before = await countAll(w);
      w.entra.misbehave(fault, 'once');
      const answer = await refusedAs(w, 'ada');
      expect(answer, `${id} ${fault}`).toBeRefusedWith('provider_refused');
      const steps = (await traceOf(w, answer))?.steps;
      expect(steps?.find(({ outcome }) => outcome === 'failed')?.finding, `${id} ${fault}`).toBe(finding);
      await leavesNothing(w, before, answer);
    }
    expect((await askAs(w, await signInWithMicrosoft(w, 'ada'))).status).toBe(200);
  });

  test('P-05 P-10 comes back at the address of the other surface: neither goes on, and nobody is asked for a token', async ({
    w,
  }) => {
    w.entra.signsInAs('ada');
    const api = await beginMicrosoft(w.browser);
    const cookie = await w.browser.beginSignIn('azure');
    const stray = await w.browser.ask(`/auth/callback${api.callbackUrl.search}`);
    expect(stray).toBeRefusedWith('attempt_invalid');
    expect(stray.location?.origin).toBe(w.publicOrigin.origin);
    const crossed = await w.browser.ask(`${api.callbackUrl.pathname}${cookie.callbackUrl.search}`);
    expect(crossed).toBeRefusedWith('attempt_invalid');
    expect(crossed.location?.origin).toBe(appOrigin);
    expect(w.entra.journal.count('token')).toBe(0);
    expect(await w.count('sessions')).toBe(0);
    // Neither used its attempt up.
    expect(await cookie.callback()).toRedirectTo('/');
    expect((await api.callback()).location?.searchParams.has('token')).toBe(true);
  });
});

describe('the way there', () => {
  test('is by a button of its own path; on the browser surface the connection is unknown', async ({ w }) => {
    const buttons = async () =>
      ProvidersAnswer.parse((await w.browser.get('/auth/providers')).json()).providers;
    expect(await buttons()).toContainEqual({ id: 'microsoft', name: 'Microsoft', loginUrl: loginPath });
    expect(await w.browser.get('/auth/login?provider=microsoft')).toBeProblem(400, 'provider_unknown');
    await w.start({ CLOUDGRID_AUTH_PROVIDERS: undefined });
    expect(await w.browser.get('/auth/login?provider=azure')).toBeProblem(400, 'provider_unknown');
    await w.start({ MS_CLIENT_ID: undefined, MS_CLIENT_SECRET: undefined, APP_BASE_URL: undefined });
    expect((await w.browser.get(loginPath)).status).toBe(404);
    expect((await buttons()).map(({ id }) => id)).toEqual(['github', 'google', 'azure']);
  });

  test('takes an address along as a hint, and no address that leads away from the page', async ({ w }) => {
    const departure = await w.browser.ask(`${loginPath}?email=ada%40contoso.example&prompt=select_account`);
    expect(departure.location?.searchParams.get('login_hint')).toBe('ada@contoso.example');
    expect(departure.location?.searchParams.get('prompt')).toBe('select_account');
    expect(departure.location?.pathname).toBe('/common/oauth2/v2.0/authorize');
    expect(await w.browser.get(`${loginPath}?email=ada`)).toBeProblem(400, 'email_invalid');
    for (const away of ['//evil.example', 'https://evil.example', '/\\evil.example', '/auth/x'])
      expect(await w.browser.get(`${loginPath}?returnTo=${encodeURIComponent(away)}`)).toBeProblem(
        400,
        'return_to_invalid',
      );
  });

  test('P-43 of who changes their mind ends at the page, without a word of Microsoft’s', async ({ w }) => {
    w.entra.misbehave('deny', 'once');
    expect(await refusedAs(w, 'ada')).toBeRefusedWith('provider_denied');
    w.entra.misbehave('unknown_error', 'once');
    const answer = await refusedAs(w, 'ada');
    expect(answer).toBeRefusedWith('provider_refused');
    expect([...(answer.location?.searchParams.keys() ?? [])]).toEqual(['code', 'ref']);
  });
});

describe('a deployment for the people of some domains', () => {
  test('refuses verified addresses off its list, and unverified ones on it, and writes only that it did', async ({
    w,
  }) => {
    await w.start({ AUTH_POLICY: 'restricted', AUTH_ALLOWED_EMAIL_DOMAINS: 'contoso.example,acme.example' });
    const before = await countAll(w);
    const events = await w.count('audit_events');
    const refusals = [
      ['fay', 'email_domain_not_allowed'],
      ['finn', 'email_unverified'],
      ['eve', 'email_unverified'],
      ['nora', 'email_unverified'],
      ['pia', 'email_unverified'],
    ] as const;
    for (const [key, code] of refusals) {
      const answer = await refusedAs(w, key);
      expect(answer, key).toBeRefusedWith(code);
      await leavesNothing(w, before, answer);
    }
    expect(await w.count('audit_events')).toBe(events + refusals.length);
    expect(await w.count('mails')).toBe(0);
    expect((await microsoftMe(w, 'ada')).user.email).toBe('ada@contoso.example');
  });

  test('as an API call the refusal is 403', async ({ w }) => {
    await w.start({ AUTH_POLICY: 'restricted', AUTH_ALLOWED_EMAIL_DOMAINS: 'contoso.example' });
    w.entra.signsInAs('fay');
    const { callbackUrl } = await beginMicrosoft(w.browser);
    expect(await w.browser.get(callbackUrl)).toBeProblem(403, 'email_domain_not_allowed');
  });
});
