import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ReadList } from '../lib/use-list.ts';
import { en } from '../messages/en.ts';
import { FailureNote } from './failure-note.tsx';
import './table.css';
import { Waiting } from './waiting.tsx';

export function FailedList({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  return (
    <div className="stack">
      <FailureNote error={error} />
      <div>
        <Button variant="default" onClick={onRetry}>
          {en.retry}
        </Button>
      </div>
    </div>
  );
}

type NothingProps = { readonly title: string; readonly lead?: ReactNode; readonly children?: ReactNode };

/** Nothing is here, and what to do about it. */
export const Nothing = ({ title, lead, children }: NothingProps) => (
  <div className="empty">
    <h2>{title}</h2>
    {lead && <p className="soft">{lead}</p>}
    {children && <div className="buttons">{children}</div>}
  </div>
);

type ListViewProps = {
  readonly list: ReadList;
  /** What is being read, for those who wait. */
  readonly loading: string;
  /** What is shown in place of an empty list. */
  readonly nothing: ReactNode;
  /** How many are shown so far, in words. */
  readonly counted: (count: number) => string;
  /** What there is more of. */
  readonly more: string;
  readonly children: ReactNode;
};

/** A list in whatever state it is: being read, failed, empty, or there, with the way to what follows. */
export function ListView({ list, loading, nothing, counted, more, children }: ListViewProps) {
  if (list.isPending) return <Waiting label={loading} heights={[56, 56, 56, 56]} />;
  if (list.error !== undefined && list.items.length === 0)
    return <FailedList error={list.error} onRetry={list.readAgain} />;
  if (list.items.length === 0) return nothing;
  const count = list.items.length;
  return (
    <>
      <div className="list-body" aria-busy={list.isOfBefore}>
        {children}
      </div>
      {list.error !== undefined && <FailureNote error={list.error} />}
      <div className="list-foot">
        <p role="status" className="soft small">
          {list.hasMore ? en.list.firstOf(counted(count)) : counted(count)}
        </p>
        {list.hasMore && (
          <Button variant="default" onClick={list.readOn}>
            {list.isReadingOn ? en.loading : more}
          </Button>
        )}
      </div>
    </>
  );
}
