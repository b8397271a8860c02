import { useMutation } from '@tanstack/react-query';
import { removeApp, renewRecoveryCodes } from '../../lib/own-credentials.ts';
import { en } from '../../messages/en.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { told } from './card.tsx';
import { useProve } from './step-up.tsx';

type RenewProps = {
  readonly onRenewed: (recoveryCodes: readonly string[]) => void;
  readonly onClose: () => void;
};

export function RenewCodesDialog({ onRenewed, onClose }: RenewProps) {
  const prove = useProve();
  const renewing = useMutation({
    mutationFn: () => prove(renewRecoveryCodes),
    onSuccess: ({ recoveryCodes }) => {
      onRenewed(recoveryCodes);
    },
  });
  return (
    <ConfirmDialog
      title={en.security.renewTitle}
      does={en.security.reallyRenew}
      doing={en.security.renewing}
      progress={told(renewing)}
      onConfirmed={renewing.mutate}
      onClose={onClose}
    >
      <p>{en.security.renewLead}</p>
    </ConfirmDialog>
  );
}

type RemoveProps = { readonly onRemoved: () => void; readonly onClose: () => void };

export function RemoveAppDialog({ onRemoved, onClose }: RemoveProps) {
  const prove = useProve();
  const removing = useMutation({ mutationFn: () => prove(removeApp), onSuccess: onRemoved });
  return (
    <ConfirmDialog
      title={en.security.removeTitle}
      does={en.security.reallyRemove}
      doing={en.security.removing}
      keeps={en.security.keep}
      progress={told(removing)}
      onConfirmed={removing.mutate}
      onClose={onClose}
    >
      <p>{en.security.removeLead}</p>
    </ConfirmDialog>
  );
}
