import { Button } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { en } from '../../messages/en.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { PatientFailure } from '../../ui/patient-failure.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { isDismissed } from './step-up.tsx';

type CardProps<Data> = {
  readonly title: string;
  readonly lead?: string;
  readonly query: UseQueryResult<Data>;
  /** Drawn once it is known what there is. `tell` says what was done, once its button is gone. */
  readonly children: (data: Data, tell: (outcome: string) => void) => ReactNode;
};

/** One part of the page: its heading, what was done last, and what there is. */
export function Card<Data>({ title, lead, query, children }: CardProps<Data>) {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const [outcome, setOutcome] = useState('');
  const { data, isError, error, refetch } = query;
  useEffect(() => {
    // The button that had the focus may be gone with what it did.
    if (outcome !== '') heading.current?.focus();
  }, [outcome]);
  return (
    <section className="card" aria-labelledby={id}>
      <div className="stack stack-close">
        <h2 id={id} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        {lead !== undefined && <p className="soft">{lead}</p>}
      </div>
      <p role="status" className="note said">
        {outcome}
      </p>
      {data === undefined && !isError && <Waiting label={en.security.loading} heights={[64]} />}
      {data === undefined && isError && (
        <>
          <FailureNote error={error} />
          <div>
            <Button variant="default" onClick={() => void refetch()}>
              {en.retry}
            </Button>
          </div>
        </>
      )}
      {data !== undefined && children(data, setOutcome)}
    </section>
  );
}

/** Why something wasn't done; nothing where its reader chose so. */
export const Refusal = ({ error }: { readonly error: unknown }) =>
  error === null || error === undefined || isDismissed(error) ? null : <PatientFailure error={error} />;

/** How far something is, for the dialog that asked for it: whoever gave no proof has nothing to be told. */
export const told = (doing: {
  readonly isPending: boolean;
  readonly isError: boolean;
  readonly error: unknown;
}) => ({
  isPending: doing.isPending,
  isError: doing.isError && !isDismissed(doing.error),
  error: doing.error,
});
