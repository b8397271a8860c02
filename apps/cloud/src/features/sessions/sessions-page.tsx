import { Button } from '@mantine/core';
import type { OwnSession } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { usePageTitle } from '../../lib/hooks.ts';
import { sessionsQuery } from '../../lib/queries.ts';
import { en } from '../../messages/en.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { SessionCard } from './session-card.tsx';
import './sessions.css';
import { SignOutOthers } from './sign-out-others.tsx';

function OtherDevices({ sessions }: { readonly sessions: readonly OwnSession[] }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [outcome, setOutcome] = useState('');
  const tell = (words: string) => {
    setOutcome(words);
    heading.current?.focus(); // the button that had it goes with its row
  };
  return (
    <section className="stack" aria-labelledby="other-devices">
      <div className="others-top">
        <h2 id="other-devices" tabIndex={-1} ref={heading}>
          {en.sessions.others}
        </h2>
        {sessions.length > 1 && <SignOutOthers count={sessions.length} onEnded={tell} />}
      </div>
      <p role="status" className="note session-outcome">
        {outcome}
      </p>
      {sessions.length === 0 ? (
        <p className="soft">{en.sessions.none}</p>
      ) : (
        <>
          <p className="soft small">{en.sessions.effect}</p>
          <ul className="session-list">
            {sessions.map((session) => (
              <SessionCard key={session.id} session={session} onEnded={tell} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Devices() {
  const { data, error, refetch } = useQuery(sessionsQuery);
  if (!data && error)
    return (
      <div className="stack">
        <FailureNote error={error} />
        <div>
          <Button onClick={() => void refetch()}>{en.retry}</Button>
        </div>
      </div>
    );
  if (!data) return <Waiting label={en.sessions.loading} heights={[112, 112, 112]} />;
  const isHere = ({ isCurrent }: OwnSession) => isCurrent;
  return (
    <>
      <section className="stack" aria-labelledby="this-device">
        <h2 id="this-device">{en.sessions.here}</h2>
        <ul className="session-list">
          {data.items.filter(isHere).map((session) => (
            <SessionCard key={session.id} session={session} />
          ))}
        </ul>
      </section>
      <OtherDevices sessions={data.items.filter((session) => !isHere(session))} />
    </>
  );
}

/** Where its reader is signed in, and how to end that. */
export function SessionsPage({ mode }: { readonly mode: 'local' | 'sso' }) {
  usePageTitle(en.sessions.title);
  return (
    <div className="sessions">
      <div className="stack stack-close">
        <h1>{en.sessions.title}</h1>
        <p className="soft">{mode === 'local' ? en.sessions.local : en.sessions.lead}</p>
      </div>
      {mode === 'sso' && <Devices />}
    </div>
  );
}
