import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ListQuery } from './company-queries.ts';

/** What has been read of a list so far, and how to read on. */
export function useList<Item>(query: ListQuery<Item>) {
  const {
    data,
    error,
    isPending,
    isPlaceholderData,
    refetch,
    hasNextPage,
    isFetchingNextPage,
    fetchNextPage,
  } = useInfiniteQuery(query);
  const items = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  return {
    items,
    pages: data?.pages ?? [],
    isPending,
    /** What is shown is still the answer to the question before. */
    isOfBefore: isPlaceholderData,
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
