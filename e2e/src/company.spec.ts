import type { Page } from '@playwright/test';
import { expect, expectAccessible, expectFits, signIn, test } from './page-checks.ts';

/** Each page, and what is read there once everything is. */
const pages = [
  ['members', /^\d+ members$/],
  ['invitations', /^\d+ invitations$/],
  ['requests', /^Nobody is waiting$/],
  ['projects', /^\d+ projects$/],
  ['projects/reports', /^\d+ (person|people)$/],
  ['access', /^People 1 to \d+$/],
  ['audit', /^Export/],
] as const;
const openPage = (page: Page, name: string) => page.goto(`/companies/acme/${name}`);

/** Ben comes in by the invitation that he has, so that Ada isn't alone. */
test.beforeAll(async ({ browser }) => {
  const ben = await browser.newPage();
  await ben.goto('/');
  await signIn(ben, /Microsoft/, /^Ben/);
  await expect(ben.getByRole('heading', { name: 'Acme' })).toBeVisible();
  await ben.close();
});

test.beforeEach(async ({ page }) => {
  await page.goto('/');
  await signIn(page, /Google/, /^Ada/);
  await expect(page.getByRole('heading', { name: 'Acme' })).toBeVisible();
});

test('an administrator invites a pasted list, and is told what became of each address', async ({ page }) => {
  await page.getByRole('link', { name: 'Acme' }).click();
  await page.getByRole('link', { name: 'Invite people' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Invitations' })).toBeVisible();
  const box = page.getByLabel('E-mail addresses');
  await box.fill('"Doe, Jane" <jane@pasted.example>; jane@pasted.example, linus@kernel.example, oops@');
  await box.blur();
  await expect(page.getByText('2 addresses ready · 1 to mend · 1 here twice')).toBeVisible();
  await page.getByRole('button', { name: 'Mend oops@' }).click();
  await page.keyboard.type('pasted.example');
  await page.keyboard.press('Enter');
  await page.getByLabel('Give a project').selectOption('Lighthouse');
  await page.getByRole('button', { name: 'Invite 3 people' }).click();
  await expect(page.getByText('2 invited · 1 already invited')).toBeVisible();
  await expect(page.getByRole('row', { name: /oops@pasted\.example.*Lighthouse Viewer/ })).toBeVisible();

  // Slow enough that the list of the withdrawn is read before this one is.
  await page.route('**/revoke', async (route) => {
    await page.waitForTimeout(1_000);
    await route.continue();
  });
  await page.getByRole('button', { name: 'Withdraw the invitation to oops@pasted.example' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
  await page.getByLabel('Status').selectOption('Withdrawn');
  await expect(page).toHaveURL(/status=revoked/);
  await expect(page.getByRole('row', { name: /jane@pasted\.example/ })).toHaveCount(0);
  await expect(page.getByRole('row', { name: /oops@pasted\.example Sent.*Withdrawn/ })).toBeVisible();
});

test('a role is changed in its row, and the last administrator stays one', async ({ page }) => {
  await openPage(page, 'members');
  await page.getByLabel('Role of Ada Byron').selectOption('Member');
  await page.getByRole('button', { name: 'Become a member' }).click();
  await expect(page.getByText('A company keeps at least one administrator.')).toBeVisible();
  await expect(page.getByLabel('Role of Ada Byron')).toHaveValue('admin');
  const ben = page.getByLabel(/^Role of Ben/);
  for (const [role, value] of [
    ['Administrator', 'admin'],
    ['Member', 'user'],
  ]) {
    await ben.selectOption(role ?? '');
    await expect(page.getByText(new RegExp(`Ben.* is now ${role ?? ''}`))).toBeVisible();
    await page.reload();
    await expect(ben).toHaveValue(value ?? '');
  }
  await page.getByLabel('Search').fill('nobody of this name');
  await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
  await expect(page).toHaveURL(/query=nobody/);
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(ben).toBeVisible();
});

test('roles in projects are turned in a table with arrows, looked over, then saved', async ({ page }) => {
  await openPage(page, 'access');
  const cell = (project: string) => page.getByLabel(new RegExp(`^Ben.* in ${project}`));
  await cell('Quarterly reports').focus();
  await page.keyboard.press('ArrowRight');
  await expect(cell('Warehouse robots')).toBeFocused();
  await cell('Warehouse robots').selectOption('Editor');
  await cell('Lighthouse').selectOption('Viewer');
  await cell('Quarterly reports').selectOption('none');
  await expect(page.getByText('3 changes')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByText('Warehouse robots: no role → Editor')).toBeVisible();
  await page.getByRole('button', { name: 'Save 2 changes' }).click();
  await expect(page.getByText('2 done.')).toBeVisible();
  await page.getByRole('button', { name: 'Close' }).click();
  await page.reload();
  await expect(cell('Warehouse robots')).toHaveValue('editor');
  await expect(cell('Lighthouse')).toHaveValue('viewer');
  await cell('Lighthouse').selectOption('none');
  await page.getByRole('link', { name: 'Members' }).click();
  await page.getByRole('button', { name: 'Leave without saving' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Members' })).toBeVisible();
});

// Narrow, the pages are arranged otherwise, in the same colours.
for (const { width, schemes } of [
  { width: 1280, schemes: ['light', 'dark'] },
  { width: 360, schemes: ['light'] },
] as const) {
  test(`each page of a company reads well aloud, ${String(width)} pixels wide`, async ({ page }) => {
    test.setTimeout(120_000); // seven pages, each read whole, on a machine that may be busy
    await page.setViewportSize({ width, height: 800 });
    for (const [name, whenRead] of pages) {
      await openPage(page, name);
      await expect(page.getByText(whenRead)).toBeVisible();
      await expectFits(page);
      await expectAccessible(page, schemes);
    }
  });
}
