import type { AuditEvent } from '@gatehouse/contract';
import { useId, useState } from 'react';
import { exactSecond } from '../../lib/moments.ts';
import { en } from '../../messages/en.ts';
import { ChevronIcon } from '../../ui/icons.tsx';
import { EventDetails } from './event-details.tsx';
import { changeOf, targetOf, whatOf, whoOf } from './event-words.ts';
import type { WishChange } from './filters.tsx';

type RowProps = { readonly event: AuditEvent; readonly onChange: (change: WishChange) => void };

const Label = ({ words }: { readonly words: string }) => <span className="cell-label">{words}</span>;

/** One event on one line, and all of it below once it is opened. */
export function EventRow({ event, onChange }: RowProps) {
  const details = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [what, when, change] = [whatOf(event), exactSecond(new Date(event.at)), changeOf(event)];
  return (
    <>
      <tr data-selected={isOpen}>
        <td className="cell-narrow">
          <Label words={en.audit.when} />
          <time dateTime={event.at}>{when}</time>
        </td>
        <td>
          <Label words={en.audit.who} />
          <bdi>{whoOf(event)}</bdi>
        </td>
        <th scope="row">
          <Label words={en.audit.what} />
          <button
            type="button"
            className="audit-open"
            aria-expanded={isOpen}
            aria-controls={details}
            aria-label={en.audit.open(what, when)}
            onClick={() => {
              setIsOpen(!isOpen);
            }}
          >
            <span>{what}</span>
            <ChevronIcon />
          </button>
          {change && <span className="soft small">{change}</span>}
        </th>
        <td>
          <Label words={en.audit.target} />
          <bdi>{targetOf(event) ?? en.audit.nothing}</bdi>
        </td>
        <td>
          <Label words={en.audit.result} />
          <span className="audit-result" data-result={event.result}>
            {en.audit.results[event.result]}
          </span>
        </td>
        <td>
          <Label words={en.audit.address} />
          {event.address ?? en.audit.nothing}
        </td>
      </tr>
      <tr id={details} className="row-note" hidden={!isOpen}>
        {isOpen && (
          <td colSpan={6}>
            <EventDetails event={event} onChange={onChange} />
          </td>
        )}
      </tr>
    </>
  );
}
