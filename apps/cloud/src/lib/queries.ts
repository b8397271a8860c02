import { LandingInvitation, MeAnswer, OwnSessionList, ProvidersAnswer } from '@gatehouse/contract';
import { queryOptions } from '@tanstack/react-query';
import { ApiProblem, apiHref, read } from './api.ts';
import { holdsTokens, tokens } from './tokens.ts';

/** Who is signed in by what this page holds now, or null. Only a 401 means nobody; no answer is an error. */
export async function readMe(signal: AbortSignal): Promise<MeAnswer | null> {
  return read('/api/v1/me', MeAnswer, signal).catch((error: unknown) => {
    if (error instanceof ApiProblem && error.code === 'unauthenticated') return null;
    throw error;
  });
}

/** Who is signed in, by the refresh cookie too: then this page holds their token from now on. */
async function findMe(signal: AbortSignal): Promise<MeAnswer | null> {
  const hadTokens = holdsTokens();
  const me = await readMe(signal);
  // A token that was refused has been asked to be renewed already.
  if (me !== null || hadTokens) return me;
  return (await tokens.restore()) ? await readMe(signal) : null;
}

const meKey = ['me'] as const;

export const meQuery = queryOptions({
  queryKey: meKey,
  queryFn: async ({ signal, client }) => {
    const me = await findMe(signal);
    // The session of somebody known may have been rotated while we asked: then the browser holds the new one by now.
    return me === null && client.getQueryData<MeAnswer | null>(meKey) ? await findMe(signal) : me;
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
  queryFn: async ({ signal }) => {
    const ways = await read('/auth/providers', ProvidersAnswer, signal);
    const providers = ways.providers.map((way) => ({ ...way, loginUrl: apiHref(way.loginUrl) }));
    return { ...ways, providers };
  },
});

/** What the link of an invitation leads to, for whoever follows it. Reading it uses nothing up. */
export const landingQuery = (id: string) =>
  queryOptions({
    queryKey: ['landing', id],
    queryFn: ({ signal }) => read(`/api/v1/invitations/${encodeURIComponent(id)}`, LandingInvitation, signal),
  });
