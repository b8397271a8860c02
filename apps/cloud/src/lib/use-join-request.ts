import { useMutation, useQueryClient } from '@tanstack/react-query';
import { asProblem, change } from './api.ts';
import { meQuery } from './queries.ts';

/** Asks to be let in to a company. The answer is the same whether or not there is one of that name. */
export function useJoinRequest() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (slug: string) => change(`/api/v1/companies/${encodeURIComponent(slug)}/join-requests`),
    onError: (error) => {
      if (asProblem(error).code === 'unauthenticated')
        void queries.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  });
}
