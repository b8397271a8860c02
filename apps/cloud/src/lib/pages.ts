import { isReturnPath } from './return-path.ts';

export type PageLink =
  /** Not at `/`, which may be the application's. */
  | { readonly to: 'start' }
  | { readonly to: 'sessions' }
  | { readonly to: 'security' }
  | { readonly to: 'register' }
  | { readonly to: 'forgot-password' }
  /** The sign-in page, which says that the new password is set. */
  | { readonly to: 'password-set' }
  | { readonly to: 'switch-account' }
  | { readonly to: 'signed-out' }
  | { readonly to: 'prove-email' }
  /** With `switchAccount` the ways in there ask which account to use. */
  | { readonly to: 'invitation'; readonly id: string; readonly switchAccount?: boolean }
  | { readonly to: 'company'; readonly slug: string }
  | {
      readonly to: 'sign-in';
      readonly returnTo?: string | undefined;
      /** The one that a sign-in there is for. */
      readonly invitation?: string | undefined;
    };

/** The address of one of our pages. `base` is `/`, or a folder such as `/auth/app/`. */
export function pageHref(base: string, page: PageLink): string {
  const folder = base.endsWith('/') ? base : `${base}/`;
  if (page.to === 'start') return `${folder}account`;
  if (page.to === 'sessions') return `${folder}account/sessions`;
  if (page.to === 'security') return `${folder}account/security`;
  if (page.to === 'register') return `${folder}register`;
  if (page.to === 'forgot-password') return `${folder}forgot-password`;
  if (page.to === 'password-set') return `${folder}sign-in?passwordSet=1`;
  if (page.to === 'switch-account') return `${folder}sign-in?switch=1`;
  if (page.to === 'signed-out') return `${folder}sign-in?signedOut=1`;
  if (page.to === 'prove-email') return `${folder}prove-email`;
  if (page.to === 'invitation')
    return `${folder}invitations/${page.id}${page.switchAccount === true ? '?switch=1' : ''}`;
  if (page.to === 'company') return `${folder}companies/${page.slug}/projects`;
  const said = new URLSearchParams();
  if (page.returnTo && isReturnPath(page.returnTo)) said.set('returnTo', page.returnTo);
  if (page.invitation) said.set('invitation', page.invitation);
  return said.size === 0 ? `${folder}sign-in` : `${folder}sign-in?${said.toString()}`;
}
