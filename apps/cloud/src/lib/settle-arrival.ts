import { queryOptions } from '@tanstack/react-query';
import { readMe } from './queries.ts';
import { tokens } from './tokens.ts';

const key = 'arrival';

/**
 * Whether whoever arrived with this token is signed in now, by it or by the session cookie that they had anyway. If not,
 * the token isn't this browser's. Asked once.
 */
export const arrivalQuery = (token: string) =>
  queryOptions({
    queryKey: [key],
    queryFn: async ({ signal }) => (await readMe(signal)) !== null || (await tokens.prove(token)),
    staleTime: Infinity,
    gcTime: Infinity,
  });

/** What was read for the person who was signed in, and not how they came in. */
export const isOfPerson = ({ queryKey }: { readonly queryKey: readonly unknown[] }) => queryKey[0] !== key;
