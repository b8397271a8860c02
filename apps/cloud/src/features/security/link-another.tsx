import { Button } from '@mantine/core';
import type { OwnIdentity, ProvidersAnswer } from '@gatehouse/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { use } from 'react';
import { ApiProblem, apiHref } from '../../lib/api.ts';
import { linkWay } from '../../lib/link-way.ts';
import { readStepUp } from '../../lib/own-credentials.ts';
import { PageContext, usePageHref } from '../../lib/page-context.ts';
import { providerWords } from '../../lib/provider-names.ts';
import { providersQuery } from '../../lib/queries.ts';
import { isReturnPath } from '../../lib/return-path.ts';
import { holdsTokens } from '../../lib/tokens.ts';
import { waysHere } from '../../lib/ways-here.ts';
import { en } from '../../messages/en.ts';
import { ProviderMark } from '../../ui/provider-mark.tsx';
import { Refusal } from './card.tsx';
import { useProve } from './step-up.tsx';

/** Goes to the provider once who asks is freshly proven: on the way there nothing can be asked. */
function useLinking() {
  const prove = useProve();
  const href = usePageHref();
  return useMutation({
    mutationFn: async (provider: string) => {
      await prove(async () => {
        const { freshUntil } = await readStepUp();
        if (freshUntil === null) throw new ApiProblem('step_up_required');
      });
      const back = `${href({ to: 'security' })}?linked=${provider}`;
      const returnTo = isReturnPath(back) ? back : undefined;
      window.location.assign(apiHref(linkWay({ provider, isByTokens: holdsTokens(), returnTo })));
    },
  });
}

type Way = ProvidersAnswer['providers'][number];

/**
 * The providers of this deployment that don't lead in yet. People know a provider by its name: of two ways to the same
 * one, the one that leads back to this origin stands for both.
 */
function useOthers(identities: readonly OwnIdentity[]): Way[] {
  const settings = use(PageContext);
  const ways = useQuery(providersQuery).data?.providers ?? [];
  const nameOf = (way: Pick<Way, 'id' | 'name'>) => providerWords(way).name;
  const linked = identities.map(({ connection, name }) => nameOf({ id: connection, name }));
  const byName = new Map([...ways, ...waysHere(ways, settings)].map((way) => [nameOf(way), way]));
  return [...byName].filter(([name]) => !linked.includes(name)).map(([, way]) => way);
}

export function LinkAnother({ identities }: { readonly identities: readonly OwnIdentity[] }) {
  const linking = useLinking();
  const others = useOthers(identities);
  if (others.length === 0) return null;
  return (
    <div className="stack stack-close">
      <h3>{en.security.link}</h3>
      <p className="soft small">{en.security.linkLead}</p>
      <Refusal error={linking.error} />
      <div className="buttons">
        {others.map((provider) => {
          const { name } = providerWords(provider);
          return (
            <Button
              key={provider.id}
              variant="default"
              leftSection={<ProviderMark providerId={provider.id} />}
              onClick={() => {
                if (!linking.isPending) linking.mutate(provider.id);
              }}
            >
              {linking.isPending && linking.variables === provider.id
                ? en.signIn.leaving(name)
                : en.security.linkOf(name)}
            </Button>
          );
        })}
      </div>
    </div>
  );
}
