import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { LandingPage } from '../features/landing/landing-page.tsx';
import { UnknownInvitation } from '../features/landing/unknown-invitation.tsx';
import { asProblem } from '../lib/api.ts';
import { landingQuery, meQuery, providersQuery } from '../lib/queries.ts';
import { en } from '../messages/en.ts';
import { AccountPanel } from '../ui/account-panel.tsx';
import { Page } from '../ui/page.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { FailedPage } from './failed-page.tsx';

const route = getRouteApi('/invitations/$id');

/** What an invitation is and who asks are both wanted: without either, the page would offer the wrong thing. */
export function LandingRoute() {
  const { id } = route.useParams();
  const { switch: isSwitch } = route.useSearch();
  const { history } = useRouter();
  const [onLeave] = useState(() => (href: string) => {
    history.replace(href);
  });
  const invitation = useQuery(landingQuery(id));
  const me = useQuery(meQuery);
  const providers = useQuery(providersQuery);
  const asked = [invitation, me, providers];
  const failed = asked.find((query) => query.isError && query.data === undefined);
  const isUnknown = failed === invitation && isNoInvitation(asProblem(invitation.error).code);
  if (failed && !isUnknown) {
    const retry = () => {
      for (const query of asked) if (query.isError) void query.refetch();
    };
    return <FailedPage problem={asProblem(failed.error)} onRetry={retry} />;
  }
  const account = me.data && <AccountPanel me={me.data} mode={providers.data?.mode ?? 'sso'} />;
  const isThere = invitation.data && me.data !== undefined && providers.data;
  return (
    <Page kind="threshold" account={account}>
      {isUnknown && <UnknownInvitation />}
      {!isUnknown && !isThere && <Looking />}
      {isThere && (
        <LandingPage
          view={{
            invitation: invitation.data,
            me: me.data,
            ways: providers.data,
            isSwitch: isSwitch === '1',
            onLeave,
          }}
        />
      )}
    </Page>
  );
}

/** A link that was cut off has no id in it that the server could read. */
const isNoInvitation = (code: string) => code === 'not_found' || code === 'request_invalid';

const Looking = (): ReactNode => (
  <div className="threshold-card wide">
    <h1 className="waiting-title">{en.loading}</h1>
    <Waiting label={en.landing.loading} heights={[44, 120, 90]} />
  </div>
);
