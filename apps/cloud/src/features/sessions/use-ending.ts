import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiProblem, asProblem, change } from '../../lib/api.ts';
import { meQuery, sessionsQuery } from '../../lib/queries.ts';

const path = '/api/v1/me/sessions';

/** Ends one session, or all others, then reads anew which are left. One that is over already counts as ended. */
export function useEnding(which: { readonly id: string } | 'others', onEnded: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      which === 'others'
        ? change(`${path}?others=true`, 'DELETE')
        : change(`${path}/${which.id}`, 'DELETE').catch((error: unknown) => {
            if (!(error instanceof ApiProblem) || error.code !== 'not_found') throw error;
          }),
    onSuccess: async () => {
      onEnded();
      await queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
    onError: (error) => {
      if (asProblem(error).code === 'unauthenticated')
        void queries.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  });
}
