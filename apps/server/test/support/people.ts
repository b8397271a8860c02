import type { MeAnswer } from '@gatehouse/contract';
import { expect } from 'vitest';
import type { Browser } from './browser.ts';
import type { World } from './world.ts';

/** `GET /api/v1/me` of a browser that must be signed in. */
export async function meOf(browser: Browser): Promise<MeAnswer> {
  const answer = await browser.get('/api/v1/me');
  expect(answer.status, answer.body).toBe(200);
  // The flow's own tests hold the answer against its schema.
  return answer.json() as MeAnswer;
}

export type Provider = 'github' | 'google' | 'azure';

export function standInOf(w: World, provider: Provider) {
  return { github: w.github, google: w.google, azure: w.entra }[provider];
}

/** Signs a person in, in a browser of their own unless one is given. */
// eslint-disable-next-line max-params -- reads as a sentence in every test
export async function signInAs(
  w: World,
  provider: Provider,
  key: string,
  browser = w.newBrowser(),
): Promise<Browser> {
  standInOf(w, provider).signsInAs(key);
  const answer = await browser.signIn(provider);
  expect(answer, `${key} signs in with ${provider}`).toRedirectTo('/');
  return browser;
}

const written = ['users', 'identities', 'user_emails', 'sessions', 'members'] as const;

/** What a refused sign-in must leave as it was. */
export async function countAll(w: World): Promise<Record<string, number>> {
  const counts = await Promise.all(written.map(async (table) => [table, await w.count(table)] as const));
  return Object.fromEntries(counts);
}

type NewGooglePerson = { readonly email: string; readonly sub: string; readonly hd?: string };

export function addGooglePerson(w: World, key: string, person: NewGooglePerson): void {
  w.google.people.add({
    key,
    name: key,
    givenName: key,
    familyName: 'Test',
    isEmailVerified: true,
    ...person,
  });
}
