import { HomePage } from '../features/home/home-page.tsx';
import { NotAMemberPage } from '../features/not-a-member/not-a-member-page.tsx';
import { AccountPanel } from '../ui/account-panel.tsx';
import { Page } from '../ui/page.tsx';
import { SignedIn } from './signed-in.tsx';

/** The start page: which one it is depends on who asks. */
export const Start = () => (
  <SignedIn>
    {({ me, mode }) => {
      const account = <AccountPanel me={me} mode={mode} />;
      const isAnywhere = me.companies.length > 0 || me.invitations.length > 0;
      return isAnywhere ? (
        <Page kind="inside" account={account}>
          <HomePage me={me} mode={mode} />
        </Page>
      ) : (
        <Page kind="threshold" account={account}>
          <NotAMemberPage me={me} />
        </Page>
      );
    }}
  </SignedIn>
);
