import { Button } from '@mantine/core';
import { CompanyRole } from '@gatehouse/contract';
import type { MeAnswer, Member } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { allProjectsQuery, membersQuery } from '../../lib/company-queries.ts';
import type { MemberFilter } from '../../lib/company-queries.ts';
import { useList } from '../../lib/use-list.ts';
import { en } from '../../messages/en.ts';
import { CompanyTitle } from '../../ui/company-frame.tsx';
import type { Company } from '../../ui/company-frame.tsx';
import { ListView, Nothing } from '../../ui/list-view.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { MemberFilters } from './member-filters.tsx';
import { MemberTable, PlainMemberTable } from './member-table.tsx';
import { useMemberChanges } from './use-member-changes.ts';

type MembersSearch = { query?: string; role?: string; project?: string };

type MembersProps = {
  readonly me: MeAnswer;
  readonly company: Company;
  /** From the address of the page, where it can be passed on from. */
  readonly search: MembersSearch;
  readonly onSearch: (search: MembersSearch) => void;
};

function filterOf({ query, role, project }: MembersSearch): MemberFilter {
  const known = CompanyRole.safeParse(role);
  return { ...(query && { query }), ...(known.success && { role: known.data }), ...(project && { project }) };
}

function InviteLink({ slug }: { readonly slug: string }) {
  return (
    <Button renderRoot={(props) => <Link {...props} to="/companies/$slug/invitations" params={{ slug }} />}>
      {en.members.invite}
    </Button>
  );
}

function NoMatch({ onSearch }: Pick<MembersProps, 'onSearch'>) {
  return (
    <Nothing title={en.list.noMatch} lead={en.list.noMatchLead}>
      <Button
        variant="default"
        onClick={() => {
          onSearch({});
        }}
      >
        {en.list.showAll}
      </Button>
    </Nothing>
  );
}

function AdminMembers({ me, company, search, onSearch }: MembersProps) {
  const navigate = useNavigate();
  const filter = filterOf(search);
  const list = useList(membersQuery(company.slug, filter));
  const { data: projects = [] } = useQuery({
    ...allProjectsQuery(company.slug),
    enabled: company.status === 'active',
  });
  const changes = useMemberChanges(company.slug, me.user.id);
  const [selected, setSelected] = useState<ReadonlyMap<string, Member>>(new Map());
  const [said, setSaid] = useState('');
  const select = (members: readonly Member[]) => {
    setSelected(new Map(members.map((member) => [member.userId, member])));
  };
  const isAlone = list.items.length === 1 && !list.hasMore && Object.keys(filter).length === 0;
  return (
    <>
      <CompanyTitle title={en.members.title} company={company} lead={en.members.lead}>
        <InviteLink slug={company.slug} />
      </CompanyTitle>
      <MemberFilters search={search} projects={projects} onSearch={onSearch} />
      <p role="status" className="note said">
        {said}
      </p>
      <ListView
        list={list}
        loading={en.members.loading}
        counted={en.members.counted}
        more={en.members.more}
        nothing={<NoMatch onSearch={onSearch} />}
      >
        <MemberTable
          members={list.items}
          ownId={me.user.id}
          selected={selected}
          onSelected={select}
          company={company.name}
          changes={changes}
          nameOfProject={(slug) => projects.find((one) => one.slug === slug)?.name ?? slug}
          onSaid={setSaid}
          onLeft={() => void navigate({ to: '/account' })}
        />
      </ListView>
      {isAlone && (
        <Nothing title={en.members.aloneTitle} lead={en.members.aloneLead}>
          <InviteLink slug={company.slug} />
        </Nothing>
      )}
      <BulkBar selected={[...selected.values()]} projects={projects} changes={changes} onDone={select} />
    </>
  );
}

function PlainMembers({ me, company, search, onSearch }: MembersProps) {
  const list = useList(membersQuery(company.slug, filterOf({ query: search.query ?? '' })));
  return (
    <>
      <CompanyTitle title={en.members.title} company={company} lead={en.members.lead} />
      <MemberFilters search={search} onSearch={onSearch} />
      <ListView
        list={list}
        loading={en.members.loading}
        counted={en.members.counted}
        more={en.members.more}
        nothing={<NoMatch onSearch={onSearch} />}
      >
        <PlainMemberTable members={list.items} ownId={me.user.id} />
      </ListView>
    </>
  );
}

/** Who belongs to the company; for administrators also the place to change that. */
export const MembersPage = (props: MembersProps) =>
  props.company.role === 'admin' ? <AdminMembers {...props} /> : <PlainMembers {...props} />;
