import type { CloudConfig } from './config/cloud-config.ts';
import type { ErrorCode } from './kernel/errors.ts';
import { returnToIfAllowed } from './sign-in/return-to.ts';

const movedFolder = '/auth/app';
const errorPage = '/auth/error';
const ownPages = ['/', '/sign-in', '/account/sessions', errorPage];

/** Where our pages lie. With an application behind the gate, all but those below `/auth/` make room for its own. */
export function placePages({ upstreamUrl }: CloudConfig) {
  if (upstreamUrl === undefined) return { basePath: '/', paths: ownPages };
  const move = (path: string) => (path.startsWith('/auth/') ? path : `${movedFolder}${path}`);
  return { basePath: movedFolder, paths: [movedFolder, ...ownPages.map(move)] };
}

/** Pages that somebody is sent to, as paths of this origin. */
export function pagesToSendTo({ upstreamUrl }: CloudConfig) {
  const signInPage = `${upstreamUrl === undefined ? '' : movedFolder}/sign-in`;
  return {
    signIn(target: string): string {
      const returnTo = returnToIfAllowed(target);
      if (returnTo === undefined || returnTo === '/') return signInPage;
      return `${signInPage}?${new URLSearchParams({ returnTo }).toString()}`;
    },
    error: (code: ErrorCode, reference: string) => `${errorPage}?code=${code}&ref=${reference}`,
  };
}
