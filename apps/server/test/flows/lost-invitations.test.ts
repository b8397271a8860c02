import type { LandingInvitation } from '@gatehouse/contract';
import { describe, expect } from 'vitest';
import { dayMs } from '../../src/kernel/clock.ts';
import type { Answer, Browser } from '../support/browser.ts';
import { addPerson, codeFor, openCompany } from '../support/invitees.ts';
import type { Way } from '../support/invitees.ts';
import { meOf, signInAs, standInOf } from '../support/people.ts';
import { test as base } from '../support/world.ts';
import type { World } from '../support/world.ts';

/**
 * Whoever was invited comes in, by whatever provider they come: as a member with exactly what was promised, in one
 * account; or they stand before a page that names the next step. One world for each provider, one person for each case.
 */
const ways: readonly Way[] = (['github', 'google', 'azure'] as const).flatMap((provider) =>
  [true, false].map((vouches) => ({ provider, vouches })),
);

const test = base.extend('environment', {
  CLOUDGRID_AUTH_COMPANY_ID: undefined, // many companies: nothing is accepted just because there is only one
  CLOUDGRID_INVITATION_EMAIL_SMTP_HOST: '127.0.0.1',
  CLOUDGRID_INVITATION_EMAIL_SMTP_PORT: '1',
  CLOUDGRID_INVITATION_EMAIL_SMTP_TLS: 'none',
  CLOUDGRID_INVITATION_EMAIL_FROM: 'gate@acme.example',
});

type Company = Awaited<ReturnType<typeof openCompany>>;
type Invitee = {
  readonly email: string;
  readonly key: string;
  readonly browser: Browser;
  readonly id: string;
};

async function landing(browser: Browser, id: string): Promise<LandingInvitation> {
  const answer = await browser.get(`/api/v1/invitations/${id}`);
  expect(answer.status, answer.body).toBe(200);
  return answer.json() as LandingInvitation;
}

/** Follows the link of the mail, and does what each page says is next. */
async function comeIn(w: World, way: Way, { email, key, browser, id }: Invitee): Promise<void> {
  const answer = await signInFromLanding(w, way, { key, browser, id });
  expect(answer).toRedirectTo(`/invitations/${id}`);
  const seen = await landing(browser, id);
  if (seen.status === 'accepted' && seen.isYours) return;
  if (!seen.isYours) {
    expect(seen.email, 'a stranger reads no address').not.toBe(email);
    await proveMailbox(w, browser, email);
  }
  if ((await landing(browser, id)).status === 'accepted') return;
  const accepted = await browser.post(`/api/v1/me/invitations/${id}/accept`);
  expect(accepted.status, accepted.body).toBe(200);
}

type Leaving = Pick<Invitee, 'key' | 'browser' | 'id'>;

async function signInFromLanding(w: World, way: Way, { key, browser, id }: Leaving): Promise<Answer> {
  standInOf(w, way.provider).signsInAs(key);
  return await browser.signIn(way.provider, { invitation: id, returnTo: `/invitations/${id}` });
}

async function proveMailbox(w: World, browser: Browser, email: string): Promise<void> {
  const begun = await browser.post('/api/v1/me/email-proofs', { email });
  expect(begun.status, begun.body).toBe(202);
  const { id } = begun.json() as { id: string };
  const proved = await browser.post(`/api/v1/me/email-proofs/${id}`, { code: await codeFor(w, email) });
  expect(proved.status, proved.body).toBe(200);
}

/** A member with exactly the promised grants, of one account that the invited address leads to. */
async function expectMember(w: World, company: Company, { email, browser }: Invitee): Promise<void> {
  const me = await meOf(browser);
  const own = me.companies.filter(({ slug }) => slug === company.slug);
  expect(own).toMatchObject([{ role: 'user', projects: [{ slug: 'apollo', role: 'editor' }] }]);
  const holders = await w.sql('select user_id from user_emails where address = $1', [email]);
  expect(holders).toEqual([{ user_id: me.user.id }]);
  const accounts = await w.sql(
    `select u.id from users u where u.display_name like 'invitee-%' and not exists (
       select from identities i where i.user_id = u.id)`,
  );
  expect(accounts, 'no account is left over that nothing leads to').toEqual([]);
}

