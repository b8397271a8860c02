/// <reference lib="dom" />
import type { Page } from '@playwright/test';
import { codeAt, stepMs } from './authenticator.ts';
import { mailTo } from './mailbox.ts';
import type { Mail } from './mailbox.ts';
import { expect, expectAccessible, expectFits, test } from './page-checks.ts';

const linkIn = ({ text }: Mail, page: string): string =>
  new RegExp(`http\\S+/${page}#token=\\S+`).exec(text)?.[0] ?? '';

const passwordField = (page: Page) => page.getByLabel('Password', { exact: true });
const codeField = (page: Page) => page.getByLabel('Code from your authenticator app');
const security = (page: Page) => page.getByRole('heading', { level: 1, name: 'Account security' });

async function looksRight(page: Page): Promise<void> {
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 800 });
  await expectFits(page);
  await page.setViewportSize({ width: 1100, height: 800 });
}

async function register(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/register');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Your name').fill('Hedy Kiesler');
  await passwordField(page).fill(password);
  await page.getByRole('button', { name: 'Create the account' }).click();
  await expect(page.getByRole('heading', { name: 'Look into your mailbox' })).toBeVisible();
}

/** To the page that the link of the mail leads to; the token leaves the address bar before anything else happens. */
async function follow(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await expect(page).not.toHaveURL(/token/);
}

async function typePassword(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill(email);
  await passwordField(page).fill(password);
  await page.keyboard.press('Enter');
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByText('You’re signed out.')).toBeVisible();
}

async function openSecurity(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('link', { name: 'Account security' }).click();
  await expect(security(page)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Change the password' })).toBeVisible();
}

/** Answers the key, and one of the recovery codes. */
async function setUpApp(page: Page): Promise<{ key: string; recoveryCode: string }> {
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
  await expect(page.getByRole('img', { name: /^QR code/ })).toBeVisible();
  const key = (await page.locator('.enrolment-key').textContent()) ?? '';
  await looksRight(page);
  await page.getByLabel('Then type the code that the app shows').fill(codeAt(key, Date.now()));
  await page.getByRole('button', { name: 'Turn it on' }).click();
  await expect(page.getByRole('heading', { name: 'Keep your recovery codes' })).toBeVisible();
  await looksRight(page);
  const recoveryCode = (await page.locator('.recovery-codes li').first().textContent()) ?? '';
  await page.getByRole('button', { name: 'I’ve kept them' }).click();
  await expect(page.getByText('10 recovery codes are left.')).toBeVisible();
  return { key, recoveryCode };
}

test('registered by mail, protected by an app, in by code and by recovery code, and GitHub leads in too', async ({
  page,
}) => {
  test.slow();
  const [email, password] = ['hedy@film.example', 'gravel lantern oxbow tumbleweed'];
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Create an account' }).click();
  await expect(page.getByRole('heading', { name: 'Create an account' })).toBeVisible();
  await page.getByRole('button', { name: 'Create the account' }).click();
  await looksRight(page);
  await register(page, email, password);
  await follow(page, linkIn(await mailTo(email, /verify-email/), 'verify-email'));
  await page.getByRole('button', { name: 'Confirm and go on' }).click();
  await expect(page.getByRole('button', { name: 'Account: Hedy Kiesler' })).toBeVisible();

  await openSecurity(page);
  const { key, recoveryCode } = await setUpApp(page);
  await page.reload();
  await expect(page.getByText('10 recovery codes are left.')).toBeVisible();
  await signOut(page);

  await typePassword(page, email, 'gravel lantern oxbow tumbleweeds');
  await expect(page.getByRole('alert')).toHaveText('The address or the password is wrong.');
  await expect(passwordField(page)).toHaveValue('gravel lantern oxbow tumbleweeds');
  await passwordField(page).fill(password);
  await page.keyboard.press('Enter');
  await expect(codeField(page)).toBeFocused();
  await looksRight(page);
  // The one that set the app up was used; the next is as good, half a minute early.
  await page.keyboard.insertText(codeAt(key, Date.now() + stepMs));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Account: Hedy Kiesler' })).toBeVisible();
  await signOut(page);

  await typePassword(page, email, password);
  await page.getByRole('button', { name: 'Use a recovery code instead' }).click();
  await page.getByLabel('Recovery code').fill(recoveryCode);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByRole('button', { name: 'Account: Hedy Kiesler' })).toBeVisible();
  await openSecurity(page);
  await expect(page.getByText('9 recovery codes are left.')).toBeVisible();

  await page.getByRole('button', { name: 'Link GitHub' }).click();
  await page.getByRole('button', { name: /^Linus/ }).click();
  await expect(page.getByText('GitHub leads into your account now.')).toBeVisible();
  await page.getByRole('button', { name: 'Remove GitHub' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click();
  await expect(page.getByText('GitHub doesn’t lead into your account any more.')).toBeVisible();
});

test('who forgot the password sets another by mail, and the link is good for once', async ({ page }) => {
  test.slow();
  const [email, password] = ['nobu@film.example', 'saffron trellis marmot quarry'];
  await register(page, email, password);
  await follow(page, linkIn(await mailTo(email, /verify-email/), 'verify-email'));
  await page.getByRole('button', { name: 'Confirm and go on' }).click();
  await expect(page.getByRole('button', { name: /^Account/ })).toBeVisible();
  await signOut(page);

  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Send the mail' }).click();
  await expect(page.getByText('a mail with a link is on its way')).toBeVisible();
  const link = linkIn(await mailTo(email, /reset-password/), 'reset-password');
  await follow(page, link);
  await page.getByLabel('New password').fill(`${password} anew`);
  await looksRight(page);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Your new password is set.')).toBeVisible();
  await follow(page, link);
  await page.getByLabel('New password').fill(`${password} once more`);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'This link can’t be used' })).toBeVisible();

  await typePassword(page, email, password);
  await expect(page.getByRole('alert')).toHaveText('The address or the password is wrong.');
  await typePassword(page, email, `${password} anew`);
  await expect(page.getByRole('button', { name: /^Account/ })).toBeVisible();
});
