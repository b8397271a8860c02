import { Button } from '@mantine/core';
import type { Member, Project } from '@gatehouse/contract';
import { useState } from 'react';
import { en } from '../../messages/en.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import type { BulkWish } from './bulk-wish.ts';
import type { MemberChanges } from './use-member-changes.ts';

type BulkProps = {
  readonly selected: readonly Member[];
  readonly projects: readonly Project[];
  readonly changes: MemberChanges;
  /** Told who is still to be selected afterwards: those with whom it didn't work. */
  readonly onDone: (left: readonly Member[]) => void;
};

const kinds = [
  ['role', en.bulk.changeRole],
  ['project', en.bulk.giveProject],
  ['remove', en.bulk.remove],
] as const;

/** What can be done with several members at once; in sight as long as somebody is selected. */
export function BulkBar({ selected, onDone, ...doings }: BulkProps) {
  const [asked, setAsked] = useState<{ kind: BulkWish['kind']; members: readonly Member[] }>();
  return (
    <>
      {selected.length > 0 && (
        <div role="group" className="action-bar" aria-label={en.bulk.bar}>
          <strong role="status">{en.bulk.selected(selected.length)}</strong>
          {kinds.map(([kind, words]) => (
            <Button
              key={kind}
              variant="default"
              className="button-small"
              aria-haspopup="dialog"
              onClick={() => {
                setAsked({ kind, members: selected });
              }}
            >
              {words}
            </Button>
          ))}
          <Button
            variant="subtle"
            className="button-small"
            onClick={() => {
              onDone([]);
            }}
          >
            {en.bulk.clear}
          </Button>
        </div>
      )}
      {asked && (
        <BulkDialog
          {...asked}
          {...doings}
          onDone={onDone}
          onClose={() => {
            setAsked(undefined);
          }}
        />
      )}
    </>
  );
}