const cases: Record<string, (w: World, way: Way, scene: Scene) => Promise<void>> = {
  'a new person': async (w, way, { company, invitee }) => {
    await comeIn(w, way, invitee);
    await expectMember(w, company, invitee);
  },

  'an existing user, who came by another provider': async (w, way, { company, invitee }) => {
    const other: Way = { provider: way.provider === 'google' ? 'azure' : 'google', vouches: true };
    const otherKey = addPerson(w, other, invitee.email);
    const before = await meOf(await signInAs(w, other.provider, otherKey));
    // What GitHub says of an address finds nobody's account: the page says to sign in to that account, which links the two.
    if (way.provider === 'github' && way.vouches) {
      expect(await signInFromLanding(w, way, invitee)).toBeRefusedWith('link_required');
      await comeIn(w, other, { ...invitee, key: otherKey });
      expect(await signInFromLanding(w, way, invitee)).toRedirectTo(`/invitations/${invitee.id}`);
    } else {
      await comeIn(w, way, invitee);
    }
    await expectMember(w, company, invitee);
    expect((await meOf(invitee.browser)).user.id).toBe(before.user.id);
    const again = await signInAs(w, way.provider, invitee.key);
    expect((await meOf(again)).user.id, 'both ways lead to it from now on').toBe(before.user.id);
  },

  'signed in as somebody else': async (w, way, { company, invitee }) => {
    const somebody = addPerson(w, { provider: 'google', vouches: true }, `else-${invitee.email}`);
    await signInAs(w, 'google', somebody, invitee.browser);
    const before = await meOf(invitee.browser);
    expect(await landing(invitee.browser, invitee.id)).toMatchObject({ status: 'pending', isYours: false });
    expect(await invitee.browser.post(`/api/v1/me/invitations/${invitee.id}/accept`)).toBeProblem(
      404,
      'not_found',
    );
    await comeIn(w, way, invitee);
    await expectMember(w, company, invitee);
    expect((await meOf(invitee.browser)).user.id).not.toBe(before.user.id);
  },

  'another address at the provider': async (w, way, { company, invitee }) => {
    const key = addPerson(w, way, `other-${invitee.email}`);
    await comeIn(w, way, { ...invitee, key });
    await expectMember(w, company, invitee);
  },

  expired: async (w, way, { company, invitee }) => {
    w.clock.advance(15 * dayMs);
    await expectWayBack(w, way, { company, invitee, status: 'expired' });
    w.clock.setRight();
  },

  revoked: async (w, way, { company, invitee }) => {
    const revoked = await company.admin.post(`${company.url}/invitations/${invitee.id}/revoke`);
    expect(revoked.status, revoked.body).toBe(200);
    await expectWayBack(w, way, { company, invitee, status: 'revoked' });
  },

  'I-07 the link was fetched five times by a mail scanner': async (w, way, { company, invitee }) => {
    const scanner = w.newBrowser();
    for (let time = 0; time < 5; time += 1) {
      await scanner.ask(`/invitations/${invitee.id}`);
      expect(await landing(scanner, invitee.id)).toMatchObject({ status: 'pending', isYours: false });
    }
    await comeIn(w, way, invitee);
    await expectMember(w, company, invitee);
  },

  'I-11 a member of a second company': async (w, way, { company, invitee, other }) => {
    const earlier = await signInAs(w, way.provider, invitee.key);
    const { user } = await meOf(earlier);
    await w.sql(
      `insert into members (company_id, user_id, role, joined_at)
       select company_id, $1, 'user', now() from company_slugs where slug = $2`,
      [user.id, other.slug],
    );
    await comeIn(w, way, invitee);
    await expectMember(w, company, invitee);
    const me = await meOf(invitee.browser);
    expect(me.user.id).toBe(user.id);
    expect(me.companies.map(({ slug, projects }) => [slug, projects.length])).toEqual([
      [company.slug, 1],
      [other.slug, 0],
    ]);
  },
};

type WayBack = {
  readonly company: Company;
  readonly invitee: Invitee;
  readonly status: 'expired' | 'revoked';
};

/** Nothing is accepted; the page says why, and asking to join brings the person in after all. */
async function expectWayBack(w: World, way: Way, { company, invitee, status }: WayBack): Promise<void> {
  const { browser, id } = invitee;
  expect(await signInFromLanding(w, way, invitee)).toRedirectTo(`/invitations/${id}`);
  expect(await landing(browser, id)).toMatchObject({ status, grants: [], company: { slug: company.slug } });
  const me = await meOf(browser);
  expect(me.companies).toEqual([]);
  expect((await browser.post(`${company.url}/join-requests`)).status).toBe(202);
  await signInAs(w, 'google', company.adminKey, company.admin); // whose session may have run out meanwhile
  const { items } = (await company.admin.get(`${company.url}/join-requests?status=pending`)).json() as {
    items: { id: string; userId: string }[];
  };
  const request = items.find(({ userId }) => userId === me.user.id);
  const grants = [{ project: 'apollo', role: 'editor' }];
  const approved = await company.admin.post(`${company.url}/join-requests/${request?.id ?? ''}/approve`, {
    grants,
  });
  expect(approved.status, approved.body).toBe(200);
  expect((await meOf(browser)).companies).toMatchObject([
    { slug: company.slug, role: 'user', projects: [{ slug: 'apollo', role: 'editor' }] },
  ]);
}

type Scene = { readonly company: Company; readonly other: Company; readonly invitee: Invitee };

test('whoever came by its link, and wishes to go nowhere else, comes back to it', async ({ w }) => {
  const company = await openCompany(w, 'acme');
  const key = addPerson(w, { provider: 'github', vouches: false }, 'x@acme-mail.example');
  const id = await company.invite('person@acme-mail.example');
  standInOf(w, 'github').signsInAs(key);
  expect(await w.browser.signIn('github', { invitation: id })).toRedirectTo(`/invitations/${id}`);
  await w.start({ UPSTREAM_URL: 'http://127.0.0.1:9' });
  standInOf(w, 'github').signsInAs(key);
  expect(await w.browser.signIn('github', { invitation: id })).toRedirectTo(`/auth/app/invitations/${id}`);
});

describe('an invitation cannot be lost', () => {
  test.for(ways)('by $provider, which vouches: $vouches', { timeout: 60_000 }, async (way, { w }) => {
    const company = await openCompany(w, 'acme');
    const other = await openCompany(w, 'globex');
    for (const [place, [name, run]] of Object.entries(cases).entries()) {
      const email = `person-${String(place)}@acme-mail.example`;
      const key = addPerson(w, way, email);
      const invitee = { email, key, browser: w.newBrowser(), id: await company.invite(email) };
      await run(w, way, { company, other, invitee }).catch((error: unknown) => {
        throw new Error(name, { cause: error });
      });
    }
  });
});
