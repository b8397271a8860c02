import { Button } from '@mantine/core';
import type { Member, Project } from '@gatehouse/contract';
import { useState } from 'react';
import { membersQuery } from '../../lib/company-queries.ts';
import { useList } from '../../lib/use-list.ts';
import { en } from '../../messages/en.ts';
import { FailedList, Nothing } from '../../ui/list-view.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { grantedRole, isSameCell } from './matrix-changes.ts';
import type { Edit } from './matrix-changes.ts';
import { Matrix } from './matrix.tsx';
import { PeoplePages } from './people-pages.tsx';

/** Few enough to look over, and for every cell to be a list to choose from. */
const pageSize = 25;

type PagedProps = {
  readonly slug: string;
  readonly query: string;
  readonly projects: readonly Project[];
  readonly ownId: string;
  readonly edits: readonly Edit[];
  readonly onEdit: (edit: Edit) => void;
  readonly onShowAll: () => void;
};

/** The table for one page of people. What was turned on one page waits while another is looked at. */
export function PagedMatrix({ slug, query, projects, ownId, edits, onEdit, onShowAll }: PagedProps) {
  const list = useList(membersQuery(slug, { limit: String(pageSize), ...(query !== '' && { query }) }));
  const [place, setPlace] = useState(0);
  const page = list.pages[place];
  if (list.error !== undefined && !page)
    return <FailedList error={list.error} onRetry={place === 0 ? list.readAgain : list.readOn} />;
  if (!page) return <Waiting label={en.access.loading} heights={[56, 280]} />;
  if (list.items.length === 0) {
    return (
      <Nothing title={en.list.noMatch} lead={en.list.noMatchLead}>
        <Button variant="default" onClick={onShowAll}>
          {en.list.showAll}
        </Button>
      </Nothing>
    );
  }
  const roleAt = (member: Member, project: string) =>
    edits.findLast((edit) => isSameCell(edit, { userId: member.userId, project }))?.to ??
    grantedRole(member, project);
  return (
    <>
      <Matrix
        key={place}
        members={page.items}
        projects={projects}
        ownId={ownId}
        roleAt={roleAt}
        onEdit={onEdit}
      />
      <PeoplePages
        place={place}
        from={place * pageSize + 1}
        count={page.items.length}
        hasNext={page.nextCursor !== null}
        onPlace={(next) => {
          if (next >= list.pages.length) list.readOn();
          setPlace(next);
        }}
      />
    </>
  );
}
