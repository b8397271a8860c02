import type { TokenAnswer } from '@gatehouse/contract';
import { useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { use } from 'react';
import { asProblem, changeByCookie } from '../lib/api.ts';
import { PageContext } from '../lib/page-context.ts';
import { pageHref } from '../lib/pages.ts';
import { meQuery, providersQuery } from '../lib/queries.ts';
import { isReturnPath } from '../lib/return-path.ts';
import { adoptTokens, holdsTokens } from '../lib/tokens.ts';

/** A session that this browser had by its cookie would win over the tokens once the page is loaded anew. */
async function endCookieSession(queries: QueryClient): Promise<void> {
  if (holdsTokens() || !queries.getQueryData(meQuery.queryKey)) return;
  await changeByCookie('/auth/logout').catch((error: unknown) => {
    if (asProblem(error).code !== 'unauthenticated') throw error;
  });
}

/**
 * Takes the tokens of somebody who is in, forgets whatever was read for anybody else, and goes on to where they were
 * going. Where the pages lie in a folder, any place to return to is the application's.
 */
export function useEntered(returnTo?: string) {
  const router = useRouter();
  const queries = useQueryClient();
  const { base } = use(PageContext);
  return async (tokens: TokenAnswer): Promise<void> => {
    await endCookieSession(queries);
    adoptTokens(tokens);
    const [ways] = providersQuery.queryKey;
    await queries.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== ways });
    const target = returnTo !== undefined && isReturnPath(returnTo) ? returnTo : undefined;
    if (target !== undefined && base !== '/') window.location.assign(target);
    else router.history.push(target ?? pageHref(base, { to: 'start' }));
  };
}
