/// <reference lib="dom" />
import type { Browser, BrowserContext, Page, Request } from '@playwright/test';
import { expect, expectAccessible, expectFits, test } from './page-checks.ts';

/** Where the same pages hold tokens: another origin than the API's. */
const there = () => process.env['E2E_SECOND_ORIGIN'] ?? '';

async function signIn(page: Page, person: 'Ben' | 'Nora', path = '/'): Promise<void> {
  await page.goto(there() + path);
  await page.getByRole('link', { name: 'Sign in with Microsoft' }).click();
  await page.getByRole('button', { name: new RegExp(`^${person}`) }).click();
}

const accountOf = (page: Page, person: 'Ben' | 'Nora') =>
  page.getByRole('button', { name: new RegExp(`Account: ${person}`) });
const door = (page: Page) => page.getByRole('heading', { level: 1, name: 'Sign in' });

/** Which requests of this browser the test is about, from now on. */
function watch(context: BrowserContext, isMeant: (request: Request) => boolean): Request[] {
  const seen: Request[] = [];
  context.on('request', (request) => {
    if (isMeant(request)) seen.push(request);
  });
  return seen;
}

const isRefresh = (request: Request) =>
  request.method() === 'POST' && request.url().endsWith('/api/v1/auth/refresh');

/** The address with Nora's token in it, as somebody who signed in as her would pass it on. */
async function addressWithToken(browser: Browser): Promise<string> {
  const context = await browser.newContext();
  const arrivals = watch(context, (request) => request.url().includes('/auth/callback?token='));
  const page = await context.newPage();
  await signIn(page, 'Nora');
  await expect(accountOf(page, 'Nora')).toBeVisible();
  await context.close();
  return arrivals[0]?.url() ?? '';
}

test('Ben signs in on the second origin, stays signed in over a reload and in a second tab, and signs out of both', async ({
  page,
  context,
}) => {
  await signIn(page, 'Ben', '/account/sessions');
  await expect(page.getByRole('heading', { level: 1, name: 'Signed-in devices' })).toBeVisible();
  await expect(page).toHaveURL(`${there()}/account/sessions`);
  // Earlier journeys may have left other devices; this one comes first.
  await expect(page.getByText(/^Signed in .+ with Microsoft$/).first()).toBeVisible();
  const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
  expect(kept).not.toContain('eyJ');
  expect(await page.evaluate(() => document.cookie)).toBe('');

  const departures = watch(context, (request) => request.url().includes('/microsoft/login'));
  await page.reload();
  await expect(accountOf(page, 'Ben')).toBeVisible();
  await expect(page).toHaveURL(`${there()}/account/sessions`);
  const second = await context.newPage();
  await second.goto(`${there()}/`);
  await expect(accountOf(second, 'Ben')).toBeVisible();
  expect(departures).toEqual([]);

  await accountOf(page, 'Ben').click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByText('You’re signed out.')).toBeVisible();
  await expect(door(second)).toBeVisible();
  await second.goto(`${there()}/account/sessions`);
  await expect(door(second)).toBeVisible();
  await page.goBack();
  await expect(door(page)).toBeVisible();
});

test('five tabs whose tokens are about to end ask for a new one once', async ({ page, context }) => {
  await signIn(page, 'Ben', '/account/sessions');
  await expect(accountOf(page, 'Ben')).toBeVisible();
  const tabs = [page];
  for (let opened = 1; opened < 5; opened += 1) {
    const tab = await context.newPage();
    await tab.goto(`${there()}/account/sessions`);
    await expect(accountOf(tab, 'Ben')).toBeVisible();
    tabs.push(tab);
  }
  const refreshes = watch(context, isRefresh);
  const beforeTheEnd = Date.now() + 14.5 * 60_000;
  await Promise.all(tabs.map((tab) => tab.clock.setFixedTime(beforeTheEnd)));
  const readings = watch(
    context,
    (request) => request.method() === 'GET' && request.url().endsWith('/api/v1/me'),
  );
  const lookAt = () => window.dispatchEvent(new Event('visibilitychange'));
  await Promise.all(tabs.map((tab) => tab.evaluate(lookAt)));
  await expect.poll(() => readings.length).toBe(tabs.length);
  expect(refreshes).toHaveLength(1);
  expect(await Promise.all(readings.map(async (request) => (await request.response())?.status()))).toEqual(
    tabs.map(() => 200),
  );
});

test('whoever follows a link with somebody else’s token in it does not become them', async ({
  page,
  browser,
}) => {
  const planted = await addressWithToken(browser);
  await page.goto(planted);
  await expect(
    page.getByRole('heading', { name: 'This sign-in didn’t belong to this browser' }),
  ).toBeVisible();
  expect(page.url()).toBe(`${there()}/`);
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectFits(page);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await expect(door(page)).toBeVisible();

  await signIn(page, 'Ben');
  await expect(accountOf(page, 'Ben')).toBeVisible();
  await page.goto(planted);
  await expect(page.getByRole('alert')).toBeVisible();
  await page.goto(`${there()}/`);
  await expect(accountOf(page, 'Ben')).toBeVisible();
});

test('a token that the server no longer takes, an answer that is lost: nobody is signed out by it', async ({
  page,
  context,
}) => {
  await signIn(page, 'Ben', '/account/sessions');
  await expect(accountOf(page, 'Ben')).toBeVisible();
  const refreshes = watch(context, isRefresh);
  await page.route('**/api/v1/auth/refresh', (route) => route.abort(), { times: 1 });
  await page.reload();
  await expect(accountOf(page, 'Ben')).toBeVisible();
  expect(refreshes).toHaveLength(2);

  await page.route(
    '**/api/v1/me/sessions',
    (route) => route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer a.b.c' } }),
    { times: 1 },
  );
  await page.getByRole('link', { name: /Gatehouse, start page/ }).click();
  await accountOf(page, 'Ben').click();
  await page.getByRole('link', { name: 'Signed-in devices' }).click();
  await expect(page.getByRole('region', { name: 'This device' })).toBeVisible();
});
