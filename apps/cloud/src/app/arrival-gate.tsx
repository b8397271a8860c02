import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { ForeignSignIn } from '../features/arrival/foreign-sign-in.tsx';
import { asProblem } from '../lib/api.ts';
import type { Arrival } from '../lib/arrival.ts';
import { arrivalQuery } from '../lib/settle-arrival.ts';
import { Page } from '../ui/page.tsx';
import { PageWaiting } from '../ui/waiting.tsx';
import { FailedPage } from './failed-page.tsx';

type GateProps = { readonly arrival: Arrival; readonly children: ReactNode };

/** Whoever comes with a token is let on once it is known to be this browser's own. */
export function ArrivalGate({ arrival: { token, onwards }, children }: GateProps) {
  const settling = useQuery(arrivalQuery(token));
  const isSettled = settling.data === true;
  useEffect(() => {
    if (isSettled && onwards !== undefined) window.location.replace(onwards);
  }, [isSettled, onwards]);

  if (settling.isError) {
    return <FailedPage problem={asProblem(settling.error)} onRetry={() => void settling.refetch()} />;
  }
  if (settling.data === false) return <ForeignSignIn />;
  if (isSettled && onwards === undefined) return children;
  return (
    <Page kind="threshold">
      <div className="threshold-card">
        <PageWaiting />
      </div>
    </Page>
  );
}
