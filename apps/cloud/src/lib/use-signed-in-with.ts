import type { MeAnswer } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';
import { providerWords } from './provider-names.ts';
import { providersQuery } from './queries.ts';

/** The provider that led to this session. Its address is missing once it is no longer offered. */
export function useSignedInWith(me: MeAnswer) {
  const { data } = useQuery(providersQuery);
  const id = me.session.signedInWith;
  const offered = data?.providers.find((provider) => provider.id === id);
  return { id, name: providerWords(offered ?? { id, name: id }).name, loginUrl: offered?.loginUrl };
}
