import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { usePageTitle } from '../../lib/hooks.ts';
import { keepInvitation } from '../../lib/kept-invitation.ts';
import { usePageHref } from '../../lib/page-context.ts';
import { tabShelf } from '../../lib/shelves.ts';
import type { Proven } from '../../lib/use-mailbox-proof.ts';
import { en } from '../../messages/en.ts';
import { Answer } from './answer.tsx';
import './landing.css';
import { LandingWays } from './landing-ways.tsx';
import { landingState } from './landing-state.ts';
import type { LandingState } from './landing-state.ts';
import { Offer } from './offer.tsx';
import { Over, overTitle } from './over.tsx';
import { SomebodyElse } from './somebody-else.tsx';
import { whoIs } from './view.ts';
import type { LandingView } from './view.ts';

const isOpen = (state: LandingState) => state.startsWith('open_');

function stateOf({ invitation, me }: LandingView): LandingState {
  return landingState({
    status: invitation.status,
    viewer: me && {
      isYours: invitation.isYours,
      isMember: me.companies.some(({ slug }) => slug === invitation.company.slug),
    },
  });
}

/** A sign-in that is begun here and fails, or leads elsewhere, shall find back. */
function useKeptInvitation({ invitation: { id } }: LandingView, isWorthKeeping: boolean) {
  useEffect(() => {
    if (isWorthKeeping) keepInvitation(tabShelf(), id, Date.now());
  }, [id, isWorthKeeping]);
}

/** Whatever its reader did changed the page: that is where the keyboard goes on, and what a screen reader reads. */
function useFocusOnChange(state: LandingState) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [first] = useState(state);
  const hasChanged = useRef(false);
  useEffect(() => {
    hasChanged.current ||= state !== first;
    if (hasChanged.current) heading.current?.focus();
  }, [state, first]);
  return heading;
}

function Open({ view, state, onDeclined, ...proving }: OpenProps) {
  const { me } = view;
  if (me === null) {
    return (
      <section className="stack" aria-labelledby="sign-in">
        <div className="stack stack-close">
          <h2 id="sign-in">{en.landing.signIn}</h2>
          {view.ways.providers.length > 0 && <p>{en.landing.signInLead}</p>}
        </div>
        <LandingWays view={view} isSwitch={view.isSwitch} />
      </section>
    );
  }
  if (state !== 'open_yours') {
    return <SomebodyElse view={{ ...view, me }} isMember={state === 'open_member'} {...proving} />;
  }
  return (
    <>
      <p className="soft">{en.landing.you(whoIs(me))}</p>
      <Answer view={view} onDeclined={onDeclined} />
    </>
  );
}

type OpenProps = {
  readonly view: LandingView;
  readonly state: LandingState;
  readonly onDeclined: () => void;
  readonly proven: Proven | undefined;
  readonly onProven: (proven: Proven) => void;
};

function Declined({ company }: { readonly company: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const href = usePageHref();
  usePageTitle(en.landing.declinedTitle);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <div className="threshold-card wide">
      <h1 ref={heading} tabIndex={-1}>
        {en.landing.declinedTitle}
      </h1>
      <p>{en.landing.declinedLead(company)}</p>
      <div>
        <Button component="a" href={href({ to: 'start' })}>
          {en.landing.start}
        </Button>
      </div>
    </div>
  );
}

/** Where the link of an invitation leads, signed in or not. Opening it uses nothing up. */
export function LandingPage({ view }: { readonly view: LandingView }) {
  const { company } = view.invitation;
  const state = stateOf(view);
  const heading = useFocusOnChange(state);
  const [isDeclined, setIsDeclined] = useState(false);
  const [proven, setProven] = useState<Proven>();
  const isMerged = proven?.isOtherAccount === true;
  const title = isOpen(state) ? en.landing.title(company.name) : overTitle(view, state);
  usePageTitle(title);
  useKeptInvitation(view, isOpen(state) && !isDeclined);
  if (isDeclined) return <Declined company={company.name} />;
  return (
    <div className="threshold-card wide landing">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {isMerged && (
        <p role="status" className="note">
          {en.proof.merged(proven.me.user.displayName)}
        </p>
      )}
      {isOpen(state) ? (
        <>
          <Offer invitation={view.invitation} />
          <Open
            view={view}
            state={state}
            proven={proven}
            onProven={setProven}
            onDeclined={() => {
              setIsDeclined(true);
            }}
          />
        </>
      ) : (
        <Over view={view} state={state} isStaying={isMerged} />
      )}
    </div>
  );
}
