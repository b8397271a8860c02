import { InvitationOutcome } from '@gatehouse/contract';
import { useId } from 'react';
import { en } from '../../messages/en.ts';
import { CopyInvitationLink } from './copy-invitation-link.tsx';
import type { InviteResult } from './use-inviting.ts';

/** More than these aren't opened by themselves. */
const openUpTo = 12;

function Group({
  outcome,
  results,
}: {
  readonly outcome: InviteResult['outcome'];
  readonly results: readonly InviteResult[];
}) {
  if (results.length === 0) return null;
  return (
    <details className="result-group" data-outcome={outcome} open={results.length <= openUpTo}>
      <summary>{en.invite.outcome[outcome](results.length)}</summary>
      <ul className="result-list">
        {results.map(({ email, invitation }) => (
          <li key={email}>
            <bdi>{email}</bdi>
            {invitation?.deliveryStatus === 'not_configured' && (
              <CopyInvitationLink invitation={invitation} />
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** What became of each address. */
export function InviteResults({ results }: { readonly results: readonly InviteResult[] }) {
  const heading = useId();
  const isTold = results.some(({ invitation }) => invitation?.deliveryStatus === 'not_configured');
  return (
    <section className="stack" aria-labelledby={heading}>
      <h3 id={heading}>{en.invite.result}</h3>
      <p role="status" className="note">
        {InvitationOutcome.options
          .map((outcome) => [outcome, results.filter((one) => one.outcome === outcome).length] as const)
          .filter(([, count]) => count > 0)
          .map(([outcome, count]) => en.invite.outcome[outcome](count))
          .join(' · ')}
      </p>
      {isTold && <p>{en.invite.tellThem}</p>}
      {InvitationOutcome.options.map((outcome) => (
        <Group key={outcome} outcome={outcome} results={results.filter((one) => one.outcome === outcome)} />
      ))}
    </section>
  );
}
