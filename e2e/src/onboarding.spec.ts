import type { Browser, Page } from '@playwright/test';
import { mailTo } from './mailbox.ts';
import type { Mail } from './mailbox.ts';
import { expect, expectAccessible, expectFits, signIn, test } from './page-checks.ts';

const linkIn = ({ text }: Mail): string => /http\S+\/invitations\/\S+/.exec(text)?.[0] ?? '';
const codeIn = ({ text }: Mail): string => /^\s*(\d{3} ?\d{3})\s*$/m.exec(text)?.[1] ?? '';

async function openAs(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 800 } });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

test('invited, bounced, accepted by other providers, promoted, removed: and the open tab is shut out', async ({
  page: ada,
  browser,
}) => {
  await ada.goto('/');
  await signIn(ada, /Google/, /^Ada/);
  await expect(ada.getByRole('heading', { name: 'Acme' })).toBeVisible();
  await ada.goto('/companies/acme/invitations');
  await ada
    .getByLabel('E-mail addresses')
    .fill('many@acme.example grace@acme.example bounce-me@acme.example');
  await ada.getByLabel('Give a project').selectOption('Lighthouse');
  await ada.getByRole('button', { name: 'Invite 3 people' }).click();
  await expect(ada.getByRole('status').filter({ hasText: '3 invited' })).toBeVisible();
  await ada.reload();
  const bounced = ada.getByRole('row', { name: /bounce-me@acme\.example/ });
  await expect(async () => {
    await ada.reload();
    await expect(bounced).toContainText(/Failed.*550/, { timeout: 1_000 });
  }).toPass({ timeout: 15_000 });
  await ada.getByRole('button', { name: 'Send again the invitation to bounce-me@acme.example' }).click();
  await expect(bounced).toContainText(/Failed|queued|Waiting/i);

  // GitHub vouches for the invited address: in with the sign-in.
  const many = await openAs(browser, linkIn(await mailTo('many@acme.example', /Lighthouse/)));
  await expect(many.getByText('Ada Byron invites you to join Acme.')).toBeVisible();
  await expect(many.getByText('m•••@acme.example')).toBeVisible();
  await expectAccessible(many);
  await expectFits(many);
  await signIn(many, /GitHub/, /^Manuela/);
  await expect(many.getByRole('heading', { level: 1, name: 'Projects' })).toBeVisible();
  await expect(many.getByRole('link', { name: 'Lighthouse' })).toBeVisible();

  // For Grace it vouches for nothing: she proves the mailbox.
  const grace = await openAs(browser, linkIn(await mailTo('grace@acme.example', /Lighthouse/)));
  await signIn(grace, /GitHub/, /^Grace/);
  await grace.getByLabel('E-mail address').fill('grace@acme.example');
  await grace.getByRole('button', { name: 'Send the code' }).click();
  await grace
    .getByLabel('Six digits from the mail')
    .fill(codeIn(await mailTo('grace@acme.example', /^\s*\d{3} ?\d{3}\s*$/m)));
  await grace.getByRole('button', { name: 'Confirm' }).click();
  await expect(grace.getByRole('link', { name: 'Lighthouse' })).toBeVisible();

  await ada.goto('/companies/acme/members');
  await ada.getByLabel(/^Role of Manuela/).selectOption('Administrator');
  await expect(ada.getByText(/Manuela Addressbook is now Administrator/)).toBeVisible();
  await many.reload();
  await many.getByRole('link', { name: 'Audit' }).click();
  await expect(many.getByRole('heading', { level: 1, name: /Audit/ })).toBeVisible();

  await ada.getByRole('button', { name: /^Remove Manuela/ }).click();
  await ada.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(ada.getByText(/Manuela Addressbook is no longer a member/)).toBeVisible();
  await many.waitForTimeout(1_000);
  const answer = await many.request.get('/api/v1/companies/acme/members');
  expect(answer.status()).toBe(404);
  await many.goto('/companies/acme/members');
  await expect(many.getByRole('heading', { level: 1 })).toContainText(/couldn’t find|not a member/i);
});
