import type { MyInvitation } from '@gatehouse/contract';
import { useState } from 'react';
import { en } from '../../messages/en.ts';
import { InvitationCard } from './invitation-card.tsx';

/** Invitations that wait for an answer, and what became of the last one. */
export function Invitations({ invitations }: { readonly invitations: readonly MyInvitation[] }) {
  const [outcome, setOutcome] = useState('');
  return (
    <section
      className="stack"
      aria-label={en.invitation.heading}
      data-empty={invitations.length === 0 && !outcome}
    >
      <p role="status" className="note invitation-outcome">
        {outcome}
      </p>
      {invitations.length > 0 && (
        <>
          <h2>{en.invitation.heading}</h2>
          <ul className="stack">
            {invitations.map((invitation) => (
              <InvitationCard key={invitation.id} invitation={invitation} onAnswered={setOutcome} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
