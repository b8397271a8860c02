import { Button } from '@mantine/core';
import type { MeAnswer } from '@gatehouse/contract';
import { useId } from 'react';
import { usePageHref } from '../../lib/page-context.ts';
import type { Proven } from '../../lib/use-mailbox-proof.ts';
import { en } from '../../messages/en.ts';
import { MailboxProof } from '../../ui/mailbox-proof.tsx';
import { LandingWays } from './landing-ways.tsx';
import { whoIs } from './view.ts';
import type { LandingView } from './view.ts';

type OtherProps = {
  readonly view: LandingView & { readonly me: MeAnswer };
  readonly isMember: boolean;
  /** What its reader has proven here so far. */
  readonly proven: Proven | undefined;
  readonly onProven: (proven: Proven) => void;
};

/** Where a proof that cannot succeed leads on to. */
const switchSection = 'other-account';

function Prove({ view, proven, onProven }: Omit<OtherProps, 'isMember'>) {
  const { invitation } = view;
  const heading = useId();
  return (
    <section className="stack stack-close" aria-labelledby={heading}>
      <h2 id={heading}>{en.landing.proveTitle}</h2>
      <p>{en.landing.proveLead}</p>
      {proven && (
        <p role="status" className="note note-brass">
          {en.landing.proven(proven.email, invitation.email)}
        </p>
      )}
      {/* Begins anew after an address that was not the one. Once the invitation is theirs, all of this is gone. */}
      <MailboxProof key={proven?.email} switchHref={`#${switchSection}`} onProven={onProven} />
    </section>
  );
}

function Switch({ view }: Pick<OtherProps, 'view'>) {
  return (
    <section className="stack stack-close" aria-labelledby={switchSection}>
      <h2 id={switchSection} tabIndex={-1}>
        {en.landing.switchTitle}
      </h2>
      {view.ways.providers.length > 0 && <p>{en.landing.switchLead}</p>}
      <LandingWays view={view} isSwitch />
    </section>
  );
}

/** Signed in, but not as whoever is invited: two ways on, and the invitation stays as it is. */
export function SomebodyElse({ view, isMember, proven, onProven }: OtherProps) {
  const { invitation, me } = view;
  const { company, email } = invitation;
  const href = usePageHref();
  const who = whoIs(me);
  return (
    <>
      <div className="note note-brass stack stack-close">
        <p>
          <strong>{en.landing.otherTitle}.</strong>{' '}
          {me.user.email === null ? en.landing.otherUnproven(who, email) : en.landing.other(who, email)}
        </p>
        <p>{en.landing.otherSafe}</p>
      </div>
      {isMember && (
        <div className="stack stack-close">
          <p>{en.landing.memberToo(company.name)}</p>
          <div>
            <Button component="a" href={href({ to: 'company', slug: company.slug })}>
              {en.landing.goTo(company.name)}
            </Button>
          </div>
        </div>
      )}
      <Prove view={view} proven={proven} onProven={onProven} />
      <Switch view={view} />
    </>
  );
}
