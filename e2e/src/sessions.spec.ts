import type { Browser, Page } from '@playwright/test';
import { expect, expectAccessible, expectFits, signIn, test } from './page-checks.ts';

const devices = '/account/sessions';

/** Ada, signed in with GitHub in a browser of her own that says it is a telephone's. */
async function adaOnAPhone(browser: Browser): Promise<Page> {
  const userAgent =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1';
  const context = await browser.newContext({ userAgent });
  const page = await context.newPage();
  await page.goto('/');
  await signIn(page, /GitHub/, /^Ada/);
  await expect(page.getByRole('heading', { name: 'Acme' })).toBeVisible();
  return page;
}

async function adaAtHerDesk(page: Page): Promise<void> {
  await page.goto('/');
  await signIn(page, /Google/, /^Ada/);
  await page.getByRole('button', { name: /Account: Ada/ }).click();
  await page.getByRole('link', { name: 'Signed-in devices' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Signed-in devices' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Other devices' })).toBeVisible();
}

test('S-15 Ada sees where she is signed in, and signs her telephone out', async ({ page, browser }) => {
  const phone = await adaOnAPhone(browser);
  await adaAtHerDesk(page);
  const here = page.getByRole('region', { name: 'This device' });
  await expect(here.getByRole('heading', { name: 'Chrome on Linux' })).toBeVisible();
  await expect(here.getByText('with Google')).toBeVisible();
  await expect(here.getByRole('button')).toHaveCount(0);

  const others = page.getByRole('region', { name: 'Other devices' });
  const row = others
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: 'Safari on iOS' }) });
  await expect(row.getByText('with GitHub')).toBeVisible();
  await expectAccessible(page);
  await row.getByRole('button', { name: /^Sign out Safari on iOS, signed in (?:just now|.+ ago), / }).click();
  await expect(others.getByRole('status')).toHaveText('Safari on iOS is signed out.');
  await expect(row).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Other devices' })).toBeFocused();

  await phone.reload();
  await expect(phone.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await phone.context().close();
});

test('all other devices are signed out at once, after a question that Escape answers with no', async ({
  page,
  browser,
}) => {
  const phones = [await adaOnAPhone(browser), await adaOnAPhone(browser)];
  await adaAtHerDesk(page);
  const all = page.getByRole('button', { name: 'Sign out all others' });
  await all.focus();
  await page.keyboard.press('Enter');
  const question = page.getByRole('dialog', { name: /^Sign out \d+ other devices\?$/ });
  await expect(question.getByRole('button', { name: 'Keep them' })).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await expect(all).toBeFocused();
  await page.keyboard.press('Enter');
  await question.getByRole('button', { name: 'Yes, sign them out' }).click();
  await expect(page.getByText('You aren’t signed in anywhere else.')).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectFits(page);
  for (const phone of phones) {
    await phone.reload();
    await expect(phone.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
    await phone.context().close();
  }
});

test('whoever opens the page signed out comes back to it, signed in', async ({ page }) => {
  await page.goto(devices);
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await signIn(page, /Google/, /^Ada/);
  await expect(page).toHaveURL(devices);
  await expect(page.getByRole('heading', { name: 'This device' })).toBeVisible();
});

test('a list that cannot be read says so, and trying again helps', async ({ page }) => {
  await adaAtHerDesk(page);
  await page.route('**/api/v1/me/sessions', (route) => route.abort());
  await page.reload();
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessible(page);
  await page.unroute('**/api/v1/me/sessions');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'This device' })).toBeVisible();
});
