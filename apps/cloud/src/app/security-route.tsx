import { getRouteApi } from '@tanstack/react-router';
import { SecurityPage } from '../features/security/security-page.tsx';
import { AccountPanel } from '../ui/account-panel.tsx';
import { Page } from '../ui/page.tsx';
import { SignedIn } from './signed-in.tsx';

const route = getRouteApi('/account/security');

export function SecurityRoute() {
  const { linked } = route.useSearch();
  return (
    <SignedIn>
      {({ me, mode }) => (
        <Page kind="inside" account={<AccountPanel me={me} mode={mode} />}>
          <SecurityPage me={me} mode={mode} linked={linked} />
        </Page>
      )}
    </SignedIn>
  );
}
