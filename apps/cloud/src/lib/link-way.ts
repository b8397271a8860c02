/** The surface on which its reader is signed in decides where linking begins. */
type LinkWish = {
  readonly provider: string;
  /** With tokens, which the browser's navigation doesn't carry, the refresh cookie says who it is. */
  readonly isByTokens: boolean;
  readonly returnTo: string | undefined;
};

/** Where another way to sign in is linked: a path below the API's origin. */
export function linkWay({ provider, isByTokens, returnTo }: LinkWish): string {
  const said = new URLSearchParams({ provider });
  if (!isByTokens) said.set('link', '1');
  if (returnTo !== undefined) said.set('returnTo', returnTo);
  return `${isByTokens ? '/api/v1/auth/link' : '/auth/login'}?${said.toString()}`;
}
