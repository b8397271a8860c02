import { MeAnswer, ProvidersAnswer } from '@gatehouse/contract';
import { queryOptions } from '@tanstack/react-query';
import { ApiProblem, read } from './api.ts';

/** Who is signed in, or null. Only a 401 means nobody; a server that doesn't answer is an error. */
async function readMe(signal: AbortSignal): Promise<MeAnswer | null> {
  return read('/api/v1/me', MeAnswer, signal).catch((error: unknown) => {
    if (error instanceof ApiProblem && error.code === 'unauthenticated') return null;
    throw error;
  });
}

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => readMe(signal) });

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: ({ signal }) => read('/auth/providers', ProvidersAnswer, signal),
});
