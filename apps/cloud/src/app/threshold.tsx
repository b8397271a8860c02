import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { meQuery } from '../lib/queries.ts';
import { AccountPanel } from '../ui/account-panel.tsx';
import { Page } from '../ui/page.tsx';

/** A page before the door, for anybody; whoever is signed in sees as whom. */
export function Threshold({ children }: { readonly children: ReactNode }) {
  const { data: me } = useQuery(meQuery);
  return (
    <Page kind="threshold" account={me && <AccountPanel me={me} mode="sso" />}>
      {children}
    </Page>
  );
}
