import { LandingInvitation, MeAnswer, OwnSessionList, ProvidersAnswer } from '@gatehouse/contract';
import { queryOptions } from '@tanstack/react-query';
import { ApiProblem, read } from './api.ts';

/** Who is signed in, or null. Only a 401 means nobody; a server that doesn't answer is an error. */
async function readMe(signal: AbortSignal): Promise<MeAnswer | null> {
  return read('/api/v1/me', MeAnswer, signal).catch((error: unknown) => {
    if (error instanceof ApiProblem && error.code === 'unauthenticated') return null;
    throw error;
  });
}

const meKey = ['me'] as const;

export const meQuery = queryOptions({
  queryKey: meKey,
  queryFn: async ({ signal, client }) => {
    const me = await readMe(signal);
    // The session of somebody known may have been rotated while we asked: then the browser holds the new one by now.
    return me === null && client.getQueryData<MeAnswer | null>(meKey) ? await readMe(signal) : me;
  },
});

/** One's own sessions. Whoever turns out to be signed out is led on by what `meQuery` then finds. */
export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal, client }) =>
    read('/api/v1/me/sessions', OwnSessionList, signal).catch((error: unknown) => {
      if (error instanceof ApiProblem && error.code === 'unauthenticated')
        void client.invalidateQueries({ queryKey: meKey });
      throw error;
    }),
});

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: ({ signal }) => read('/auth/providers', ProvidersAnswer, signal),
});

/** What the link of an invitation leads to, for whoever follows it. Reading it uses nothing up. */
export const landingQuery = (id: string) =>
  queryOptions({
    queryKey: ['landing', id],
    queryFn: ({ signal }) => read(`/api/v1/invitations/${encodeURIComponent(id)}`, LandingInvitation, signal),
  });
