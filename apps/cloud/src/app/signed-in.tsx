import type { MeAnswer } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { asProblem } from '../lib/api.ts';
import { rememberLastUsed } from '../lib/last-used.ts';
import { meQuery, providersQuery } from '../lib/queries.ts';
import { isReturnPath } from '../lib/return-path.ts';
import { deviceShelf } from '../lib/shelves.ts';
import { Page } from '../ui/page.tsx';
import { PageWaiting } from '../ui/waiting.tsx';
import { FailedPage } from './failed-page.tsx';

const addressOpened = () => window.location.pathname + window.location.search;

/** On to the sign-in page, once, taking along where the person was going; the plain start page needs no saying. */
function ToSignIn() {
  const navigate = useNavigate();
  const [opened] = useState(addressOpened);
  useEffect(() => {
    const isWorthKeeping = opened !== '/' && isReturnPath(opened);
    void navigate({ to: '/sign-in', search: isWorthKeeping ? { returnTo: opened } : {}, replace: true });
  }, [navigate, opened]);
  return null;
}

type SignedInProps = {
  readonly children: (person: { readonly me: MeAnswer; readonly mode: 'local' | 'sso' }) => ReactNode;
};

/** A page for whoever is signed in. Everybody else is led to sign in, and back. */
export function SignedIn({ children }: SignedInProps) {
  const me = useQuery(meQuery);
  const providers = useQuery(providersQuery);
  const signedInWith = me.data?.session.signedInWith;
  useEffect(() => {
    if (signedInWith) rememberLastUsed(deviceShelf(), signedInWith);
  }, [signedInWith]);

  if (me.isError && !me.data)
    return <FailedPage problem={asProblem(me.error)} onRetry={() => void me.refetch()} />;
  if (me.data === undefined || providers.isPending) {
    return (
      <Page kind="inside">
        <PageWaiting />
      </Page>
    );
  }
  const mode = providers.data?.mode ?? 'sso';
  if (me.data === null && mode === 'sso') return <ToSignIn />;
  if (me.data === null) {
    return <FailedPage problem={asProblem(undefined)} onRetry={() => void me.refetch()} />;
  }
  return children({ me: me.data, mode });
}
