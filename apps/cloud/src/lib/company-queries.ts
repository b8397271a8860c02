import { Invitation, JoinRequest, Member, Project, ProjectMember, listOf } from '@gatehouse/contract';
import type { InvitationStatus, JoinRequestStatus, ProjectRole } from '@gatehouse/contract';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { read } from './api.ts';

/** Where the API keeps what belongs to a company. */
export const companyPath = (slug: string, ...rest: readonly string[]) =>
  `/api/v1/companies/${[slug, ...rest].map(encodeURIComponent).join('/')}`;

type Filter = Readonly<Record<string, string | undefined>>;
export type PageOf<Item> = { readonly items: Item[]; readonly nextCursor: string | null };
type PageShape<Item> = Parameters<typeof read<PageOf<Item>>>[1];

function withFilter(path: string, filter: Filter): string {
  const said = Object.entries(filter).flatMap(([name, value]) => (value ? [[name, value]] : []));
  return said.length === 0 ? path : `${path}?${new URLSearchParams(said).toString()}`;
}

const listKey = (slug: string, ...names: readonly string[]) => ['company', slug, ...names] as const;

type List<Item> = {
  readonly slug: string;
  readonly path: readonly string[];
  readonly shape: PageShape<Item>;
  readonly filter: Filter;
};

/** A list that comes in pages. It is read again when it is opened, not each time the window is looked at. */
const listQuery = <Item>({ slug, path, shape, filter }: List<Item>) =>
  infiniteQueryOptions({
    queryKey: [...listKey(slug, ...path), 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      read(withFilter(companyPath(slug, ...path), { ...filter, cursor: pageParam }), shape, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }: PageOf<Item>) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });

export type ListQuery<Item> = ReturnType<typeof listQuery<Item>>;

export type MemberFilter = { limit?: string; query?: string; role?: 'admin' | 'user'; project?: string };

export const membersKey = (slug: string) => listKey(slug, 'members');
export const membersQuery = (slug: string, filter: MemberFilter) =>
  listQuery({ slug, path: ['members'], shape: listOf(Member), filter });

export const projectsQuery = (slug: string, filter: { query?: string }) =>
  listQuery({ slug, path: ['projects'], shape: listOf(Project), filter });

export const projectMembersKey = (slug: string, project: string) =>
  listKey(slug, 'projects', project, 'members');
export const projectMembersQuery = (slug: string, project: string, filter: { query?: string }) =>
  listQuery({ slug, path: ['projects', project, 'members'], shape: listOf(ProjectMember), filter });

export const invitationsKey = (slug: string) => listKey(slug, 'invitations');
export const invitationsQuery = (slug: string, filter: { query?: string; status?: InvitationStatus }) =>
  listQuery({ slug, path: ['invitations'], shape: listOf(Invitation), filter });

export const requestsKey = (slug: string) => listKey(slug, 'join-requests');
export const requestsQuery = (slug: string, filter: { status?: JoinRequestStatus }) =>
  listQuery({ slug, path: ['join-requests'], shape: listOf(JoinRequest), filter });

const largestPage = '200';

/** Every project that one may see, for choices and for the columns of a table. */
export const allProjectsQuery = (slug: string) =>
  queryOptions({
    queryKey: [...listKey(slug), 'all-projects'],
    queryFn: async ({ signal }) => {
      const found: Project[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const path = withFilter(companyPath(slug, 'projects'), { limit: largestPage, cursor });
        const page: PageOf<Project> = await read(path, listOf(Project), signal);
        found.push(...page.items);
        cursor = page.nextCursor;
      }
      return found;
    },
  });

const countedUpTo = 20;

/** How many ask to join, in words: nothing for nobody, `20+` for more than that. */
export const waitingQuery = (slug: string) =>
  queryOptions({
    queryKey: [...listKey(slug), 'waiting'],
    queryFn: async ({ signal }) => {
      const path = companyPath(slug, 'join-requests');
      const wish = { status: 'pending', limit: String(countedUpTo) };
      const { items, nextCursor } = await read(withFilter(path, wish), listOf(JoinRequest), signal);
      return nextCursor === null ? String(items.length || '') : `${String(countedUpTo)}+`;
    },
    staleTime: 30_000,
  });

/**
 * Changes what is already on the page in all lists below `key`. Whatever `change` has no answer for is taken out. Lists
 * that don't have it are read anew when they are looked at: it may belong there now, or they were read before it changed.
 */
export function patchLists<Item>(
  queries: QueryClient,
  key: readonly string[],
  change: (item: Item) => Item | undefined,
): void {
  const lists = { queryKey: [...key, 'list'] };
  const has = (data: InfiniteData<PageOf<Item>> | undefined) =>
    data?.pages.some((page) => page.items.some((item) => change(item) !== item)) === true;
  const others = queries
    .getQueriesData<InfiniteData<PageOf<Item>>>(lists)
    .filter(([, data]) => !has(data))
    .map(([ofList]) => ofList);
  queries.setQueriesData<InfiniteData<PageOf<Item>>>(
    lists,
    (data) =>
      data && {
        ...data,
        pages: data.pages.map((page) => ({
          ...page,
          items: page.items.flatMap((item) => change(item) ?? []),
        })),
      },
  );
  for (const queryKey of others) void queries.invalidateQueries({ queryKey, exact: true });
}

/** Roles in projects with this one put in, or taken out. */
export function withGrant(
  grants: Member['projects'],
  project: string,
  role: ProjectRole | undefined,
): Member['projects'] {
  const others = (grants ?? []).filter((grant) => grant.project !== project);
  return role === undefined ? others : [...others, { project, role }];
}
