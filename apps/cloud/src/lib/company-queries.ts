import { JoinRequest, listOf } from '@gatehouse/contract';
import { queryOptions } from '@tanstack/react-query';
import { read } from './api.ts';

/** Where the API keeps what belongs to a company. */
export const companyPath = (slug: string, ...rest: readonly string[]) =>
  ['/api/v1/companies', slug, ...rest]
    .map((part, place) => (place === 0 ? part : encodeURIComponent(part)))
    .join('/');

const countedUpTo = 20;

/** How many ask to join, in words: nothing for nobody, `20+` for more than that. */
export const waitingQuery = (slug: string) =>
  queryOptions({
    queryKey: ['company', slug, 'waiting'],
    queryFn: async ({ signal }) => {
      const path = `${companyPath(slug, 'join-requests')}?status=pending&limit=${String(countedUpTo)}`;
      const { items, nextCursor } = await read(path, listOf(JoinRequest), signal);
      return nextCursor === null ? String(items.length || '') : `${String(countedUpTo)}+`;
    },
    staleTime: 30_000,
  });
