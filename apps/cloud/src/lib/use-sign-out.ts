import { useMutation } from '@tanstack/react-query';
import { asProblem, change, changeByCookie } from './api.ts';
import { usePageHref } from './page-context.ts';
import type { PageLink } from './pages.ts';
import { tokens } from './tokens.ts';

/** Where there is nothing to end, or no such way in, it has ended. */
const isOver: ReadonlySet<string> = new Set(['unauthenticated', 'not_found']);

const unlessOver = (error: unknown) => {
  if (!isOver.has(asProblem(error).code)) throw error;
};

/** Ends the sign-in of this browser, in its other tabs too, then loads `next` afresh: nothing of the person stays in memory. */
export function useSignOut() {
  const href = usePageHref();
  return useMutation<undefined, Error, PageLink>({
    mutationFn: async () => {
      // A browser may have both: what is left would sign the person in again.
      await Promise.all([
        changeByCookie('/auth/logout').catch(unlessOver),
        change('/api/v1/auth/logout').catch(unlessOver),
      ]);
      tokens.end();
      return undefined;
    },
    onSuccess: (_done, next) => {
      window.location.assign(href(next));
    },
  });
}
