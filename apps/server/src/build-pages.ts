import type { CloudConfig } from './config/cloud-config.ts';
import type { AppError, ErrorCode } from './kernel/errors.ts';
import { returnToIfAllowed } from './sign-in/return-to.ts';

const movedFolder = '/auth/app';
export const errorPage = '/auth/error';
/** The start page once more, for where `/` is the application's. */
const startPage = '/account';
/** Of a company: the rest of the path is the pages' own business. */
const companyPages = ['members', 'invitations', 'requests', 'projects', 'access', 'audit'];
const ownPages = [
  '/',
  '/sign-in',
  startPage,
  '/account/sessions',
  '/account/security',
  '/prove-email',
  '/register',
  '/verify-email',
  '/forgot-password',
  '/reset-password',
  '/invitations/:id',
  ...companyPages.map((page) => `/companies/:slug/${page}`),
  '/companies/:slug/projects/:project',
  errorPage,
];

/** Where our pages lie. With an application behind the gate, all but those below `/auth/` make room for its own. */
export function placePages({ upstreamUrl, addresses: { appBaseUrl, publicOrigin } }: CloudConfig) {
  const appOrigin = appBaseUrl.origin === publicOrigin.origin ? '' : appBaseUrl.origin;
  if (upstreamUrl === undefined) return { appOrigin, basePath: '/', paths: ownPages };
  const move = (path: string) => (path.startsWith('/auth/') ? path : `${movedFolder}${path}`);
  return { appOrigin, basePath: movedFolder, paths: [movedFolder, ...ownPages.map(move)] };
}

/** What the links in mails begin with. Pages that are served from elsewhere lie at the root there. */
export function linksLeadTo({ addresses: { publicUrl, publicOrigin }, upstreamUrl }: CloudConfig): URL {
  const isMoved = upstreamUrl !== undefined && publicUrl.origin === publicOrigin.origin;
  return new URL(isMoved ? `${movedFolder}/` : '/', publicUrl);
}

/** Pages that somebody is sent to, as paths of this origin. */
export function pagesToSendTo({ upstreamUrl, addresses: { appBaseUrl, publicOrigin } }: CloudConfig) {
  const folder = upstreamUrl === undefined ? '' : movedFolder;
  const appFolder = appBaseUrl.origin === publicOrigin.origin ? folder : '';
  const signInPage = `${folder}/sign-in`;
  const signIn = (target: string): string => {
    const returnTo = returnToIfAllowed(target);
    if (returnTo === undefined || returnTo === '/') return signInPage;
    return `${signInPage}?${new URLSearchParams({ returnTo }).toString()}`;
  };
  return {
    /** Where it goes on for somebody refused at this path and query; `undefined` where there is only an error to show. */
    goOn(refusal: AppError, target: string): string | undefined {
      if (refusal.code === 'unauthenticated') return signIn(target);
      return refusal.context.finding === 'not_a_member' ? `${folder}${startPage}` : undefined;
    },
    landing: (invitationId: string) => `${folder}/invitations/${invitationId}`,
    /** The same where the SPA is that holds access tokens. */
    appLanding: (invitationId: string) => `${appFolder}/invitations/${invitationId}`,
    error: (code: ErrorCode, reference: string) => `${errorPage}?code=${code}&ref=${reference}`,
  };
}
