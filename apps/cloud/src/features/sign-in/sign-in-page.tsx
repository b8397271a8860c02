import { Button } from '@mantine/core';
import type { MeAnswer, ProvidersAnswer } from '@gatehouse/contract';
import { usePageTitle } from '../../lib/hooks.ts';
import { isReturnPath } from '../../lib/return-path.ts';
import { en } from '../../messages/en.ts';
import { WaysIn } from '../../ui/ways-in.tsx';
import { CodeStep } from './code-step.tsx';
import { NoWayIn } from './no-way-in.tsx';
import { PasswordForm } from './password-form.tsx';
import './sign-in.css';
import { usePasswordSignIn } from './use-password-sign-in.ts';
import type { Entering } from './use-password-sign-in.ts';

export type SignInWish = {
  readonly returnTo?: string | undefined;
  readonly switchAccount: boolean;
  readonly isSignedOut: boolean;
  /** Comes from setting a new password by mail. */
  readonly isPasswordSet: boolean;
  /** The invitation on whose page this sign-in begins. */
  readonly invitation?: string | undefined;
};

type SignInProps = {
  readonly ways: ProvidersAnswer;
  readonly me: MeAnswer | null;
  readonly wish: SignInWish;
  readonly onEntered: Entering['onEntered'];
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

function leadOf({ providers, password }: ProvidersAnswer, { switchAccount }: SignInWish): string {
  if (switchAccount) return en.signIn.switchLead;
  if (!password) return en.signIn.lead;
  return providers.length === 0 ? en.password.leadAlone : en.password.lead;
}

/** What is to be known before signing in. */
function Told({ wish }: { readonly wish: SignInWish }) {
  if (!wish.isSignedOut && !wish.isPasswordSet) return null;
  return (
    <p role="status" className="note">
      {wish.isPasswordSet ? en.password.isSet : en.signIn.signedOut}
    </p>
  );
}

/** The door: the ways in that this deployment offers, in its order, and the password where it takes one. */
export function SignInPage({ ways, me, wish, onEntered }: SignInProps) {
  const hasProviders = ways.providers.length > 0;
  const isEmpty = !hasProviders && !ways.password;
  const title = wish.switchAccount ? en.signIn.switchTitle : en.signIn.title;
  const signIn = usePasswordSignIn({ invitation: wish.invitation, onEntered });
  usePageTitle(isEmpty ? en.signIn.noneTitle : title);
  if (isEmpty) return <NoWayIn />;
  if (signIn.challenge !== undefined) return <CodeStep signIn={signIn} challenge={signIn.challenge} />;
  return (
    <div className="threshold-card">
      <Told wish={wish} />
      <div className="stack stack-close">
        <h1>{title}</h1>
        <p className="soft">{leadOf(ways, wish)}</p>
      </div>
      {me && !wish.switchAccount && <AlreadySignedIn me={me} returnTo={wish.returnTo} />}
      {hasProviders && <WaysIn providers={ways.providers} wish={wish} />}
      {hasProviders && ways.password && <p className="or">{en.password.or}</p>}
      {ways.password && <PasswordForm signIn={signIn} />}
      {ways.policy === 'restricted' && <p className="soft small">{en.signIn.restricted}</p>}
    </div>
  );
}
