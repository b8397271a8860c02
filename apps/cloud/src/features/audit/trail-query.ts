import { AuditEvent, listOf } from '@gatehouse/contract';
import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { read } from '../../lib/api.ts';
import { companyPath } from '../../lib/company-queries.ts';
import type { PageOf } from '../../lib/company-queries.ts';
import { trailQuery } from './trail-wish.ts';
import type { TrailWish } from './trail-wish.ts';

const auditPath = (slug: string, query: URLSearchParams) =>
  `${companyPath(slug, 'audit')}?${query.toString()}`;

/** Events of a company, a page at a time. Each page counts its period back from when it is read. */
export const eventsQuery = (slug: string, wish: TrailWish) =>
  infiniteQueryOptions({
    queryKey: ['company', slug, 'audit', 'list', wish],
    queryFn: ({ pageParam, signal }) => {
      const query = trailQuery(wish, new Date());
      if (pageParam !== '') query.set('cursor', pageParam);
      return read(auditPath(slug, query), listOf(AuditEvent), signal);
    },
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }: PageOf<AuditEvent>) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });

/** Everything that the filter finds, as a file. */
export function exportPath(slug: string, wish: TrailWish, { format, now }: Export): string {
  const query = trailQuery(wish, now);
  query.set('format', format);
  return auditPath(slug, query);
}

type Export = { readonly format: 'csv' | 'ndjson'; readonly now: Date };
