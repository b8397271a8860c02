import type { TokenAnswer } from '@gatehouse/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { use } from 'react';
import { PageContext } from '../lib/page-context.ts';
import { pageHref } from '../lib/pages.ts';
import { providersQuery } from '../lib/queries.ts';
import { isReturnPath } from '../lib/return-path.ts';
import { adoptTokens } from '../lib/tokens.ts';

/**
 * Takes the tokens of somebody who is in, forgets whatever was read for anybody else, and goes on to where they were
 * going. Where the pages lie in a folder, any place to return to is the application's.
 */
export function useEntered(returnTo?: string) {
  const router = useRouter();
  const queries = useQueryClient();
  const { base } = use(PageContext);
  return async (tokens: TokenAnswer): Promise<void> => {
    adoptTokens(tokens);
    const [ways] = providersQuery.queryKey;
    await queries.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== ways });
    const target = returnTo !== undefined && isReturnPath(returnTo) ? returnTo : undefined;
    if (target !== undefined && base !== '/') window.location.assign(target);
    else router.history.push(target ?? pageHref(base, { to: 'start' }));
  };
}
