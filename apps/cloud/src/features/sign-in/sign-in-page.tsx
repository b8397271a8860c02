import { Button, VisuallyHidden } from '@mantine/core';
import type { MeAnswer, ProvidersAnswer } from '@gatehouse/contract';
import { usePageTitle } from '../../lib/hooks.ts';
import { lastUsedAmong } from '../../lib/last-used.ts';
import { loginLink } from '../../lib/login-link.ts';
import { providerWords } from '../../lib/provider-names.ts';
import { isReturnPath } from '../../lib/return-path.ts';
import { deviceShelf } from '../../lib/shelves.ts';
import { en } from '../../messages/en.ts';
import { NoWayIn } from './no-way-in.tsx';
import { ProviderLink } from './provider-link.tsx';
import './sign-in.css';
import { useLeaving } from './use-leaving.ts';

export type SignInWish = {
  readonly returnTo?: string | undefined;
  readonly switchAccount: boolean;
  readonly isSignedOut: boolean;
};

type SignInProps = {
  readonly ways: ProvidersAnswer;
  readonly me: MeAnswer | null;
  readonly wish: SignInWish;
};

function WaysIn({ ways, wish }: Pick<SignInProps, 'ways' | 'wish'>) {
  const { leaving, leaveBy } = useLeaving();
  const offered = ways.providers.flatMap((provider) => {
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

function AlreadySignedIn({ me, returnTo }: { readonly me: MeAnswer; readonly returnTo: string | undefined }) {
  return (
    <div className="already">
      <p>{en.signIn.already(me.user.displayName)}</p>
      <Button component="a" variant="default" href={returnTo && isReturnPath(returnTo) ? returnTo : '/'}>
        {en.signIn.goOn}
      </Button>
    </div>
  );
}

/** The door: the ways in that this deployment offers, in its order. */
export function SignInPage({ ways, me, wish }: SignInProps) {
  const isEmpty = ways.providers.length === 0;
  const title = wish.switchAccount ? en.signIn.switchTitle : en.signIn.title;
  usePageTitle(isEmpty ? en.signIn.noneTitle : title);
  if (isEmpty) return <NoWayIn />;
  return (
    <div className="threshold-card">
      {wish.isSignedOut && (
        <p role="status" className="note">
          {en.signIn.signedOut}
        </p>
      )}
      <div className="stack stack-close">
        <h1>{title}</h1>
        <p className="soft">{wish.switchAccount ? en.signIn.switchLead : en.signIn.lead}</p>
      </div>
      {me && !wish.switchAccount && <AlreadySignedIn me={me} returnTo={wish.returnTo} />}
      <WaysIn ways={ways} wish={wish} />
      {ways.policy === 'restricted' && <p className="soft small">{en.signIn.restricted}</p>}
    </div>
  );
}
