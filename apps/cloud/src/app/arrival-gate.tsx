import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
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
  const [isSettled, setIsSettled] = useState(false);
  const settling = useQuery({ ...arrivalQuery(token), enabled: !isSettled });
  if (settling.data === true && !isSettled) setIsSettled(true);
  useEffect(() => {
    if (isSettled && onwards !== undefined) window.location.replace(onwards);
  }, [isSettled, onwards]);

  if (isSettled && onwards === undefined) return children;
  if (settling.isError) {
    return <FailedPage problem={asProblem(settling.error)} onRetry={() => void settling.refetch()} />;
  }
  if (settling.data === false) return <ForeignSignIn />;
  return (
    <Page kind="threshold">
      <div className="threshold-card">
        <PageWaiting />
      </div>
    </Page>
  );
}
