import { Button } from '@mantine/core';
import { CompanyRole } from '@gatehouse/contract';
import type { Member } from '@gatehouse/contract';
import { useState } from 'react';
import { useNow } from '../../lib/hooks.ts';
import { exactMoment, timeSince } from '../../lib/moments.ts';
import { en } from '../../messages/en.ts';
import { Choice } from '../../ui/choice.tsx';
import { GrantLines } from '../../ui/grant-lines.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Person } from '../../ui/person.tsx';
import { DemoteDialog, RemoveDialog } from './remove-dialog.tsx';
import { useRoleChange } from './use-member-changes.ts';
import type { MemberChanges } from './use-member-changes.ts';

export const companyRoleOptions = CompanyRole.options.map((role) => [role, en.companyRole[role]] as const);

const shownProjects = 2;

function OwnProjects({
  member,
  nameOf,
}: {
  readonly member: Member;
  readonly nameOf: (slug: string) => string;
}) {
  const { projects = [], role } = member;
  if (role === 'admin') return <span className="inherited">{en.members.allProjects}</span>;
  return <GrantLines grants={projects} nameOf={nameOf} most={shownProjects} />;
}

function Joined({ at }: { readonly at: string }) {
  const moment = new Date(at);
  return (
    <time className="soft small" dateTime={at} title={exactMoment(moment)}>
      {timeSince(moment, useNow())}
    </time>
  );
}

export type RowDoings = {
  readonly company: string;
  readonly changes: MemberChanges;
  readonly nameOfProject: (slug: string) => string;
  readonly onSaid: (what: string) => void;
  readonly onLeft: () => void;
  readonly onTicked: (member: Member, isTicked: boolean) => void;
};

type RowProps = RowDoings & { readonly member: Member; readonly isYou: boolean; readonly isTicked: boolean };

type Changing = ReturnType<typeof useRoleChange>;

/** What a member is, to be changed in place; giving up one's own administration is asked about first. */
function RoleCell({
  member,
  isYou,
  changing,
}: Pick<RowProps, 'member' | 'isYou'> & { readonly changing: Changing }) {
  const [isAsked, setIsAsked] = useState(false);
  const close = () => {
    setIsAsked(false);
  };
  return (
    <td className="cell-role">
      <Choice
        label={en.members.roleOf(member.displayName)}
        isLabelHidden
        options={companyRoleOptions}
        value={member.role}
        isDisabled={changing.isPending}
        onChoice={(chosen) => {
          if (isYou && chosen === 'user') setIsAsked(true);
          else changing.mutate(chosen);
        }}
      />
      {changing.isPending && <span className="soft small">{en.members.saving}</span>}
      {isAsked && (
        <DemoteDialog
          onClose={close}
          onConfirmed={() => {
            close();
            changing.mutate('user');
          }}
        />
      )}
    </td>
  );
}

function ActionCell({ member, isYou, company, changes, onSaid, onLeft }: RowProps) {
  const [isAsked, setIsAsked] = useState(false);
  const { displayName } = member;
  const close = () => {
    setIsAsked(false);
  };
  return (
    <td className="cell-narrow">
      <div className="row-actions">
        <Button
          variant="subtle"
          className="button-small"
          aria-haspopup="dialog"
          aria-label={isYou ? en.members.leaveOf : en.members.removeOf(displayName)}
          onClick={() => {
            setIsAsked(true);
          }}
        >
          {isYou ? en.members.leave : en.members.remove}
        </Button>
      </div>
      {isAsked && (
        <RemoveDialog
          member={member}
          isYou={isYou}
          company={company}
          changes={changes}
          onClose={close}
          onRemoved={() => {
            close();
            if (isYou) onLeft();
            else onSaid(en.members.removed(displayName));
          }}
        />
      )}
    </td>
  );
}

/** A member as administrators see them: what they are can be changed in place. */
export function MemberRow(props: RowProps) {
  const { member, isYou, isTicked, changes, onSaid, onTicked } = props;
  const { displayName } = member;
  const changing = useRoleChange(member, changes, (now) => {
    onSaid(en.members.changed(displayName, en.companyRole[now]));
  });
  return (
    <>
      <tr data-selected={isTicked}>
        <td className="cell-narrow cell-tick">
          <label className="tick-place">
            <input
              type="checkbox"
              className="tick"
              aria-label={en.members.select(displayName)}
              checked={isTicked}
              onChange={() => {
                onTicked(member, !isTicked);
              }}
            />
          </label>
        </td>
        <th scope="row">
          <Person name={displayName} email={member.email} isYou={isYou} />
        </th>
        <RoleCell member={member} isYou={isYou} changing={changing} />
        <td className="cell-projects">
          <span className="cell-label">{en.members.projects}</span>
          <OwnProjects member={member} nameOf={props.nameOfProject} />
        </td>
        <td className="cell-narrow">
          <span className="cell-label">{en.members.joined}</span>
          <Joined at={member.joinedAt} />
        </td>
        <ActionCell {...props} />
      </tr>
      {changing.isError && (
        <tr className="row-note">
          <td colSpan={6}>
            <FailureNote error={changing.error} />
          </td>
        </tr>
      )}
    </>
  );
}

/** A member as other members see them. */
export const PlainMemberRow = ({ member, isYou }: { readonly member: Member; readonly isYou: boolean }) => (
  <tr>
    <th scope="row">
      <Person name={member.displayName} email={member.email} isYou={isYou} />
    </th>
    <td className="cell-role">{en.companyRole[member.role]}</td>
    <td className="cell-narrow">
      <span className="cell-label">{en.members.joined}</span>
      <Joined at={member.joinedAt} />
    </td>
  </tr>
);
