import { Button } from '@mantine/core';
import type { Member } from '@gatehouse/contract';
import { useMutation } from '@tanstack/react-query';
import { en } from '../../messages/en.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import type { MemberChanges } from './use-member-changes.ts';

type RemoveProps = {
  readonly member: Member;
  readonly company: string;
  readonly isYou: boolean;
  readonly changes: MemberChanges;
  readonly onRemoved: () => void;
  readonly onClose: () => void;
};

/** Says what removing somebody means before it is done. */
export function RemoveDialog({ member, company, isYou, changes, onRemoved, onClose }: RemoveProps) {
  const removing = useMutation({ mutationFn: () => changes.remove(member), onSuccess: onRemoved });
  const words = en.members;
  return (
    <Dialog
      title={isYou ? words.leaveTitle(company) : words.removeTitle(member.displayName)}
      onClose={() => {
        if (!removing.isPending) onClose();
      }}
    >
      {(isYou ? words.leaveEffects(company) : words.removeEffects(company)).map((effect) => (
        <p key={effect}>{effect}</p>
      ))}
      {removing.isError && <FailureNote error={removing.error} />}
      <div className="buttons">
        <Button
          onClick={() => {
            if (!removing.isPending) removing.mutate();
          }}
        >
          {removing.isPending ? words.removing : isYou ? words.reallyLeave : words.reallyRemove}
        </Button>
        <Button variant="default" data-first onClick={onClose}>
          {words.keep}
        </Button>
      </div>
    </Dialog>
  );
}

type DemoteProps = { readonly onConfirmed: () => void; readonly onClose: () => void };

/** Asked of administrators who are about to give up being one. */
export const DemoteDialog = ({ onConfirmed, onClose }: DemoteProps) => (
  <Dialog title={en.members.demoteTitle} onClose={onClose}>
    <p>{en.members.demote}</p>
    <div className="buttons">
      <Button onClick={onConfirmed}>{en.members.reallyDemote}</Button>
      <Button variant="default" data-first onClick={onClose}>
        {en.members.keep}
      </Button>
    </div>
  </Dialog>
);
