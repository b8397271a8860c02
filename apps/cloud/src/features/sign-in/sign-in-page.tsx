import { Button } from '@mantine/core';
import type { MeAnswer, ProvidersAnswer } from '@gatehouse/contract';
import { usePageTitle } from '../../lib/hooks.ts';
import { isReturnPath } from '../../lib/return-path.ts';
import { en } from '../../messages/en.ts';
import { WaysIn } from '../../ui/ways-in.tsx';
import { NoWayIn } from './no-way-in.tsx';
import './sign-in.css';

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
      <WaysIn providers={ways.providers} wish={wish} />
      {ways.policy === 'restricted' && <p className="soft small">{en.signIn.restricted}</p>}
    </div>
  );
}
