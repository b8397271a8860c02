/// <reference lib="dom" />
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect } from '@playwright/test';
import type { Page } from '@playwright/test';

/** A page that fails its test on any script error and on anything that the content security policy stopped. */
export const test = base.extend({
  page: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      const text = message.text();
      if (message.type() === 'error' && !text.startsWith('Failed to load resource')) complaints.push(text);
    });
    await use(page);
    expect(complaints).toEqual([]);
  },
});

type Scheme = 'light' | 'dark';

/** Nothing for a screen reader to stumble over, in either colour scheme unless one is named. */
export async function expectAccessible(
  page: Page,
  schemes: readonly Scheme[] = ['light', 'dark'],
): Promise<void> {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const axe = new AxeBuilder({ page });
    // Of all rules these alone look at colours; for the others both schemes are the same page.
    if (colorScheme === 'dark') axe.withRules(['color-contrast', 'link-in-text-block']);
    const { violations } = await axe.analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual(
      [],
    );
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

export async function expectFits(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
}

/** From the sign-in page to the provider, a click on a person there, and wherever that leads. */
export async function signIn(page: Page, provider: RegExp, person: RegExp): Promise<void> {
  await page.getByRole('link', { name: provider }).click();
  await page.getByRole('button', { name: person }).first().click();
}

export { expect };
