import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Navigate } from '@tanstack/react-router';
import { SignInPage } from '../features/sign-in/sign-in-page.tsx';
import { asProblem } from '../lib/api.ts';
import { meQuery, providersQuery } from '../lib/queries.ts';
import { AccountPanel } from '../ui/account-panel.tsx';
import { Page } from '../ui/page.tsx';
import { PageWaiting } from '../ui/waiting.tsx';
import { FailedPage } from './failed-page.tsx';
import { useEntered } from './use-entered.ts';

const route = getRouteApi('/sign-in');

/** Draws the ways in as soon as they are known; whether somebody is signed in already may arrive later, or never. */
export function SignInRoute() {
  const { returnTo, switch: isSwitch, signedOut, passwordSet, invitation } = route.useSearch();
  const onEntered = useEntered(returnTo);
  const providers = useQuery(providersQuery);
  const me = useQuery(meQuery);
  if (providers.data?.mode === 'local') return <Navigate to="/" replace />;
  if (providers.isError && !providers.data) {
    return <FailedPage problem={asProblem(providers.error)} onRetry={() => void providers.refetch()} />;
  }
  const person = me.data ?? null;
  return (
    <Page kind="threshold" account={person && <AccountPanel me={person} mode="sso" />}>
      {providers.data ? (
        <SignInPage
          ways={providers.data}
          me={person}
          wish={{
            returnTo,
            switchAccount: isSwitch === '1',
            isSignedOut: signedOut === '1',
            isPasswordSet: passwordSet === '1',
            invitation,
          }}
          onEntered={onEntered}
        />
      ) : (
        <div className="threshold-card">
          <PageWaiting />
        </div>
      )}
    </Page>
  );
}
