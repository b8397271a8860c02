import { ProveEmailPage } from '../features/prove-email/prove-email-page.tsx';
import { AccountPanel } from '../ui/account-panel.tsx';
import { Page } from '../ui/page.tsx';
import { SignedIn } from './signed-in.tsx';

export const ProveEmailRoute = () => (
  <SignedIn>
    {({ me, mode }) => (
      <Page kind="threshold" account={<AccountPanel me={me} mode={mode} />}>
        <ProveEmailPage me={me} />
      </Page>
    )}
  </SignedIn>
);
