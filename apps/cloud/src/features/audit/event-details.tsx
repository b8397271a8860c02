import { Button } from '@mantine/core';
import type { AuditEvent } from '@gatehouse/contract';
import type { ReactNode } from 'react';
import { exactSecond } from '../../lib/moments.ts';
import { groupReference } from '../../lib/reference.ts';
import { en } from '../../messages/en.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { factText, targetOf, whoOf } from './event-words.ts';
import type { WishChange } from './filters.tsx';

type DetailsProps = { readonly event: AuditEvent; readonly onChange: (change: WishChange) => void };

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  if (children === null || children === undefined) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Facts({ event }: Pick<DetailsProps, 'event'>) {
  const { actor, subject, reference } = event;
  return (
    <dl className="audit-facts">
      <Fact name={en.audit.when}>
        {exactSecond(new Date(event.at))} <span className="soft mono">{event.at}</span>
      </Fact>
      <Fact name={en.audit.type}>
        <span className="mono">{event.type}</span>
      </Fact>
      <Fact name={en.audit.result}>{en.audit.results[event.result]}</Fact>
      <Fact name={en.audit.reason}>{event.reason && <span className="mono">{event.reason}</span>}</Fact>
      <Fact name={en.audit.who}>{whoOf(event)}</Fact>
      <Fact name={en.audit.userId}>{actor.userId && <span className="mono">{actor.userId}</span>}</Fact>
      <Fact name={en.audit.target}>{targetOf(event)}</Fact>
      <Fact name={en.audit.targetId}>{subject && <span className="mono">{subject.id}</span>}</Fact>
      <Fact name={en.audit.address}>{event.address}</Fact>
      <Fact name={en.audit.browser}>{event.userAgent}</Fact>
      <Fact name={en.audit.reference}>
        {reference && (
          <span className="audit-reference">
            <span className="mono">{groupReference(reference)}</span>
            <CopyButton text={reference} label={en.audit.copyReference} />
          </span>
        )}
      </Fact>
      {Object.entries(event.details).map(([name, value]) => (
        <Fact key={name} name={name}>
          <span className="mono">{factText(value)}</span>
        </Fact>
      ))}
    </dl>
  );
}

/** All that is known of one event. */
export function EventDetails({ event, onChange }: DetailsProps) {
  const { userId } = event.actor;
  const raw = JSON.stringify(event, null, 2);
  return (
    <div className="audit-details">
      <Facts event={event} />
      <div className="buttons">
        {userId !== null && (
          <Button
            variant="default"
            className="button-small"
            onClick={() => {
              onChange({ actor: userId });
            }}
          >
            {en.audit.sameActor}
          </Button>
        )}
        <Button
          variant="default"
          className="button-small"
          onClick={() => {
            onChange({ type: event.type });
          }}
        >
          {en.audit.sameKind}
        </Button>
      </div>
      <details>
        <summary>{en.audit.raw}</summary>
        <div className="stack stack-close">
          <pre className="audit-raw">{raw}</pre>
          <CopyButton text={raw} label={en.audit.copyRaw} />
        </div>
      </details>
    </div>
  );
}
