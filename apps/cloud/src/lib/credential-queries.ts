import { OwnIdentity, OwnMfa, OwnPassword, listOf } from '@gatehouse/contract';
import { queryOptions } from '@tanstack/react-query';
import { read } from './api.ts';

const mePath = '/api/v1/me';

export const ownPasswordQuery = queryOptions({
  queryKey: ['own', 'password'],
  queryFn: ({ signal }) => read(`${mePath}/password`, OwnPassword, signal),
});

export const ownMfaQuery = queryOptions({
  queryKey: ['own', 'mfa'],
  queryFn: ({ signal }) => read(`${mePath}/mfa`, OwnMfa, signal),
});

/** The accounts elsewhere that lead into one's own. */
export const ownIdentitiesQuery = queryOptions({
  queryKey: ['own', 'identities'],
  queryFn: ({ signal }) => read(`${mePath}/identities`, listOf(OwnIdentity), signal),
});
