import type { Invitation } from '@gatehouse/contract';
import { usePageHref } from '../../lib/page-context.ts';
import { en } from '../../messages/en.ts';
import { CopyButton } from '../../ui/copy-button.tsx';

type LinkProps = { readonly invitation: Pick<Invitation, 'id' | 'email'> };

/** The link carries no secret: only whoever proves the invited address can accept. */
export function CopyInvitationLink({ invitation }: LinkProps) {
  const href = usePageHref();
  return (
    <CopyButton
      className="button-small"
      text={new URL(href({ to: 'invitation', id: invitation.id }), window.location.origin).href}
      label={en.invitations.copyLinkOf(invitation.email)}
      words={en.invitations.copyLink}
    />
  );
}
