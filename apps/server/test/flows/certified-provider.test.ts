import { afterAll, expect } from 'vitest';
import { browseBack, clientId, clientSecret, startCertifiedProvider } from '../support/certified-provider.ts';
import { meOf } from '../support/people.ts';
import { test } from '../support/world.ts';

const provider = await startCertifiedProvider(new URL('http://localhost:3000/auth/callback'));
afterAll(provider.close);

const environment = {
  CLOUDGRID_AUTH_PROVIDERS: 'google',
  CLOUDGRID_AUTH_GOOGLE_ISSUER: provider.issuer,
  CLOUDGRID_AUTH_GOOGLE_CLIENT_ID: clientId,
  CLOUDGRID_AUTH_GOOGLE_CLIENT_SECRET: clientSecret,
};

test('a person of a certified OpenID provider that we did not write signs in', async ({ w }) => {
  await w.start(environment);
  const { location } = await w.browser.ask('/auth/login?provider=google&returnTo=/reports');
  if (location === undefined) throw new Error('nobody was sent anywhere');
  expect(await w.browser.ask(await browseBack(location, 'ada'))).toRedirectTo('/reports');
  expect(await meOf(w.browser)).toMatchObject({
    user: { displayName: 'Ada Byron', email: 'ada@acme.example' },
    companies: [{ slug: 'acme', role: 'admin' }],
  });
});

test('whose address it does not verify is signed in without one', async ({ w }) => {
  await w.start(environment);
  const { location } = await w.browser.ask('/auth/login?provider=google');
  if (location === undefined) throw new Error('nobody was sent anywhere');
  expect(await w.browser.ask(await browseBack(location, 'eve'))).toRedirectTo('/');
  expect(await meOf(w.browser)).toMatchObject({ user: { email: null }, companies: [] });
});
