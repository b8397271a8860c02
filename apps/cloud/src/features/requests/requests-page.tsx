import { Button } from '@mantine/core';
import { JoinRequestStatus } from '@gatehouse/contract';
import type { JoinRequest } from '@gatehouse/contract';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { requestsQuery } from '../../lib/company-queries.ts';
import { useNow } from '../../lib/hooks.ts';
import { exactMoment, timeSince } from '../../lib/moments.ts';
import { useList } from '../../lib/use-list.ts';
import { en } from '../../messages/en.ts';
import { Choice } from '../../ui/choice.tsx';
import { CompanyTitle } from '../../ui/company-frame.tsx';
import type { Company } from '../../ui/company-frame.tsx';
import { ListView, Nothing } from '../../ui/list-view.tsx';
import { Person } from '../../ui/person.tsx';
import { ApproveDialog, DeclineDialog } from './decide-dialogs.tsx';
import './requests.css';

const words = en.requests;

type RequestsSearch = { status?: string };

type RequestsProps = {
  readonly company: Company;
  readonly search: RequestsSearch;
  readonly onSearch: (search: RequestsSearch) => void;
};

function When({ request }: { readonly request: JoinRequest }) {
  const now = useNow();
  const { status, createdAt, decidedAt, decidedBy } = request;
  const at = new Date(decidedAt ?? createdAt);
  const when = timeSince(at, now);
  return (
    <time className="soft small" dateTime={at.toISOString()} title={exactMoment(at)}>
      {status === 'pending'
        ? words.asked(when)
        : words.decided(words.status[status], { when, by: decidedBy })}
    </time>
  );
}

type CardProps = {
  readonly company: Company;
  readonly request: JoinRequest;
  readonly onSaid: (what: string) => void;
};

function RequestCard({ company, request, onSaid }: CardProps) {
  const [asked, setAsked] = useState<'nothing' | 'approve' | 'decline'>('nothing');
  const close = () => {
    setAsked('nothing');
  };
  const { displayName, email, status } = request;
  return (
    <li className="request">
      <div className="stack stack-close">
        <Person name={displayName} email={email} />
        <When request={request} />
      </div>
      {status === 'pending' && (
        <div className="buttons">
          <Button
            aria-label={words.approveOf(displayName)}
            aria-haspopup="dialog"
            onClick={() => {
              setAsked('approve');
            }}
          >
            {words.approve}
          </Button>
          <Button
            variant="default"
            aria-label={words.declineOf(displayName)}
            aria-haspopup="dialog"
            onClick={() => {
              setAsked('decline');
            }}
          >
            {words.decline}
          </Button>
        </div>
      )}
      {asked === 'approve' && (
        <ApproveDialog company={company} request={request} onSaid={onSaid} onClose={close} />
      )}
      {asked === 'decline' && (
        <DeclineDialog company={company} request={request} onSaid={onSaid} onClose={close} />
      )}
    </li>
  );
}

/** Who asks to join. Whoever waits is shown first; the others can be looked up. */
export function RequestsPage({ company, search, onSearch }: RequestsProps) {
  const known = JoinRequestStatus.safeParse(search.status);
  const isAll = search.status === 'all';
  const status = known.success ? known.data : 'pending';
  const list = useList(requestsQuery(company.slug, isAll ? {} : { status }));
  const [said, setSaid] = useState('');
  const options = JoinRequestStatus.options.map((one) => [one, words.status[one]] as const);
  return (
    <>
      <CompanyTitle title={words.title} company={company} lead={words.lead} />
      <div className="filters">
        <Choice
          label={words.statusFilter}
          options={[...options, ['all', words.any]]}
          value={isAll ? 'all' : status}
          onChoice={(chosen) => {
            onSearch(chosen === 'pending' ? {} : { status: chosen });
          }}
        />
      </div>
      <p role="status" className="note said">
        {said}
      </p>
      <ListView
        list={list}
        loading={words.loading}
        counted={words.counted}
        more={words.more}
        nothing={
          status === 'pending' && !isAll ? (
            <Nothing title={words.noneTitle} lead={words.noneLead}>
              <Button
                variant="default"
                renderRoot={(props) => (
                  <Link {...props} to="/companies/$slug/invitations" params={{ slug: company.slug }} />
                )}
              >
                {words.invite}
              </Button>
            </Nothing>
          ) : (
            <Nothing title={words.noneOfThem} />
          )
        }
      >
        <ul className="requests" aria-label={words.title}>
          {list.items.map((request) => (
            <RequestCard key={request.id} company={company} request={request} onSaid={setSaid} />
          ))}
        </ul>
      </ListView>
    </>
  );
}
