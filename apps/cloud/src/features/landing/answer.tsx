import { Button } from '@mantine/core';
import type { LandingInvitation } from '@gatehouse/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem, change } from '../../lib/api.ts';
import { forgetInvitation } from '../../lib/kept-invitation.ts';
import { usePageHref } from '../../lib/page-context.ts';
import { landingQuery, meQuery } from '../../lib/queries.ts';
import { tabShelf } from '../../lib/shelves.ts';
import { en } from '../../messages/en.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import type { LandingView } from './view.ts';

type AnswerProps = {
  readonly view: LandingView;
  readonly onDeclined: () => void;
};

function useAnswer({ view, onDeclined }: AnswerProps) {
  const queries = useQueryClient();
  const href = usePageHref();
  const { id, company } = view.invitation;
  return useMutation({
    mutationFn: (answer: 'accept' | 'decline') => change(`/api/v1/me/invitations/${id}/${answer}`),
    onSuccess: async (_done, answer) => {
      forgetInvitation(tabShelf());
      if (answer === 'decline') onDeclined();
      await queries.invalidateQueries({ queryKey: meQuery.queryKey });
      if (answer === 'accept') view.onLeave(href({ to: 'company', slug: company.slug }));
    },
    // It may have been decided meanwhile, or the session may have ended: then the page shows what holds now.
    onError: async (error) => {
      if (asProblem(error).code === 'network_failed') return;
      await Promise.all([
        queries.invalidateQueries({ queryKey: landingQuery(id).queryKey }),
        queries.invalidateQueries({ queryKey: meQuery.queryKey }),
      ]);
    },
  });
}

type SureProps = {
  readonly invitation: LandingInvitation;
  readonly onDecline: () => void;
  readonly onKeep: () => void;
};

function Sure({ invitation, onDecline, onKeep }: SureProps) {
  const words = en.landing.sure(invitation.company.name);
  return (
    <div role="group" className="stack" aria-label={en.invitation.declineOf(invitation.company.name)}>
      <p>{words}</p>
      <div className="buttons">
        <Button autoFocus variant="default" onClick={onKeep}>
          {en.landing.keep}
        </Button>
        <Button variant="subtle" onClick={onDecline}>
          {en.landing.reallyDecline}
        </Button>
      </div>
    </div>
  );
}

/** For whoever the invitation is for. */
export function Answer(props: AnswerProps) {
  const { invitation } = props.view;
  const answer = useAnswer(props);
  const [isAsking, setIsAsking] = useState(false);
  const isBusy = answer.isPending || answer.isSuccess;
  const send = (wish: 'accept' | 'decline') => {
    if (!isBusy) answer.mutate(wish);
  };
  return (
    <>
      {answer.isError && <FailureNote error={answer.error} />}
      {isAsking ? (
        <Sure
          invitation={invitation}
          onDecline={() => {
            send('decline');
          }}
          onKeep={() => {
            setIsAsking(false);
          }}
        />
      ) : (
        <div className="buttons">
          <Button
            onClick={() => {
              send('accept');
            }}
          >
            {isBusy ? en.landing.accepting : en.landing.accept}
          </Button>
          <Button
            variant="default"
            onClick={() => {
              if (!isBusy) setIsAsking(true);
            }}
          >
            {en.landing.decline}
          </Button>
        </div>
      )}
    </>
  );
}
