import { expect, test } from 'vitest';
import { linkWay } from './link-way.ts';

test('another way is linked on the surface on which its reader is signed in', () => {
  const wish = { provider: 'github', returnTo: '/account/security?linked=github' };
  expect(linkWay({ ...wish, isByTokens: false })).toBe(
    '/auth/login?provider=github&link=1&returnTo=%2Faccount%2Fsecurity%3Flinked%3Dgithub',
  );
  expect(linkWay({ ...wish, isByTokens: true, returnTo: undefined })).toBe(
    '/api/v1/auth/link?provider=github',
  );
});
