import { Button } from '@mantine/core';
import type { MeAnswer, Project } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { allProjectsQuery } from '../../lib/company-queries.ts';
import { en } from '../../messages/en.ts';
import { CompanyTitle } from '../../ui/company-frame.tsx';
import type { Company } from '../../ui/company-frame.tsx';
import { FailedList, Nothing } from '../../ui/list-view.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import './access.css';
import { ChooseColumns, mostColumns } from './choose-columns.tsx';
import { LeaveGuard } from './leave-guard.tsx';
import { changesOf, isSameCell } from './matrix-changes.ts';
import type { Edit } from './matrix-changes.ts';
import { PagedMatrix } from './paged-matrix.tsx';
import { ReviewDialog } from './review-dialog.tsx';

const words = en.access;

type AccessSearch = { query?: string; projects?: string };

type AccessProps = {
  readonly me: MeAnswer;
  readonly company: Company;
  readonly search: AccessSearch;
  readonly onSearch: (search: AccessSearch) => void;
};

type ColumnsProps = { readonly projects: readonly Project[]; readonly shown: readonly Project[] };

function Columns({
  projects,
  shown,
  onChosen,
}: ColumnsProps & { onChosen: (slugs: readonly string[]) => void }) {
  const [isChoosing, setIsChoosing] = useState(false);
  const close = () => {
    setIsChoosing(false);
  };
  if (projects.length <= mostColumns) return null;
  return (
    <div className="list-foot">
      <p className="soft small">{words.columns(shown.length, projects.length)}</p>
      <Button
        variant="default"
        aria-haspopup="dialog"
        onClick={() => {
          setIsChoosing(true);
        }}
      >
        {words.chooseColumns}
      </Button>
      {isChoosing && (
        <ChooseColumns
          projects={projects}
          shown={shown}
          onClose={close}
          onChosen={(slugs) => {
            close();
            onChosen(slugs);
          }}
        />
      )}
    </div>
  );
}

/** The projects that the address names; the first few where it names none. */
function columnsOf(projects: readonly Project[], named: string | undefined): readonly Project[] {
  const slugs = new Set(named?.split(',') ?? []);
  const found = projects.filter(({ slug }) => slugs.has(slug));
  return (found.length > 0 ? found : projects).slice(0, mostColumns);
}

type BarProps = {
  readonly count: number;
  readonly onReview: () => void;
  readonly onUndo: () => void;
  readonly onDiscard: () => void;
};

const SaveBar = ({ count, onReview, onUndo, onDiscard }: BarProps) => (
  <div role="group" className="action-bar" aria-label={words.bar}>
    <strong role="status">{words.changes(count)}</strong>
    <Button className="button-small" aria-haspopup="dialog" onClick={onReview}>
      {words.review}
    </Button>
    <Button variant="default" className="button-small" onClick={onUndo}>
      {words.undo}
    </Button>
    <Button variant="subtle" className="button-small" onClick={onDiscard}>
      {words.discard}
    </Button>
  </div>
);

type EditsProps = {
  readonly slug: string;
  readonly edits: readonly Edit[];
  readonly onEdits: (edits: readonly Edit[]) => void;
  readonly nameOfProject: (slug: string) => string;
};

/** What is turned and not saved yet: to be looked over and saved, taken back, or lost only on purpose. */
function Unsaved({ slug, edits, onEdits, nameOfProject }: EditsProps) {
  const [reviewed, setReviewed] = useState<readonly Edit[]>();
  const changes = changesOf(edits);
  return (
    <>
      {changes.length > 0 && (
        <SaveBar
          count={changes.length}
          onReview={() => {
            setReviewed(changes);
          }}
          onUndo={() => {
            onEdits(edits.slice(0, -1));
          }}
          onDiscard={() => {
            onEdits([]);
          }}
        />
      )}
      {reviewed && (
        <ReviewDialog
          slug={slug}
          changes={reviewed}
          nameOfProject={nameOfProject}
          onSaved={(saved) => {
            onEdits(edits.filter((edit) => !saved.some((one) => isSameCell(one, edit))));
          }}
          onClose={() => {
            setReviewed(undefined);
          }}
        />
      )}
      <LeaveGuard count={changes.length} />
    </>
  );
}

function Table({ me, company, search, onSearch, projects }: AccessProps & { projects: readonly Project[] }) {
  const [edits, setEdits] = useState<readonly Edit[]>([]);
  const shown = columnsOf(projects, search.projects);
  const { query = '' } = search;
  const onQuery = useCallback(
    (next: string) => {
      onSearch({ ...search, query: next });
    },
    [search, onSearch],
  );
  return (
    <>
      <div className="filters">
        <SearchField label={en.list.search} hint={en.list.searchHint} value={query} onSearch={onQuery} />
        <Columns
          projects={projects}
          shown={shown}
          onChosen={(slugs) => {
            onSearch({ ...search, projects: slugs.join(',') });
          }}
        />
      </div>
      <PagedMatrix
        key={query}
        slug={company.slug}
        query={query}
        projects={shown}
        ownId={me.user.id}
        edits={edits}
        onEdit={(edit) => {
          setEdits([...edits, edit]);
        }}
        onShowAll={() => {
          onQuery('');
        }}
      />
      <Unsaved
        slug={company.slug}
        edits={edits}
        onEdits={setEdits}
        nameOfProject={(slug) => projects.find((one) => one.slug === slug)?.name ?? slug}
      />
    </>
  );
}

/** Who may do what in which project, all in one table. Nothing changes before it has been looked over and saved. */
export function AccessPage(props: AccessProps) {
  const { company } = props;
  const projects = useQuery(allProjectsQuery(company.slug));
  return (
    <>
      <CompanyTitle title={words.title} company={company} lead={words.lead} />
      {projects.isPending && <Waiting label={words.loading} heights={[56, 280]} />}
      {projects.isError && !projects.data && (
        <FailedList error={projects.error} onRetry={() => void projects.refetch()} />
      )}
      {projects.data?.length === 0 && (
        <Nothing title={words.noProjectsTitle} lead={words.noProjectsLead}>
          <Button
            renderRoot={(root) => (
              <Link {...root} to="/companies/$slug/projects" params={{ slug: company.slug }} />
            )}
          >
            {words.toProjects}
          </Button>
        </Nothing>
      )}
      {projects.data && projects.data.length > 0 && <Table {...props} projects={projects.data} />}
    </>
  );
}
