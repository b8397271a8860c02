import { isReturnPath } from './return-path.ts';

export type LoginWish = {
  readonly returnTo?: string | undefined;
  readonly switchAccount: boolean;
  /** The invitation on whose page this sign-in begins, and which it accepts if it proves the invited address. */
  readonly invitation?: string | undefined;
};

const nowhere = 'http://relative.invalid';

/**
 * The link behind a provider's button: its `loginUrl` with what this sign-in wishes for. Undefined for an address that a
 * browser wouldn't open as a page.
 */
export function loginLink(loginUrl: string, wish: LoginWish): string | undefined {
  const url = URL.parse(loginUrl, nowhere);
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  if (wish.returnTo && isReturnPath(wish.returnTo)) url.searchParams.set('returnTo', wish.returnTo);
  if (wish.invitation) url.searchParams.set('invitation', wish.invitation);
  if (wish.switchAccount) url.searchParams.set('prompt', 'select_account');
  return url.origin === nowhere ? url.pathname + url.search : url.href;
}
