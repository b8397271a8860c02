import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { forgetInvitation, keptInvitation } from '../../lib/kept-invitation.ts';
import { usePageHref } from '../../lib/page-context.ts';
import { tabShelf } from '../../lib/shelves.ts';
import { en } from '../../messages/en.ts';
import { AskToJoin } from '../../ui/ask-to-join.tsx';
import { LandingWays } from './landing-ways.tsx';
import type { LandingState } from './landing-state.ts';
import { whoIs } from './view.ts';
import type { LandingView } from './view.ts';

type OverProps = {
  readonly view: LandingView;
  readonly state: LandingState;
  /** There is something to read before going on. */
  readonly isStaying: boolean;
};

export function overTitle({ invitation: { status, company } }: LandingView, state: LandingState): string {
  if (state === 'joined' || state === 'over_member') return en.landing.joinedTitle(company.name);
  if (status === 'accepted') return en.landing.usedTitle;
  return status === 'revoked' ? en.landing.revokedTitle : en.landing.expiredTitle;
}

function lead({ invitation, me }: LandingView, state: LandingState): string {
  const { company, email, status } = invitation;
  const who = me ? whoIs(me) : '';
  if (state === 'joined') return en.landing.joinedLead;
  if (state === 'over_member') return en.landing.memberLead;
  if (state === 'used_signed_out') return en.landing.usedSignedOut;
  if (state === 'used_by_you') return en.landing.usedByYou(company.name);
  if (state === 'used_by_other') return en.landing.usedByOther(email, who);
  return status === 'revoked' ? en.landing.revokedLead(company.name) : en.landing.expiredLead;
}

/** Who has just come back from signing in here is taken to the company; whoever opens an old link is told. */
function Joined({ view, isFresh }: { readonly view: LandingView; readonly isFresh: boolean }) {
  const { company, id } = view.invitation;
  const href = usePageHref()({ to: 'company', slug: company.slug });
  const [isBack] = useState(() => isFresh && keptInvitation(tabShelf(), Date.now()) === id);
  const { onLeave } = view;
  useEffect(() => {
    if (!isBack) return;
    forgetInvitation(tabShelf());
    onLeave(href);
  }, [isBack, href, onLeave]);
  return (
    <div>
      <Button component="a" href={href}>
        {en.landing.goTo(company.name)}
      </Button>
    </div>
  );
}

function Next({ view, state, isStaying }: OverProps): ReactNode {
  const { company } = view.invitation;
  if (state === 'joined' || state === 'over_member')
    return <Joined view={view} isFresh={state === 'joined' && !isStaying} />;
  if (view.me === null) {
    return (
      <>
        {state === 'over_signed_out' && <p>{en.landing.askSignedOut(company.name)}</p>}
        <LandingWays view={view} isSwitch={view.isSwitch} />
      </>
    );
  }
  return (
    <>
      <AskToJoin company={company} />
      {state === 'used_by_other' && (
        <section className="stack stack-close" aria-labelledby="other-account">
          <h2 id="other-account">{en.landing.switchTitle}</h2>
          <LandingWays view={view} isSwitch />
        </section>
      )}
    </>
  );
}

/** An invitation that is decided or ran out: what happened, and what can be done all the same. */
export function Over({ view, state, isStaying }: OverProps) {
  return (
    <>
      <p>{lead(view, state)}</p>
      <Next view={view} state={state} isStaying={isStaying} />
    </>
  );
}
