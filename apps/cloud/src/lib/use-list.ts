import { useInfiniteQuery } from '@tanstack/react-query';
import type { InfiniteData, QueryKey, UseInfiniteQueryOptions } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { PageOf } from './company-queries.ts';

type ListOptions<Item, Key extends QueryKey> = UseInfiniteQueryOptions<
  PageOf<Item>,
  Error,
  InfiniteData<PageOf<Item>, string>,
  Key,
  string
>;

/** What has been read of a list so far, and how to read on. */
export function useList<Item, Key extends QueryKey>(query: ListOptions<Item, Key>) {
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useInfiniteQuery(query);
  const items = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  return {
    items,
    pages: data?.pages ?? [],
    isPending,
    error: error ?? undefined,
    hasMore: hasNextPage,
    isReadingOn: isFetchingNextPage,
    readOn: () => {
      if (!isFetchingNextPage) void fetchNextPage();
    },
    readAgain: () => void refetch(),
  };
}

export type ReadList = Omit<ReturnType<typeof useList>, 'items' | 'pages'> & {
  readonly items: readonly unknown[];
};
