import { queryOptions } from '@tanstack/react-query';
import { readMe } from './queries.ts';
import { tokens } from './tokens.ts';

/**
 * Whether whoever arrived with this token is signed in now, by it or by the session cookie that they had anyway. If not,
 * the token isn't this browser's.
 */
export const arrivalQuery = (token: string) =>
  queryOptions({
    queryKey: ['arrival'],
    queryFn: async ({ signal }) => (await readMe(signal)) !== null || (await tokens.prove(token)),
    staleTime: Infinity,
    gcTime: Infinity,
  });
