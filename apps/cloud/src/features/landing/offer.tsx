import type { LandingInvitation } from '@gatehouse/contract';
import { useNow } from '../../lib/hooks.ts';
import { exactMoment, timeUntil } from '../../lib/moments.ts';
import { en } from '../../messages/en.ts';

/** Who invites whom, into what, and until when. */
export function Offer({ invitation }: { readonly invitation: LandingInvitation }) {
  const now = useNow();
  const { company, invitedBy, email, role, grants } = invitation;
  const endsAt = new Date(invitation.expiresAt);
  return (
    <>
      <p>{invitedBy ? en.landing.by(invitedBy, company.name) : en.landing.unsigned(company.name)}</p>
      <dl className="offer">
        <dt>{en.landing.to}</dt>
        <dd>{email}</dd>
        <dt>{en.landing.as}</dt>
        <dd>{en.landing.role[role]}</dd>
        {grants.length > 0 && (
          <>
            <dt>{en.landing.projects}</dt>
            <dd>
              <ul>
                {grants.map((grant) => (
                  <li key={grant.project}>
                    {grant.project} – {en.home.projectRole[grant.role]}
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
        <dt>{en.landing.ends}</dt>
        <dd>
          <time dateTime={invitation.expiresAt}>
            {en.landing.endsIn(exactMoment(endsAt), timeUntil(endsAt, now))}
          </time>
        </dd>
      </dl>
    </>
  );
}
