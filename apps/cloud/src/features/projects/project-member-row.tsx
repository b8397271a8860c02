import { Button } from '@mantine/core';
import type { ProjectMember, ProjectRole } from '@gatehouse/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { setProjectRole } from '../../lib/company-changes.ts';
import { membersKey, patchLists, projectMembersKey } from '../../lib/company-queries.ts';
import { meQuery } from '../../lib/queries.ts';
import { en } from '../../messages/en.ts';
import { Choice } from '../../ui/choice.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { projectRoleOptions } from '../../ui/grants-choice.tsx';
import { Person } from '../../ui/person.tsx';

const words = en.project;

type RowProps = {
  readonly slug: string;
  readonly project: string;
  readonly member: ProjectMember;
  readonly isYou: boolean;
  readonly isAdmin: boolean;
  readonly onSaid: (what: string) => void;
};

/** A role given, shown at once and taken back where it is refused; or taken away, once that is done. */
function useRole({ slug, project, member, isYou, onSaid }: RowProps) {
  const queries = useQueryClient();
  const show = (change: (one: ProjectMember) => ProjectMember | undefined) => {
    patchLists<ProjectMember>(queries, projectMembersKey(slug, project), (one) =>
      one.userId === member.userId ? change(one) : one,
    );
  };
  return useMutation({
    mutationFn: (role: ProjectRole | undefined) =>
      setProjectRole({ slug, project, userId: member.userId }, role),
    onMutate: (role) => {
      if (role) show((one) => ({ ...one, role }));
    },
    onError: () => {
      show((one) => ({ ...one, role: member.role }));
    },
    onSuccess: async (_done, role) => {
      if (role) onSaid(words.changed(member.displayName, en.projectRole[role]));
      else {
        onSaid(words.removed(member.displayName));
        show(() => undefined);
      }
      await queries.invalidateQueries({ queryKey: membersKey(slug), refetchType: 'none' });
      if (isYou) await queries.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  });
}

function Role({
  props,
  changing,
}: {
  readonly props: RowProps;
  readonly changing: ReturnType<typeof useRole>;
}) {
  const { member, isAdmin } = props;
  if (member.source === 'inherited') {
    return (
      <span className="inherited">
        {en.projectRole[member.role]} <span>{words.fromCompany}</span>
      </span>
    );
  }
  if (!isAdmin) return en.projectRole[member.role];
  return (
    <>
      <Choice
        label={words.roleOf(member.displayName)}
        isLabelHidden
        options={projectRoleOptions}
        value={member.role}
        isDisabled={changing.isPending}
        onChoice={(role) => {
          changing.mutate(role);
        }}
      />
      {changing.isPending && <span className="soft small">{words.saving}</span>}
    </>
  );
}

type AskProps = {
  readonly name: string;
  readonly removing: ReturnType<typeof useRole>;
  readonly onClose: () => void;
};

const AskToRemove = ({ name, removing, onClose }: AskProps) => (
  <ConfirmDialog
    title={words.removeTitle(name)}
    does={words.remove}
    doing={words.removing}
    progress={removing}
    onConfirmed={() => {
      removing.mutate(undefined);
    }}
    onClose={onClose}
  >
    <p>{words.removeEffect}</p>
  </ConfirmDialog>
);

/** Somebody who works on the project. Whoever does so as the company's administrator is changed there, not here. */
export function ProjectMemberRow(props: RowProps) {
  const { member, isYou, isAdmin } = props;
  const [isAsked, setIsAsked] = useState(false);
  const changing = useRole(props);
  const removing = useRole(props);
  return (
    <>
      <tr>
        <th scope="row">
          <Person name={member.displayName} email={member.email} isYou={isYou} />
        </th>
        <td className="cell-role">
          <Role props={props} changing={changing} />
        </td>
        {isAdmin && (
          <td className="cell-narrow">
            {member.source === 'direct' && (
              <div className="row-actions">
                <Button
                  variant="subtle"
                  className="button-small"
                  aria-label={words.removeOf(member.displayName)}
                  aria-haspopup="dialog"
                  onClick={() => {
                    removing.reset();
                    setIsAsked(true);
                  }}
                >
                  {words.remove}
                </Button>
              </div>
            )}
            {isAsked && (
              <AskToRemove
                name={member.displayName}
                removing={removing}
                onClose={() => {
                  setIsAsked(false);
                }}
              />
            )}
          </td>
        )}
      </tr>
      {changing.isError && (
        <tr className="row-note">
          <td colSpan={3}>
            <FailureNote error={changing.error} />
          </td>
        </tr>
      )}
    </>
  );
}
