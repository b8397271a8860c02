import { Button } from '@mantine/core';
import type { MyInvitation } from '@gatehouse/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { change } from '../../lib/api.ts';
import { useNow } from '../../lib/hooks.ts';
import { exactMoment, timeUntil } from '../../lib/moments.ts';
import { meQuery } from '../../lib/queries.ts';
import { en } from '../../messages/en.ts';
import { FailureNote } from '../../ui/failure-note.tsx';

type InvitationProps = {
  readonly invitation: MyInvitation;
  /** Told in words once the answer is in force. */
  readonly onAnswered: (outcome: string) => void;
};

type Answer = 'accept' | 'decline';

function useAnswer({ invitation, onAnswered }: InvitationProps) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (answer: Answer) => change(`/api/v1/me/invitations/${invitation.id}/${answer}`),
    onSuccess: async (_done, answer) => {
      const words = answer === 'accept' ? en.invitation.accepted : en.invitation.declined;
      onAnswered(words(invitation.company.name));
      document.querySelector<HTMLElement>('main')?.focus();
      await queries.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  });
}

function Offer({ invitation }: { readonly invitation: MyInvitation }) {
  const now = useNow();
  const brings = useId();
  const endsAt = new Date(invitation.expiresAt);
  const { invitedBy, role, grants } = invitation;
  return (
    <div className="stack stack-close">
      <h3>{invitation.company.name}</h3>
      <p>{invitedBy ? en.invitation.by(invitedBy, role) : en.invitation.unsigned(role)}</p>
      {grants.length > 0 && (
        <div>
          <p id={brings}>{en.invitation.brings(grants.length)}</p>
          <ul aria-labelledby={brings}>
            {grants.map(({ project, role: granted }) => (
              <li key={project}>
                <span className="mono">{project}</span> – {en.home.projectRole[granted]}
              </li>
            ))}
          </ul>
        </div>
      )}
      <p className="soft small">
        {en.invitation.sentTo(invitation.email)}
        <br />
        {en.invitation.ends(timeUntil(endsAt, now))}{' '}
        <time className="no-break" dateTime={invitation.expiresAt}>
          ({exactMoment(endsAt)})
        </time>
      </p>
    </div>
  );
}

export function InvitationCard(props: InvitationProps) {
  const { company } = props.invitation;
  const answer = useAnswer(props);
  const [isAsking, setIsAsking] = useState(false);
  const send = (wish: Answer) => {
    if (!answer.isPending) answer.mutate(wish);
  };
  return (
    <li className="invitation">
      <Offer invitation={props.invitation} />
      {answer.isError && <FailureNote error={answer.error} />}
      {isAsking ? (
        <div role="group" className="stack" aria-label={en.invitation.declineOf(company.name)}>
          <p>{en.invitation.sure(company.name)}</p>
          <div className="buttons">
            <Button
              autoFocus
              variant="default"
              onClick={() => {
                setIsAsking(false);
              }}
            >
              {en.invitation.keep}
            </Button>
            <Button
              variant="subtle"
              onClick={() => {
                send('decline');
              }}
            >
              {en.invitation.reallyDecline}
            </Button>
          </div>
        </div>
      ) : (
        <div className="buttons">
          <Button
            aria-label={en.invitation.acceptOf(company.name)}
            onClick={() => {
              send('accept');
            }}
          >
            {en.invitation.accept}
          </Button>
          <Button
            variant="default"
            aria-label={en.invitation.declineOf(company.name)}
            onClick={() => {
              setIsAsking(true);
            }}
          >
            {en.invitation.decline}
          </Button>
        </div>
      )}
    </li>
  );
}
