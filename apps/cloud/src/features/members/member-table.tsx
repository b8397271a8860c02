import { VisuallyHidden } from '@mantine/core';
import type { Member } from '@gatehouse/contract';
import { en } from '../../messages/en.ts';
import '../../ui/table.css';
import { MemberRow, PlainMemberRow } from './member-row.tsx';
import type { RowDoings } from './member-row.tsx';

type TableProps = Omit<RowDoings, 'onTicked'> & {
  readonly members: readonly Member[];
  readonly ownId: string;
  readonly selected: ReadonlyMap<string, Member>;
  readonly onSelected: (members: readonly Member[]) => void;
};

/** Members and what they may do, with a box to tick beside each. */
export function MemberTable({ members, ownId, selected, onSelected, ...doings }: TableProps) {
  const areAllTicked = members.every(({ userId }) => selected.has(userId));
  return (
    <div className="table-box">
      <table className="table" aria-label={en.members.title}>
        <thead>
          <tr>
            <th className="cell-narrow cell-tick">
              <label className="tick-place">
                <input
                  type="checkbox"
                  className="tick"
                  aria-label={en.members.selectAll}
                  checked={areAllTicked}
                  onChange={() => {
                    onSelected(areAllTicked ? [] : members);
                  }}
                />
              </label>
            </th>
            <th scope="col">{en.list.person}</th>
            <th scope="col">{en.list.role}</th>
            <th scope="col">{en.members.projects}</th>
            <th scope="col">{en.members.joined}</th>
            <td>
              <VisuallyHidden>{en.members.actions}</VisuallyHidden>
            </td>
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <MemberRow
              key={member.userId}
              {...doings}
              member={member}
              isYou={member.userId === ownId}
              isTicked={selected.has(member.userId)}
              onTicked={(one, isTicked) => {
                const others = [...selected.values()].filter(({ userId }) => userId !== one.userId);
                onSelected(isTicked ? [...others, one] : others);
              }}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type PlainProps = { readonly members: readonly Member[]; readonly ownId: string };

export const PlainMemberTable = ({ members, ownId }: PlainProps) => (
  <div className="table-box">
    <table className="table" aria-label={en.members.title}>
      <thead>
        <tr>
          <th scope="col">{en.list.person}</th>
          <th scope="col">{en.list.role}</th>
          <th scope="col">{en.members.joined}</th>
        </tr>
      </thead>
      <tbody>
        {members.map((member) => (
          <PlainMemberRow key={member.userId} member={member} isYou={member.userId === ownId} />
        ))}
      </tbody>
    </table>
  </div>
);
