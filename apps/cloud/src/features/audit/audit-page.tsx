import { Button, VisuallyHidden } from '@mantine/core';
import type { AuditEvent } from '@gatehouse/contract';
import { useNow, usePageTitle } from '../../lib/hooks.ts';
import { useList } from '../../lib/use-list.ts';
import { en } from '../../messages/en.ts';
import { FileLink } from '../../ui/file-link.tsx';
import { ListView, Nothing } from '../../ui/list-view.tsx';
import './audit.css';
import { EventRow } from './event-row.tsx';
import { Filters } from './filters.tsx';
import type { WishChange } from './filters.tsx';
import { eventsQuery, exportPath } from './trail-query.ts';
import { isNarrowed, periodOf } from './trail-wish.ts';
import type { TrailWish } from './trail-wish.ts';

type AuditProps = {
  readonly slug: string;
  readonly wish: TrailWish;
  /** Changes the address, and with it the filter. What is undefined leaves it. */
  readonly onChange: (change: WishChange) => void;
};

type EventsProps = Pick<AuditProps, 'onChange'> & { readonly events: readonly AuditEvent[] };

const columns = ['when', 'who', 'what', 'target', 'result', 'address'] as const;

function Events({ events, onChange }: EventsProps) {
  return (
    <div className="table-box">
      <table className="table audit-table">
        <caption>
          <VisuallyHidden>{en.audit.caption}</VisuallyHidden>
        </caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {en.audit[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <EventRow key={event.id} event={event} onChange={onChange} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function NoEvents({ wish, onChange }: Omit<AuditProps, 'slug'>) {
  return (
    <Nothing title={en.audit.noneTitle} lead={en.audit.noneLead}>
      {isNarrowed(wish) && (
        <Button
          variant="default"
          onClick={() => {
            onChange({ actor: undefined, type: undefined, result: undefined, query: undefined });
          }}
        >
          {en.audit.clear}
        </Button>
      )}
      {periodOf(wish) !== 'always' && (
        <Button
          variant="default"
          onClick={() => {
            onChange({ period: 'always', from: undefined, until: undefined });
          }}
        >
          {en.audit.always}
        </Button>
      )}
    </Nothing>
  );
}

function Exports({ slug, wish }: Omit<AuditProps, 'onChange'>) {
  const now = useNow();
  return (
    <p className="audit-exports">
      <span className="soft small">{en.audit.export}</span>
      {(['csv', 'ndjson'] as const).map((format) => (
        <FileLink
          key={format}
          path={exportPath(slug, wish, { format, now })}
          name={`audit-${slug}.${format}`}
          label={en.audit[`${format}Label`]}
        >
          {en.audit[format]}
        </FileLink>
      ))}
    </p>
  );
}

/** What happened in the company, for its administrators. */
export function AuditPage({ slug, wish, onChange }: AuditProps) {
  usePageTitle(en.audit.title);
  const list = useList(eventsQuery(slug, wish));
  const byActor = list.items.find(({ actor }) => actor.userId === wish.actor);
  return (
    <div className="stack audit">
      <div className="audit-top">
        <div className="stack stack-close">
          <h1>{en.audit.title}</h1>
          <p className="soft">{en.audit.lead}</p>
        </div>
        <Button variant="default" onClick={list.readAgain}>
          {en.audit.refresh}
        </Button>
      </div>
      <Filters wish={wish} actorName={byActor?.actor.displayName ?? undefined} onChange={onChange} />
      <Exports slug={slug} wish={wish} />
      <ListView
        list={list}
        loading={en.audit.loading}
        nothing={<NoEvents wish={wish} onChange={onChange} />}
        counted={en.audit.counted}
        more={en.audit.more}
      >
        <Events events={list.items} onChange={onChange} />
      </ListView>
    </div>
  );
}
