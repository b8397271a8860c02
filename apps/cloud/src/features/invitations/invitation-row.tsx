import { Button } from '@mantine/core';
import type { Invitation } from '@gatehouse/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { decideInvitation, inviteAgain } from '../../lib/company-changes.ts';
import { invitationsKey, patchLists } from '../../lib/company-queries.ts';
import { useNow } from '../../lib/hooks.ts';
import { exactMoment, timeSince, timeUntil } from '../../lib/moments.ts';
import { en } from '../../messages/en.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { GrantLines } from '../../ui/grant-lines.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { CopyInvitationLink } from './copy-invitation-link.tsx';

const words = en.invitations;

function Moment({ at, isAhead = false }: { readonly at: string; readonly isAhead?: boolean }) {
  const [moment, now] = [new Date(at), useNow()];
  return (
    <time dateTime={at} title={exactMoment(moment)}>
      {isAhead ? timeUntil(moment, now) : timeSince(moment, now)}
    </time>
  );
}

function deliveryWords({ deliveryStatus, lastDeliveryError }: Invitation): string {
  const said = words.delivery[deliveryStatus];
  return typeof said === 'string' ? said : said(lastDeliveryError);
}

function State({ invitation }: { readonly invitation: Invitation }) {
  const { status, acceptedAt, expiresAt } = invitation;
  return (
    <>
      <span className="badge badge-invitation" data-status={status}>
        {words.status[status]}
      </span>
      <span className="soft small state-when">
        {status === 'accepted' && acceptedAt && <Moment at={acceptedAt} />}
        {status === 'expired' && <Moment at={expiresAt} />}
        {status === 'pending' && (
          <>
            {words.ends} <Moment at={expiresAt} isAhead />
          </>
        )}
      </span>
    </>
  );
}

type RowProps = {
  readonly slug: string;
  readonly invitation: Invitation;
  readonly nameOfProject: (slug: string) => string;
  readonly onSaid: (what: string) => void;
};

type Doing = 'resend' | 'revoke' | 'again';

function useDecision({ slug, invitation, onSaid }: RowProps) {
  const queries = useQueryClient();
  return useMutation({
    // One that has expired is over: the address is invited anew, with the same projects.
    mutationFn: async (what: Doing) =>
      what === 'again'
        ? await inviteAgain(slug, invitation)
        : await decideInvitation(slug, invitation.id, what),
    onSuccess: async (now, what) => {
      const { email } = invitation;
      if (what === 'again') await queries.invalidateQueries({ queryKey: invitationsKey(slug) });
      else patchLists<Invitation>(queries, invitationsKey(slug), (one) => (one.id === now.id ? now : one));
      onSaid(
        what === 'revoke' ? words.revoked(email) : words.resent(email, exactMoment(new Date(now.expiresAt))),
      );
    },
  });
}

const sendingWords = { pending: words.resend, expired: words.again };

function Actions({
  invitation,
  decision,
}: {
  invitation: Invitation;
  decision: ReturnType<typeof useDecision>;
}) {
  const [isAsked, setIsAsked] = useState(false);
  const { status, email } = invitation;
  const doing = decision.isPending ? decision.variables : undefined;
  if (status !== 'pending' && status !== 'expired') return null;
  return (
    <div className="row-actions">
      {status === 'pending' && <CopyInvitationLink invitation={invitation} />}
      <Button
        variant="subtle"
        className="button-small"
        aria-label={status === 'expired' ? words.againOf(email) : words.resendOf(email)}
        onClick={() => {
          if (!doing) decision.mutate(status === 'expired' ? 'again' : 'resend');
        }}
      >
        {doing === 'resend' || doing === 'again' ? words.resending : sendingWords[status]}
      </Button>
      {status === 'pending' && (
        <Button
          variant="subtle"
          className="button-small"
          aria-label={words.revokeOf(email)}
          aria-haspopup="dialog"
          onClick={() => {
            if (!doing) setIsAsked(true);
          }}
        >
          {doing === 'revoke' ? words.revoking : words.revoke}
        </Button>
      )}
      {isAsked && (
        <ConfirmDialog
          title={words.revokeTitle}
          does={words.revoke}
          keeps={words.keep}
          onClose={() => {
            setIsAsked(false);
          }}
          onConfirmed={() => {
            setIsAsked(false);
            decision.mutate('revoke');
          }}
        >
          <p>{words.revokeEffect(email)}</p>
        </ConfirmDialog>
      )}
    </div>
  );
}

/** One invitation, what became of it and of its mail. */
export function InvitationRow(props: RowProps) {
  const { invitation, nameOfProject } = props;
  const { email, role, grants, invitedBy, createdAt, status } = invitation;
  const decision = useDecision(props);
  return (
    <>
      <tr>
        <th scope="row">
          <span className="person">
            <strong>
              <bdi>{email}</bdi>
            </strong>
            <span className="soft small">
              {words.sent} <Moment at={createdAt} />
              {invitedBy && (
                <>
                  {' '}
                  {words.by}{' '}
                  <bdi className="inviter" title={invitedBy}>
                    {invitedBy}
                  </bdi>
                </>
              )}
            </span>
            {role === 'admin' && <span className="small">{words.asAdmin}</span>}
          </span>
        </th>
        <td className="cell-state">
          <State invitation={invitation} />
          {status === 'pending' && (
            <span className="small state-mail" data-delivery={invitation.deliveryStatus}>
              {deliveryWords(invitation)}
            </span>
          )}
        </td>
        <td className="small">
          <span className="cell-label">{words.brings}</span>
          <GrantLines grants={grants} nameOf={nameOfProject} />
        </td>
        <td className="cell-actions">
          <Actions invitation={invitation} decision={decision} />
        </td>
      </tr>
      {decision.isError && (
        <tr className="row-note">
          <td colSpan={4}>
            <FailureNote error={decision.error} />
          </td>
        </tr>
      )}
    </>
  );
}
