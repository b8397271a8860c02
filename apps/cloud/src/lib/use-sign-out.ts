import { useMutation } from '@tanstack/react-query';
import { asProblem, change } from './api.ts';
import { usePageHref } from './page-context.ts';
import type { PageLink } from './pages.ts';

/** Ends the session, then loads `next` afresh, so that nothing of the person stays in memory. */
export function useSignOut() {
  const href = usePageHref();
  return useMutation<undefined, Error, PageLink>({
    mutationFn: async () => {
      await change('/auth/logout').catch((error: unknown) => {
        if (asProblem(error).code !== 'unauthenticated') throw error;
      });
      return undefined;
    },
    onSuccess: (_done, next) => {
      window.location.assign(href(next));
    },
  });
}
