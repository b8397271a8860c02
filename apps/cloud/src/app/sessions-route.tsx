import { SessionsPage } from '../features/sessions/sessions-page.tsx';
import { AccountPanel } from '../ui/account-panel.tsx';
import { Page } from '../ui/page.tsx';
import { SignedIn } from './signed-in.tsx';

export const SessionsRoute = () => (
  <SignedIn>
    {({ me, mode }) => (
      <Page kind="inside" account={<AccountPanel me={me} mode={mode} />}>
        <SessionsPage mode={mode} />
      </Page>
    )}
  </SignedIn>
);
