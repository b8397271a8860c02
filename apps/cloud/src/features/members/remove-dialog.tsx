import type { Member } from '@gatehouse/contract';
import { useMutation } from '@tanstack/react-query';
import { en } from '../../messages/en.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
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
    <ConfirmDialog
      title={isYou ? words.leaveTitle(company) : words.removeTitle(member.displayName)}
      does={isYou ? words.reallyLeave : words.reallyRemove}
      doing={words.removing}
      keeps={words.keep}
      progress={removing}
      onConfirmed={removing.mutate}
      onClose={onClose}
    >
      {(isYou ? words.leaveEffects(company) : words.removeEffects(company)).map((effect) => (
        <p key={effect}>{effect}</p>
      ))}
    </ConfirmDialog>
  );
}

type DemoteProps = { readonly onConfirmed: () => void; readonly onClose: () => void };

/** Asked of administrators who are about to give up being one. */
export const DemoteDialog = (props: DemoteProps) => (
  <ConfirmDialog
    title={en.members.demoteTitle}
    does={en.members.reallyDemote}
    keeps={en.members.keep}
    {...props}
  >
    <p>{en.members.demote}</p>
  </ConfirmDialog>
);
