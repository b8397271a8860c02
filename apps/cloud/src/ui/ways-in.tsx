import { VisuallyHidden } from '@mantine/core';
import type { ProvidersAnswer } from '@gatehouse/contract';
import { use } from 'react';
import { lastUsedAmong } from '../lib/last-used.ts';
import { loginLink } from '../lib/login-link.ts';
import type { LoginWish } from '../lib/login-link.ts';
import { PageContext } from '../lib/page-context.ts';
import { providerWords } from '../lib/provider-names.ts';
import { deviceShelf } from '../lib/shelves.ts';
import { useLeaving } from '../lib/use-leaving.ts';
import { waysHere } from '../lib/ways-here.ts';
import { en } from '../messages/en.ts';
import { ProviderLink } from './provider-link.tsx';
import './ways-in.css';

type WaysInProps = { readonly providers: ProvidersAnswer['providers']; readonly wish: LoginWish };

/** The ways in that lead back here, in this deployment's order, each with what this sign-in wishes for. */
export function WaysIn({ providers, wish }: WaysInProps) {
  const { leaving, leaveBy } = useLeaving();
  const settings = use(PageContext);
  const offered = waysHere(providers, settings).flatMap((provider) => {
    const href = loginLink(provider.loginUrl, wish);
    return href ? [{ provider, href }] : [];
  });
  const leavingTo = offered.find(({ provider }) => provider.id === leaving)?.provider;
  const lastUsed = lastUsedAmong(
    deviceShelf(),
    offered.map(({ provider }) => provider.id),
  );
  return (
    <>
      <ul className="ways" aria-label={en.signIn.ways}>
        {offered.map(({ provider, href }) => (
          <ProviderLink
            key={provider.id}
            provider={provider}
            href={href}
            isLastUsed={provider.id === lastUsed}
            isLeaving={provider.id === leaving}
            onLeave={() => {
              leaveBy(provider.id);
            }}
          />
        ))}
      </ul>
      <VisuallyHidden role="status">
        {leavingTo && en.signIn.leaving(providerWords(leavingTo).name)}
      </VisuallyHidden>
    </>
  );
}
