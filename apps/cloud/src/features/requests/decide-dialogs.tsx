import { JoinRequest } from '@gatehouse/contract';
import type { ProjectGrant } from '@gatehouse/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../lib/api.ts';
import {
  allProjectsQuery,
  companyPath,
  patchLists,
  requestsKey,
  waitingQuery,
} from '../../lib/company-queries.ts';
import { en } from '../../messages/en.ts';
import type { Company } from '../../ui/company-frame.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { GrantsChoice } from '../../ui/grants-choice.tsx';

const words = en.requests;

type DecideProps = {
  readonly company: Company;
  readonly request: JoinRequest;
  readonly onSaid: (what: string) => void;
  readonly onClose: () => void;
};

type Decision =
  { readonly what: 'approve'; readonly grants: readonly ProjectGrant[] } | { readonly what: 'decline' };

function useDecision({ company: { slug }, request, onSaid, onClose }: DecideProps) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ what, ...body }: Decision) => {
      const path = companyPath(slug, 'join-requests', request.id, what);
      return ask(path, { method: 'POST', ...(what === 'approve' && { body }) }, JoinRequest);
    },
    onSuccess: async (decided, { what }) => {
      onClose();
      onSaid(words[what === 'approve' ? 'approved' : 'declined'](request.displayName));
      patchLists<JoinRequest>(queries, requestsKey(slug), (one) => (one.id === decided.id ? decided : one));
      await queries.invalidateQueries({ queryKey: waitingQuery(slug).queryKey });
    },
  });
}

/** Lets somebody in, with the projects they begin with. */
export function ApproveDialog(props: DecideProps) {
  const { company, request, onClose } = props;
  const [grants, setGrants] = useState<readonly ProjectGrant[]>([]);
  const deciding = useDecision(props);
  const { data: projects } = useQuery({
    ...allProjectsQuery(company.slug),
    enabled: company.status === 'active',
  });
  return (
    <ConfirmDialog
      title={words.approveTitle(request.displayName)}
      does={words.reallyApprove}
      doing={words.approving}
      progress={deciding}
      onConfirmed={() => {
        deciding.mutate({ what: 'approve', grants });
      }}
      onClose={onClose}
    >
      <p>{words.approveEffect}</p>
      {projects && <GrantsChoice projects={projects} grants={grants} onGrants={setGrants} />}
    </ConfirmDialog>
  );
}

export function DeclineDialog(props: DecideProps) {
  const { request, onClose } = props;
  const deciding = useDecision(props);
  return (
    <ConfirmDialog
      title={words.declineTitle(request.displayName)}
      does={words.reallyDecline}
      doing={words.declining}
      progress={deciding}
      onConfirmed={() => {
        deciding.mutate({ what: 'decline' });
      }}
      onClose={onClose}
    >
      <p>{words.declineEffect}</p>
    </ConfirmDialog>
  );
}
