import { expect, expectAccessible, expectFits, signIn, test } from './page-checks.ts';

const ways = [
  { provider: /GitHub/, person: /^Ada/, role: 'Administrator' },
  { provider: /Google/, person: /^Ada/, role: 'Administrator' },
  { provider: /Microsoft/, person: /^Ada/, role: 'Member' },
];

for (const { provider, person, role } of ways) {
  test(`S-25 Ada signs in with ${provider.source} and is at home in her company`, async ({ page }) => {
    await page.goto('/');
    await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
    await signIn(page, provider, person);
    await expect(page).toHaveURL('/');
    await expect(page.getByRole('heading', { name: 'Acme' })).toBeVisible();
    await expect(page.getByText(role).first()).toBeVisible();
    await expect(page.getByText('Quarterly reports')).toBeVisible();
    expect(await page.evaluate(() => document.cookie)).toBe('');
    expect(
      await page.evaluate(() =>
        JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]),
      ),
    ).not.toMatch(/eyJ|@/);
  });
}

test('the demo says that it is one, on every page', async ({ page }) => {
  for (const path of ['/', '/sign-in', '/auth/error?code=attempt_invalid', '/no-such-page']) {
    await page.goto(path);
    await expect(page.getByText('Demo: stand-in providers')).toBeVisible();
  }
});

test('whoever wanted somewhere comes there, signed in', async ({ page }) => {
  await page.goto('/sign-in?returnTo=%2F%3Ftab%3Dprojects');
  await signIn(page, /Google/, /^Ada/);
  await expect(page).toHaveURL('/?tab=projects');
});

test('signing out ends it: Back shows nobody’s data, and the way used last is marked', async ({ page }) => {
  await page.goto('/');
  await signIn(page, /GitHub/, /^Ada/);
  await page.getByRole('button', { name: /Account: Ada/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('link', { name: 'Continue with GitHub, last used' })).toBeVisible();
  await page.goBack();
  await expect(page.getByText('Quarterly reports')).toHaveCount(0);
});

test('two tabs begin, both finish', async ({ context }) => {
  const [first, second] = [await context.newPage(), await context.newPage()];
  await first.goto('/');
  await second.goto('/');
  await first.getByRole('link', { name: /GitHub/ }).click();
  await second.getByRole('link', { name: /Google/ }).click();
  await first.getByRole('button', { name: /^Ada/ }).click();
  await expect(first.getByRole('heading', { name: 'Acme' })).toBeVisible();
  await second.getByRole('button', { name: /^Ada/ }).click();
  await expect(second.getByRole('heading', { name: 'Acme' })).toBeVisible();
});

test('Back to the provider and forward again goes on', async ({ page }) => {
  await page.goto('/');
  await signIn(page, /Google/, /^Ada/);
  await expect(page.getByRole('heading', { name: 'Acme' })).toBeVisible();
  await page.goBack();
  await page.goForward();
  await expect(page.getByRole('heading', { name: 'Acme' })).toBeVisible();
});

test('somebody who is in no company is told so, and what to do', async ({ page }) => {
  await page.goto('/');
  await signIn(page, /Google/, /^Victor/);
  await expect(page.getByRole('heading', { level: 1, name: /member here yet/ })).toBeVisible();
  await expect(page.getByRole('main').getByText('victor@corp.example').first()).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectFits(page);
  await page.getByRole('main').getByRole('button', { name: 'Switch account' }).click();
  await expect(page).toHaveURL(/\/sign-in\?.*switch=1/);
});

test('a keyboard is enough', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('link', { name: /Google/ })).toBeVisible();
  for (let stops = 0; stops < 15; stops += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => document.activeElement?.textContent ?? '');
    if (focused.includes('Google')) break;
  }
  await page.keyboard.press('Enter');
  const ada = page.getByRole('button', { name: /^Ada/ });
  await ada.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Acme' })).toBeVisible();
});

test('each page reads well aloud, in light and dark, and fits a telephone', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('link', { name: /GitHub/ })).toBeVisible();
  await expectAccessible(page);
  await signIn(page, /GitHub/, /^Ada/);
  await expect(page.getByRole('heading', { name: 'Acme' })).toBeVisible();
  await expectAccessible(page);
  for (const path of [
    '/',
    '/sign-in?switch=1',
    '/auth/error?code=link_required&ref=7KQM3XRD',
    '/no-such-page',
  ]) {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectFits(page);
    await expectAccessible(page);
  }
});
