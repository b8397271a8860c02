import { explain } from './demo-process.ts';
import { expect, expectAccessible, signIn, test } from './page-checks.ts';

test('a provider that misbehaves leads to a page with a reference, and the reference to the step that failed', async ({
  page,
}) => {
  await page.goto('/');
  await page.getByRole('link', { name: /Google/ }).click();
  await expect(page.getByRole('button', { name: /^Ada/ })).toBeVisible();
  const provider = new URL(page.url()).origin;
  await page.goto(`${provider}/misbehave`);
  await page
    .getByRole('row', { name: /another nonce/ })
    .or(page.getByRole('listitem').filter({ hasText: 'another nonce' }))
    .getByRole('button', { name: /next/i })
    .first()
    .click();
  await page.goto('/');
  await signIn(page, /Google/, /^Ada/);
  await expect(page).toHaveURL(/\/auth\/error\?code=provider_refused&ref=/);
  await expect(page).toHaveTitle(/^Error: /);
  await expectAccessible(page);
  const reference = new URL(page.url()).searchParams.get('ref') ?? '';
  await expect(page.getByText(`${reference.slice(0, 4)} ${reference.slice(4)}`).first()).toBeVisible();
  const told = await explain(reference, process.env['E2E_DATA_DIR'] ?? '');
  expect(told).toContain('id_token           FAILED');
  expect(told).toContain('nonce_mismatch');
  expect(told).toContain('session            not reached');
});

test('who cancels at the provider is told that nothing changed, and the next try works', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('link', { name: /GitHub/ }).click();
  await page.getByRole('button', { name: /Cancel/ }).click();
  await expect(page).toHaveURL(/code=provider_denied/);
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toBeFocused();
  await page
    .getByRole('link', { name: /Sign in/ })
    .or(page.getByRole('button', { name: /Sign in/ }))
    .first()
    .click();
  await signIn(page, /GitHub/, /^Ada/);
  await expect(page.getByRole('heading', { name: 'Acme' })).toBeVisible();
});

test('what is no matter of signing in leads to the log and to the start page, wherever that lies', async ({
  page,
}) => {
  await page.goto('/');
  await signIn(page, /GitHub/, /^Ada/);
  await expect(page.getByRole('heading', { name: 'Acme' })).toBeVisible();
  await page.goto('/auth/error?code=forbidden&ref=7KQM3XRD');
  await page.getByText('Details for your administrator').click();
  await expect(page.getByText('look for the reference in Gatehouse’s log')).toBeVisible();
  await expect(page.getByText('npm run explain')).toHaveCount(0);
  await page.getByRole('link', { name: 'Go to your companies' }).click();
  await expect(page).toHaveURL('/account');
  await expect(page.getByRole('heading', { name: 'Acme' })).toBeVisible();
});

test('text in the address is never shown', async ({ page }) => {
  await page.goto('/auth/error?code=%3Cimg%20src=x%3E&ref=%3Cscript%3E&error_description=Call%20555-1234');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const text = await page.locator('body').innerText();
  expect(text).not.toMatch(/555-1234|<img|<script/);
});
